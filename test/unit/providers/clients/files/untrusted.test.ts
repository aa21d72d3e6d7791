import { afterEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesOn } from "../../../../../providers/clients/files/index";
import { fakeHost, type FakeHost } from "../../../../support/fake-host";
import { SHELLS } from "../../../../support/shells";

const asRoot = process.getuid?.() === 0 ? test : test.skip;

const bins: string[] = [];
afterEach(() => {
  bins.splice(0).forEach((bin) => rmSync(bin, { recursive: true }));
});

/** A host whose /svc belongs to a service; `shims`: what happens before a tool runs. */
const site = (shell: readonly string[], shims: Readonly<Record<string, string>> = {}): FakeHost => {
  const bin = mkdtempSync(join(tmpdir(), "bin-"));
  bins.push(bin);
  const h = fakeHost({ shell, bin });
  mkdirSync(h.path("svc"));
  writeFileSync(h.path("svc", "conf"), "old", { mode: 0o640 });
  chownSync(h.path("svc", "conf"), 65534, 65534);
  chownSync(h.path("svc"), 65534, 65534);
  const real = (tool: string): string => execFileSync("which", [tool], { encoding: "utf8" }).trim();
  for (const [tool, script] of Object.entries(shims)) {
    const text = `#!/bin/sh\n${script.replaceAll("ROOT", h.root)}\nexec ${real(tool)} "$@"\n`;
    writeFileSync(join(bin, tool), text, { mode: 0o755 });
  }
  return h;
};

const to = (bytes: string) => () => ({ to: { bytes } });

describe.each(SHELLS)("in a directory of a service, by %s", (...shell) => {
  asRoot("no temporary file ever lies where the service could put a link in its place", async () => {
    const log = "ls -A ROOT/svc >>ROOT/seen; ls -A ROOT | grep -o pco >>ROOT/above || :";
    const h = site(shell, { cp: log, mv: log, sync: log, sha256sum: log });
    const files = filesOn(h);
    const look = await files.change(await files.look(h.path("svc", "conf")), to("new"));
    expect(look).toMatchObject({ bytes: "new", holder: { uid: "65534", gid: "65534", mode: "0640" } });
    await files.change(await files.look(h.path("svc", "fresh")), to("new"));
    expect(new Set(h.text(h.path("seen")).trim().split("\n"))).toEqual(new Set(["conf", "fresh"]));
    expect(h.text(h.path("above"))).toContain("pco");
    expect(readdirSync(h.root).filter((name) => name.startsWith("."))).toEqual([]);
  });

  asRoot("the rights of a program that a link leads to do not come over", async () => {
    const swap =
      "mv ROOT/svc/conf ROOT/svc/aside; ln -s ROOT/program ROOT/svc/conf; " +
      '/bin/cp "$@"; code=$?; rm ROOT/svc/conf; /bin/mv ROOT/svc/aside ROOT/svc/conf; exit $code';
    const h = site(shell, { cp: swap });
    writeFileSync(h.path("program"), "root's");
    chmodSync(h.path("program"), 0o4755);
    const files = filesOn(h);
    const look = await files.look(h.path("svc", "conf"));
    const after = await files.change(look, to("new"));
    expect(after).toMatchObject({ bytes: "new", holder: { uid: "65534", mode: "0640" } });
    expect(h.text(h.path("program"))).toBe("root's");
  });

  asRoot(
    "setuid, setgid, sticky and capabilities of the file itself do not come over, its mode does",
    async () => {
      const h = site(shell);
      chmodSync(h.path("svc", "conf"), 0o7751);
      execFileSync("/usr/sbin/setcap", ["cap_setuid+ep", h.path("svc", "conf")]);
      const files = filesOn(h);
      const look = await files.change(await files.look(h.path("svc", "conf")), to("new"));
      expect(look.holder?.mode).toBe("0751");
      expect(execFileSync("/usr/sbin/getcap", [h.path("svc", "conf")], { encoding: "utf8" })).toBe("");
    },
  );

  asRoot("a pipe, a directory or a device in its place is no file, and holds nobody up", async () => {
    const h = site(shell);
    for (const make of [["mkfifo"], ["mkdir"], ["mknod", "c", "1", "5"]]) {
      rmSync(h.path("svc", "conf"), { recursive: true });
      writeFileSync(h.path("svc", "conf"), "old");
      const files = filesOn(h);
      const look = await files.look(h.path("svc", "conf"));
      rmSync(h.path("svc", "conf"));
      const [tool = "", ...rest] = make;
      execFileSync(tool, [h.path("svc", "conf"), ...rest]);
      const seen = await filesOn(h).look(h.path("svc", "conf"));
      expect(seen.kind).toBe(tool === "mkdir" ? "directory" : "other");
      const edit = ({ kind }: { kind: string }) => {
        if (kind !== "file") throw new Error("not a file");
        return { to: { bytes: "new" } };
      };
      // He who looked before finds it out under the lock.
      await expect(files.change({ ...look }, edit)).rejects.toThrow("not a file");
      expect(existsSync(h.ledger)).toBe(false);
    }
  });

  asRoot(
    "a pipe that is there only for the moment in which the file is opened is not waited for",
    async () => {
      const swap = "[ -p ROOT/svc/conf ] || { rm ROOT/svc/conf; mkfifo ROOT/svc/conf; }";
      const h = site(shell, { dd: swap });
      await expect(filesOn(h).look(h.path("svc", "conf"))).resolves.toMatchObject({ kind: "other" });
    },
  );

  asRoot("a file with another name is not read where others may have made that name", async () => {
    const h = site(shell);
    writeFileSync(h.path("shadow"), "root's", { mode: 0o600 });
    rmSync(h.path("svc", "conf"));
    linkSync(h.path("shadow"), h.path("svc", "conf"));
    await expect(filesOn(h).look(h.path("svc", "conf"))).rejects.toThrow(/several names/);
    linkSync(h.path("shadow"), h.path("mine"));
    expect((await filesOn(h).look(h.path("mine"))).bytes).toBe("root's");
  });

  asRoot("a file that is replaced between its opening and the look at it is looked at again", async () => {
    const save =
      "{ cp -p ROOT/svc/conf ROOT/svc/next; printf new >ROOT/svc/next; mv ROOT/svc/next ROOT/svc/conf; }";
    const once = `case $* in *-L*/fd/0*) [ -e ROOT/saved ] || { : >ROOT/saved; ${save}; } ;; esac`;
    const h = site(shell, { stat: once });
    await expect(filesOn(h).look(h.path("svc", "conf"))).resolves.toMatchObject({
      kind: "file",
      bytes: "new",
    });
    rmSync(h.path("saved"));
    const files = filesOn(h);
    const change = await files.look(h.path("svc", "conf")).then((look) => {
      rmSync(h.path("saved"), { force: true });
      return files.change(look, to("ours"));
    });
    expect(change).toMatchObject({ bytes: "ours", holder: { uid: "65534", mode: "0640" } });
  });

  asRoot("a directory that is exchanged for a link while it is entered leads nowhere", async () => {
    const swap = "[ -L ROOT/svc/in ] || { mv ROOT/svc/in ROOT/svc/out; ln -s ROOT/theirs ROOT/svc/in; }";
    const h = site(shell, { sha256sum: swap });
    mkdirSync(h.path("svc", "in"));
    mkdirSync(h.path("theirs"));
    writeFileSync(h.path("svc", "in", "conf"), "old");
    writeFileSync(h.path("theirs", "conf"), "old");
    chownSync(h.path("svc", "in"), 65534, 65534);
    const files = filesOn(h);
    await expect(
      files.look(h.path("svc", "in", "conf")).then((look) => files.change(look, to("new"))),
    ).rejects.toThrow();
    expect(h.text(h.path("theirs", "conf"))).toBe("old");
  });

  asRoot(
    "on a file system of its own the temporary file is proven, and the mode of a link's target is safe",
    async () => {
      // Three times; then it is let through.
      const plant =
        '[ "$(wc -c <ROOT/planted)" -ge 3 ] || for f in ROOT/svc/.conf.pco.*; do [ -e "$f" ] && [ ! -L "$f" ] && ' +
        '{ rm "$f"; ln -s ROOT/theirs "$f"; printf x >>ROOT/planted; }; done';
      const h = site(shell, { dd: plant });
      writeFileSync(h.path("theirs"), "");
      writeFileSync(h.path("planted"), "");
      chmodSync(h.path("theirs"), 0o600);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k,uid=65534,mode=755", "none", h.path("svc")]);
      try {
        const files = filesOn(h);
        const look = await files.look(h.path("svc", "conf"));
        const change = { to: { bytes: "key" }, owner: "65534", group: "65534", mode: "0644" };
        expect(await files.change(look, () => change)).toMatchObject({
          bytes: "key",
          holder: { uid: "65534", mode: "0644" },
        });
        expect(h.text(h.path("planted"))).toBe("xxx");
        expect([h.text(h.path("theirs")), statSync(h.path("theirs")).mode & 0o777]).toEqual(["", 0o600]);
      } finally {
        execFileSync("umount", [h.path("svc")]);
      }
    },
  );
});
