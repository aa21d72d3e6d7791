import { describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import {
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesOn } from "../../../../../providers/clients/files/index";
import { WRITE_PROGRAM } from "../../../../../providers/clients/files/write";
import { writeRequest } from "../../../../../providers/clients/files/wire";
import { fakeHost, type FakeHost } from "../../../../support/fake-host";
import { SHELLS } from "../../../../support/shells";

const ROOT = process.getuid?.() === 0;
const asRoot = ROOT ? test : test.skip;

const host = (shell: readonly string[] = ["/bin/sh"]): FakeHost => fakeHost({ shell });

const to = (bytes: string) => () => ({ to: { bytes } });
const foreign = (path: string): void => lchownSync(path, 65534, 65534);

describe.each(SHELLS)("a write that must not harm, by %s", (...shell) => {
  test("a record that did not arrive whole is not put", async () => {
    const h = host(shell);
    writeFileSync(h.path("g"), "old");
    const look = await filesOn(h).look(h.path("g"));
    const { args, stdin } = writeRequest(look, { first: "a long record", then: "and another" });
    for (let end = 0; end < stdin.length - 1; end += 9) {
      const result = await h.run({ program: WRITE_PROGRAM, args, stdin: stdin.slice(0, end) });
      expect(result.code).not.toBe(0);
      expect(h.records()).toEqual([]);
    }
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

  test("a file that somebody saves while ours goes to the disk is not written over", async () => {
    const bin = mkdtempSync(join(tmpdir(), "bin-"));
    const h = fakeHost({ shell, bin });
    const path = h.path("g");
    const save = `[ -e ${bin}/saved ] || { touch ${bin}/saved; echo theirs >>${path}; }`;
    writeFileSync(join(bin, "sync"), `#!/bin/sh\n${save}\nexec /usr/bin/sync "$@"\n`, { mode: 0o755 });
    writeFileSync(path, "old\n");
    const files = filesOn(h);
    const look = await files.change(await files.look(path), ({ bytes = "" }) => ({
      ...(bytes.includes("ours") ? {} : { to: { bytes: `${bytes}ours\n` } }),
      first: "during",
      then: "after",
    }));
    expect([look.bytes, look.record]).toEqual(["old\ntheirs\nours\n", "after"]);
    expect(readdirSync(h.root).sort()).toEqual(["g", "state"]);
    rmSync(bin, { recursive: true });
  });

  test("what is written never lies under the rights that the file had before", async () => {
    const bin = mkdtempSync(join(tmpdir(), "bin-"));
    const h = fakeHost({ shell, bin });
    const shim = `#!/bin/sh\nfor last; do :; done\nstat -L -c %s -- "$last" >>${bin}/sizes\nexec /usr/bin/cp "$@"\n`;
    writeFileSync(join(bin, "cp"), shim, { mode: 0o755 });
    writeFileSync(h.path("k"), "old", { mode: 0o644 });
    const files = filesOn(h);
    const after = await files.change(await files.look(h.path("k")), () => ({
      to: { bytes: "key" },
      mode: "0600",
    }));
    expect([after.bytes, after.holder?.mode]).toEqual(["key", "0600"]);
    expect(readFileSync(join(bin, "sizes"), "utf8")).toBe("0\n");
    expect(readdirSync(h.root).sort()).toEqual(["k", "state"]);
    rmSync(bin, { recursive: true });
  });

  test("what a killed run left is taken away with the file", async () => {
    const h = host(shell);
    writeFileSync(h.path("k"), "key");
    writeFileSync(h.path(".k.pco.999999999.AbCdEfGhIjKl"), "key");
    const files = filesOn(h);
    await files.change(await files.look(h.path("k")), () => ({ to: "removed" }));
    expect(readdirSync(h.root).filter((name) => name !== "state")).toEqual([]);
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

  asRoot("a directory swapped for a link while it is made is not given away", async () => {
    const h = host(shell);
    mkdirSync(h.path("bin"));
    mkdirSync(h.path("theirs"), { mode: 0o700 });
    const shim = `#!/bin/sh\n/bin/mkdir "$@"\ncase $* in *./dir) rmdir ./dir; ln -s ${h.path("theirs")} ./dir ;; esac\n`;
    writeFileSync(h.path("bin", "mkdir"), shim, { mode: 0o755 });
    h.before = (request) => {
      const text = `PATH=${h.path("bin")}:$PATH\n${request.program.text}`;
      return { ...request, program: { ...request.program, text } };
    };
    const files = filesOn(h);
    const look = await files.look(h.path("dir"));
    await files
      .change(look, ({ kind }) =>
        kind === "absent" ? { to: "directory", owner: "daemon", mode: "0777" } : undefined,
      )
      .catch(() => undefined);
    expect(statSync(h.path("theirs"))).toMatchObject({ uid: 0, mode: 0o40700 });
  });

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
      const old = new Date("2020-01-01T00:00:00Z");
      utimesSync(h.path("inner"), old, old);
      const look = await files.look(h.path("mounted"));
      await files.change(look, () => ({ to: { bytes: "new\n" }, mode: "0600" }));
      // Other rights are no other content.
      expect(statSync(h.path("inner"))).toMatchObject({ mtime: old, mode: 0o100600 });
      expect(readdirSync(h.root).filter((name) => name.startsWith("."))).toEqual([]);
    } finally {
      execFileSync("umount", [h.path("mounted")]);
    }
  });

  test("what a killed run left beside the file is taken away by the next", async () => {
    const h = host(shell);
    const files = filesOn(h);
    writeFileSync(h.path("z"), "");
    writeFileSync(h.path(".z.pco.999999999.aa"), "half");
    const born = readFileSync(`/proc/${process.pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")[19];
    const alive = `.z.pco.${process.pid}.${born ?? ""}.bb`;
    writeFileSync(h.path(alive), "alive");
    // The number of a process is given anew when it has ended.
    writeFileSync(h.path(`.z.pco.${process.pid}.1.cc`), "of another process that had this number");
    mkdirSync(h.path(".z.pco.1.2.dd"));
    await files.change(await files.look(h.path("z")), to("new"));
    expect(readdirSync(h.root).sort()).toEqual([".z.pco.1.2.dd", alive, "state", "z"]);
  });
});
