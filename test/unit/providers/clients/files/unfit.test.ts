/** Hosts that the files client is not for, or that cannot be written on: refused by name, before anything is touched. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesOn } from "../../../../../providers/clients/files/index";
import { fakeHost, type FakeHost } from "../../../../support/fake-host";

const asRoot = process.getuid?.() === 0 ? test : test.skip;
const BUSYBOX = ["/usr/bin/busybox"].filter((path) => existsSync(path));
/** Where Debian's rust-coreutils puts them. */
const UUTILS = ["/usr/lib/cargo/bin/coreutils"].filter((path) => existsSync(path));

const bins: string[] = [];
afterEach(() => {
  bins.splice(0).forEach((bin) => rmSync(bin, { recursive: true }));
});

const host = (bin?: string, shell = ["/bin/sh"]): FakeHost =>
  fakeHost({ shell, ...(bin === undefined ? {} : { bin }) });

/** A directory of tools. */
const tools = (put: (bin: string) => void): string => {
  const bin = mkdtempSync(join(tmpdir(), "bin-"));
  bins.push(bin);
  put(bin);
  return bin;
};

describe("tools that are not GNU's", () => {
  const look = async (h: FakeHost): Promise<string> => {
    writeFileSync(h.path("x"), "old");
    const said = await filesOn(h)
      .look(h.path("x"))
      .then(
        () => "no error",
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    expect([h.text(h.path("x")), h.records()]).toEqual(["old", []]);
    return said;
  };

  test.each([
    ["BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.", "BusyBox"],
    ["dd (uutils coreutils) 0.2.2", "uutils"],
    ["dd 0.0.17", "dd 0.0.17"],
    ["sh: 1: dd: not found", "dd: not found"],
  ])("are refused by what they say: %s", async (says, whose) => {
    const bin = tools((at) => writeFileSync(join(at, "dd"), `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 }));
    const said = await look(host(bin));
    expect(said).toMatch(/ctl1.*no GNU coreutils; nothing was touched/);
    expect(said).toContain(whose);
    expect(said).toMatch(/coreutils-from-gnu/);
  });

  // Those of this machine.
  for (const path of BUSYBOX)
    test("are refused: all of a real busybox, its shell too", async () => {
      const bin = tools((at) => {
        for (const applet of execFileSync(path, ["--list"], { encoding: "utf8" }).trim().split("\n"))
          symlinkSync(path, join(at, applet));
      });
      expect(await look(host(bin, [join(bin, "sh")]))).toMatch(/no GNU coreutils[^]*BusyBox/);
    });

  for (const bin of UUTILS)
    test("are refused: all of a real uutils", async () => {
      expect(await look(host(bin))).toMatch(/no GNU coreutils/);
    });
});

describe("a host that cannot be written on", () => {
  const refused = async (h: FakeHost, path: string, words: RegExp): Promise<void> => {
    const files = filesOn(h);
    const look = await files.look(path);
    await expect(
      files.change(look, () => ({ to: { bytes: "new".repeat(4000) }, first: "r" })),
    ).rejects.toThrow(words);
    expect([look.bytes ?? "", h.records()]).toEqual([
      existsSync(path) ? readFileSync(path, "latin1") : "",
      [],
    ]);
  };

  asRoot("a read-only or full place for records is told at once", async () => {
    const h = host();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4k,nr_inodes=1", "none", h.path("state")]);
    try {
      await refused(h, h.path("x"), /no place for records[^]*No space left[^]*pulumi-ceph-openstack/);
      execFileSync("mount", ["-o", "remount,ro", h.path("state")]);
      await refused(h, h.path("x"), /no place for records[^]*Read-only file system/);
    } finally {
      execFileSync("umount", [h.path("state")]);
    }
  });

  asRoot(
    "a disk that is full when the record is to be put is told, and neither file nor record changes",
    async () => {
      const h = host();
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=8k", "none", h.path("state")]);
      try {
        const files = filesOn(h);
        writeFileSync(h.path("x"), "old");
        const look = await files.change(await files.look(h.path("x")), () => ({ first: "before" }));
        writeFileSync(h.path("state", "full"), "x".repeat(4096));
        const edits = [
          { to: { bytes: "new" }, first: "during" },
          { to: "removed", then: "after" },
          { to: { bytes: "new" }, first: "before", then: "after" },
        ] as const;
        for (const edit of edits) {
          await expect(files.change(look, () => edit)).rejects.toThrow(/No space left[^]*Make room/);
          expect(await filesOn(h).look(h.path("x"))).toMatchObject({ bytes: "old", record: "before" });
          expect(h.records()).toHaveLength(1);
        }
      } finally {
        execFileSync("umount", [h.path("state")]);
      }
    },
  );

  asRoot("a full or read-only file system of the file is told, and the file stays as it is", async () => {
    const h = host();
    mkdirSync(h.path("small"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8k", "none", h.path("small")]);
    try {
      writeFileSync(h.path("small", "conf"), "old");
      await refused(h, h.path("small", "conf"), /No space left[^]*Make room/);
      execFileSync("mount", ["-o", "remount,ro", h.path("small")]);
      await refused(h, h.path("small", "conf"), /Read-only file system[^]*remount,rw/);
    } finally {
      execFileSync("umount", [h.path("small")]);
    }
  });

  asRoot("an immutable file or directory is told before a record is put", async () => {
    const h = host();
    mkdirSync(h.path("svc"));
    writeFileSync(h.path("svc", "conf"), "old");
    for (const path of [h.path("svc", "conf"), h.path("svc")]) {
      try {
        execFileSync("chattr", ["+i", path], { stdio: "ignore" });
      } catch {
        return; // a file system without attributes
      }
      try {
        await refused(h, h.path("svc", "conf"), /nobody can change it[^]*not permitted[^]*chattr -i/);
      } finally {
        execFileSync("chattr", ["-i", path]);
      }
    }
  });
});
