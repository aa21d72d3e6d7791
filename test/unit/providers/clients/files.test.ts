import { afterEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename } from "node:path";
import { filesOn, type Look } from "../../../../providers/clients/files";
import { WRITE_PROGRAM } from "../../../../providers/clients/files-shell";
import { writeRequest } from "../../../../providers/clients/files-wire";
import { fakeHost, type FakeHost } from "../../../support/fake-host";

const SHELLS = [["/usr/bin/dash"], ["/usr/bin/bash"], ["/usr/bin/busybox", "sh"]].filter(([path = ""]) =>
  existsSync(path),
);
const ROOT = process.getuid?.() === 0;
const asRoot = ROOT ? test : test.skip;

const hosts: FakeHost[] = [];
const host = (shell: readonly string[] = ["/bin/sh"]): FakeHost => {
  const made = fakeHost({ shell });
  hosts.push(made);
  return made;
};
afterEach(() => hosts.splice(0).forEach((made) => made.dispose()));

const to = (bytes: string) => () => ({ to: { bytes } });
const foreign = (path: string): void => lchownSync(path, 65534, 65534);

describe.each(SHELLS)("the files of a host, by %s", (...shell) => {
  test("a file that is not there is told from one that is empty", async () => {
    const h = host(shell);
    const files = filesOn(h);
    const nothing = await files.look(h.path("a.conf"));
    expect(nothing).toMatchObject({ kind: "absent", real: h.path("a.conf"), above: { mode: "0700" } });
    writeFileSync(h.path("a.conf"), "");
    expect(await files.look(h.path("a.conf"))).toMatchObject({ kind: "file", bytes: "" });
    expect(await files.look(h.path("nowhere", "a.conf"))).not.toHaveProperty("above");
  });

  test("any byte of a content survives reading and writing", async () => {
    const h = host(shell);
    const files = filesOn(h);
    const bytes =
      Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
        .join("")
        .repeat(400) + "\n\n";
    const look = await files.change(await files.look(h.path("b")), () => ({
      to: { bytes },
      mode: "0640",
      first: '{"a":"é"}',
    }));
    expect(look.bytes).toBe(bytes);
    expect(h.text(h.path("b"))).toBe(bytes);
    expect(look).toMatchObject({ record: '{"a":"é"}', holder: { mode: "0640" } });
    expect((await filesOn(h).look(h.path("b"))).bytes).toBe(bytes);
  });

  test("a write leaves nothing behind but the file and its record, and the last record takes the ledger with it", async () => {
    const h = host(shell);
    const files = filesOn(h);
    mkdirSync(h.path("etc"));
    const look = await files.change(await files.look(h.path("etc/c")), () => ({
      to: { bytes: "x" },
      first: "one",
      then: "two",
    }));
    expect(readdirSync(h.path("etc"))).toEqual(["c"]);
    expect(h.records()).toHaveLength(1);
    expect(look.record).toBe("two");
    const after = await files.change(look, () => ({ to: "removed", then: null }));
    expect(after).toMatchObject({ kind: "absent" });
    expect(readdirSync(h.path("etc"))).toEqual([]);
    expect(existsSync(h.ledger)).toBe(false);
  });

  test("an edit that wants nothing runs nothing and moves no time", async () => {
    const h = host(shell);
    const files = filesOn(h);
    writeFileSync(h.path("d"), "as it was");
    const stamp = () =>
      (({ ino, mtimeNs, ctimeNs }) => [ino, mtimeNs, ctimeNs])(statSync(h.path("d"), { bigint: true }));
    const before = stamp();
    const look = await files.look(h.path("d"));
    await files.change(look, () => undefined);
    expect(stamp()).toEqual(before);
    expect(h.ran).toEqual(["files-look"]);
  });

  test("an edit by somebody else in between is seen and kept", async () => {
    const h = host(shell);
    const files = filesOn(h);
    writeFileSync(h.path("e"), "first\n");
    const look = await files.look(h.path("e"));
    writeFileSync(h.path("e"), "second\n");
    await files.change(look, ({ bytes = "" }) => ({ to: { bytes: `${bytes}ours\n` } }));
    expect(h.text(h.path("e"))).toBe("second\nours\n");
    expect(h.ran).toEqual(["files-look", "files-write", "files-write"]);
  });

  test("writers of several processes and of one lose nothing", async () => {
    const h = host(shell);
    writeFileSync(h.path("f"), "");
    const line = (n: number) => async (): Promise<void> => {
      const files = filesOn(h);
      await files.change(await files.look(h.path("f")), ({ bytes = "" }) => ({
        to: { bytes: `${bytes}${n}\n` },
        first: String(n),
      }));
    };
    await Promise.all([1, 2, 3, 4, 5, 6].map((n) => line(n)()));
    const one = filesOn(h);
    const look = await one.look(h.path("f"));
    await Promise.all(
      [7, 8, 9].map((n) => one.change(look, ({ bytes = "" }) => ({ to: { bytes: `${bytes}${n}\n` } }))),
    );
    expect(h.text(h.path("f")).trim().split("\n").map(Number).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(h.records()).toHaveLength(1);
  });

  test("content that did not arrive whole touches nothing", async () => {
    const h = host(shell);
    writeFileSync(h.path("g"), "old");
    const look = await filesOn(h).look(h.path("g"));
    const { args, stdin } = writeRequest(look, { to: { bytes: "new content" }, first: "record" });
    for (let end = 0; end < stdin.length - 1; end += 9) {
      const result = await h.run({ program: WRITE_PROGRAM, args, stdin: stdin.slice(0, end) });
      expect(result.code).not.toBe(0);
      expect(h.text(h.path("g"))).toBe("old");
      expect(h.records()).toEqual([]);
      expect(readdirSync(h.root).sort()).toEqual(["g", "state"]);
    }
  });

  test("mode and group of a file that is there stay, and can be set", async () => {
    const h = host(shell);
    const files = filesOn(h);
    writeFileSync(h.path("m"), "1");
    chmodSync(h.path("m"), 0o604);
    const kept = await files.change(await files.look(h.path("m")), to("2"));
    expect(kept.holder?.mode).toBe("0604");
    const set = await files.change(kept, ({ bytes = "" }) => ({ to: { bytes }, mode: "0600" }));
    expect(set.holder?.mode).toBe("0600");
  });

  test("a link that root owns is followed, and stays a link", async () => {
    const h = host(shell);
    const files = filesOn(h);
    mkdirSync(h.path("real"));
    symlinkSync("real", h.path("dir"));
    symlinkSync("../real/file", h.path("real", "link"));
    const look = await files.change(await files.look(h.path("dir", "link")), to("through"));
    expect(look.real).toBe(h.path("real", "file"));
    expect(h.text(h.path("real", "file"))).toBe("through");
    expect(lstatSync(h.path("real", "link")).isSymbolicLink()).toBe(true);
  });

  test("links that go in circles are refused", async () => {
    const h = host(shell);
    symlinkSync("b", h.path("a"));
    symlinkSync("a", h.path("b"));
    await expect(filesOn(h).look(h.path("a"))).rejects.toThrow(/symbolic link/);
  });

  asRoot("a link of another user, or in a directory of another user, is refused", async () => {
    const h = host(shell);
    writeFileSync(h.path("shadow"), "root's");
    symlinkSync(h.path("shadow"), h.path("link"));
    foreign(h.path("link"));
    await expect(filesOn(h).look(h.path("link"))).rejects.toThrow(/symbolic link/);
    mkdirSync(h.path("svc"));
    symlinkSync(h.path("shadow"), h.path("svc", "link"));
    foreign(h.path("svc"));
    await expect(filesOn(h).look(h.path("svc", "link"))).rejects.toThrow(/symbolic link/);
  });

  asRoot("a file swapped for a link after the look is not written through", async () => {
    const h = host(shell);
    const files = filesOn(h);
    mkdirSync(h.path("svc"));
    writeFileSync(h.path("svc", "conf"), "old");
    writeFileSync(h.path("shadow"), "root's");
    foreign(h.path("svc"));
    const look = await files.look(h.path("svc", "conf"));
    h.before = (request, count) => {
      if (count === 2) {
        execFileSync("rm", [h.path("svc", "conf")]);
        symlinkSync(h.path("shadow"), h.path("svc", "conf"));
        foreign(h.path("svc", "conf"));
      }
      return request;
    };
    await expect(files.change(look, to("new"))).rejects.toThrow(/symbolic link/);
    expect(h.text(h.path("shadow"))).toBe("root's");
    expect(readdirSync(h.path("svc"))).toEqual(["conf"]);
  });

  asRoot(
    "owner and group are set before the file is in place; the owner's own group where none is given",
    async () => {
      const h = host(shell);
      const files = filesOn(h);
      const look = await files.look(h.path("k"), "daemon");
      expect(look.loginGroup).toBe("daemon");
      const after = await files.change(look, () => ({ to: { bytes: "key" }, owner: "daemon", mode: "0640" }));
      expect(after.holder).toMatchObject({ user: "daemon", group: "daemon", mode: "0640" });
      await expect(files.change(after, () => ({ to: { bytes: "x" }, owner: "nobody-here" }))).rejects.toThrow(
        /no such user/,
      );
      expect(h.text(h.path("k"))).toBe("key");
      expect(h.records()).toEqual([]);
    },
  );

  asRoot("a bind-mounted file is written in place", async () => {
    const h = host(shell);
    const files = filesOn(h);
    writeFileSync(h.path("inner"), "old content that is longer\n");
    writeFileSync(h.path("mounted"), "");
    execFileSync("mount", ["--bind", h.path("inner"), h.path("mounted")]);
    try {
      const after = await files.change(await files.look(h.path("mounted")), to("new\n"));
      expect(after.bytes).toBe("new\n");
      expect(h.text(h.path("inner"))).toBe("new\n");
      expect(readdirSync(h.root).filter((name) => name.startsWith("."))).toEqual([]);
    } finally {
      execFileSync("umount", [h.path("mounted")]);
    }
  });

  test("a directory is made, dressed, and removed only when it is empty", async () => {
    const h = host(shell);
    const files = filesOn(h);
    const made = await files.change(await files.look(h.path("dir")), () => ({
      to: "directory",
      mode: "2770",
      first: "made",
    }));
    expect(made).toMatchObject({ kind: "directory", holder: { mode: "2770" }, record: "made" });
    writeFileSync(h.path("dir", "x"), "");
    const left = await files.change(made, () => ({ to: "no-directory" }));
    expect(left.kind).toBe("directory");
    execFileSync("rm", [h.path("dir", "x")]);
    expect((await files.change(left, () => ({ to: "no-directory", then: null }))).kind).toBe("absent");
    expect(existsSync(h.ledger)).toBe(false);
  });

  test("a name that is no path has a record only", async () => {
    const h = host(shell);
    const files = filesOn(h);
    const look = await files.look("libvirt-secret:1");
    expect(look.kind).toBe("none");
    expect((await files.change(look, () => ({ first: "r" }))).record).toBe("r");
    expect(
      (await files.change(await files.look("libvirt-secret:1"), () => ({ first: null }))).record,
    ).toBeUndefined();
    expect(existsSync(h.ledger)).toBe(false);
  });

  test("what a killed run left beside the file is taken away by the next", async () => {
    const h = host(shell);
    const files = filesOn(h);
    writeFileSync(h.path("z"), "");
    writeFileSync(h.path(".z.pco.999999999.aa"), "half");
    writeFileSync(h.path(`.z.pco.${process.pid}.bb`), "alive");
    await files.change(await files.look(h.path("z")), to("new"));
    expect(readdirSync(h.root).sort()).toEqual([`.z.pco.${process.pid}.bb`, "state", "z"]);
  });
});

test("content that the process knows does not travel again", async () => {
  const h = host();
  const files = filesOn(h);
  writeFileSync(h.path("big"), "x".repeat(100_000));
  const sizes: number[] = [];
  h.after = (result) => {
    sizes.push(result.stdout.length);
    return result;
  };
  await files.look(h.path("big"));
  const again = await files.look(h.path("big"));
  expect(again.bytes).toHaveLength(100_000);
  expect(sizes[0]).toBeGreaterThan(100_000);
  expect(sizes[1]).toBeLessThan(1_000);
});

test("looks at one path at one time are one program, and a look after a write is fresh", async () => {
  const h = host();
  const files = filesOn(h);
  writeFileSync(h.path("s"), "1");
  const [a] = await Promise.all([files.look(h.path("s")), files.look(h.path("s"))]);
  expect(h.ran).toEqual(["files-look"]);
  await files.change(a as Look, to("2"));
  expect((await files.look(h.path("s"))).bytes).toBe("2");
});

test("a hard link elsewhere keeps its own content", async () => {
  const h = host();
  const files = filesOn(h);
  writeFileSync(h.path("one"), "1");
  linkSync(h.path("one"), h.path("two"));
  await files.change(await files.look(h.path("one")), to("2"));
  expect(h.text(h.path("two"))).toBe("1");
  expect(basename((await files.look(h.path("one"))).real)).toBe("one");
});

test("a file with an access list keeps it", async () => {
  const h = host();
  writeFileSync(h.path("acl"), "1");
  try {
    execFileSync("setfacl", ["-m", "u:65534:r", h.path("acl")], { stdio: "ignore" });
  } catch {
    return; // no setfacl, or no access lists on this file system
  }
  const files = filesOn(h);
  await files.change(await files.look(h.path("acl")), to("2"));
  expect(execFileSync("getfacl", ["-n", h.path("acl")], { encoding: "utf8" })).toContain("user:65534:r--");
});
