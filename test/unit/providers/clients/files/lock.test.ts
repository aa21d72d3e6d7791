import { afterEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesOn } from "../../../../../providers/clients/files/index";
import { fakeHost } from "../../../../support/fake-host";
import { SHELLS } from "../../../../support/shells";

const bins: string[] = [];
afterEach(() => {
  bins.splice(0).forEach((bin) => rmSync(bin, { recursive: true }));
});

describe.each(SHELLS)("the lock, by %s", (...shell) => {
  test.each(["done", "refused"])(
    "is not free before a run that is %s has removed what is its own",
    async (end) => {
      const bin = mkdtempSync(join(tmpdir(), "bin-"));
      bins.push(bin);
      const h = fakeHost({ shell, bin });
      const rm = execFileSync("which", ["rm"], { encoding: "utf8" }).trim();
      const text = `#!/bin/sh
for lock in "$@"; do
  case $lock in *.lock) flock -n "$lock" true && echo free >>${h.root}/seen || echo held >>${h.root}/seen ;; esac
done
exec ${rm} "$@"
`;
      writeFileSync(join(bin, "rm"), text, { mode: 0o755 });
      const files = filesOn(h);
      const look = await files.look(h.path("a"));
      const owner = end === "refused" ? { owner: "nobody-of-this-name" } : {};
      const change = files.change(look, () => ({ to: { bytes: "x" }, first: "record", ...owner }));
      await (end === "refused" ? expect(change).rejects.toThrow("no such user or group") : change);
      expect(h.text(h.path("seen"))).toBe("held\n");
    },
  );
});
