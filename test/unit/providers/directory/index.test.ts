import { describe, expect, test } from "@jest/globals";
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { directory } from "../../../../providers/directory/index";
import { tmpfilesPath } from "../../../../providers/formats/tmpfiles";
import { fakeHost } from "../../../support/fake-host";
import { ownerOf, runOf } from "../../../support/run-of";

const site = () => {
  const host = fakeHost({ name: "cmp1" });
  mkdirSync(host.path("etc"));
  // The file in /etc/tmpfiles.d belongs to the test's own scratch directory.
  host.before = (request) => ({
    ...request,
    args: (request.args ?? []).map((arg) => arg.replace(/^\/etc\/tmpfiles\.d\//, `${host.path("etc")}/`)),
  });
  const path = host.path("guests");
  const run = () => runOf({ cmp1: host });
  const inputs = (more: object = {}) => ({ host: "cmp1", path, mode: "2770", ...more });
  const of = (owner?: string) => run().of(directory, owner);
  const mode = (): number => statSync(path).mode & 0o7777;
  return { host, path, run, inputs, of, mode };
};

describe("a directory", () => {
  test("is made with its mode, is looked at in one program, and is taken away when it is empty", async () => {
    const { of, inputs, path, mode, host } = site();
    const made = await of().create(inputs());
    expect(made.id).toBe(`cmp1:${path}`);
    expect(mode()).toBe(0o2770);
    const before = host.ran.length;
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    expect(host.ran.length - before).toBe(1);
    await of().remove(made);
    expect(existsSync(path)).toBe(false);
    expect(host.records()).toEqual([]);
    await of().remove(made);
  });

  test("has mode 0755 when none is given, which then is nobody's business", async () => {
    const { of, inputs, mode, path } = site();
    const made = await of().create(inputs({ mode: undefined }));
    expect(mode()).toBe(0o755);
    chmodSync(path, 0o700);
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
  });

  test("loses a set-group-ID bit that is not desired any more", async () => {
    const { of, inputs, mode } = site();
    const made = await of().create(inputs());
    await of().update(made, inputs({ mode: "0750" }));
    expect(mode()).toBe(0o750);
  });

  test("with content stays on destroy, and that is said", async () => {
    const { run, inputs, path } = site();
    const made = await run().of(directory).create(inputs());
    writeFileSync(`${path}/socket`, "");
    const last = run();
    await last.of(directory).remove(made);
    expect(existsSync(path)).toBe(true);
    expect(last.said.join()).toMatch(/stays: it is not empty/);
  });

  test("that was there is dressed, stays on destroy, and goes when that is wanted", async () => {
    const { of, inputs, path, mode } = site();
    mkdirSync(path);
    const made = await of().create(inputs());
    expect(mode()).toBe(0o2770);
    await of().remove(made);
    expect(existsSync(path)).toBe(true);
    const again = await of().create(inputs({ onDelete: "remove" }));
    await of().remove(again);
    expect(existsSync(path)).toBe(false);
  });

  test("shows drift of its mode and its absence, and is repaired", async () => {
    const { of, inputs, path, mode } = site();
    const made = await of().create(inputs({ owner: userInfo().username }));
    chmodSync(path, 0o700);
    const seen = await of().refresh(made);
    expect(seen?.outs["mode"]).toBe("0700");
    const again = await of().update(seen ?? made, inputs({ owner: userInfo().username }));
    expect(again.outs).toEqual(made.outs);
    expect(mode()).toBe(0o2770);
    rmSync(path, { recursive: true });
    expect(await of().refresh(made)).toBeUndefined();
  });

  test("in memory gets its line in tmpfiles.d, which drifts, is repaired and goes with it", async () => {
    const { of, inputs, host, path } = site();
    const owner = userInfo().username;
    const desired = inputs({ tmpfiles: true, owner, group: String(process.getgid?.()) });
    if (process.getuid?.() !== 0) return; // the line's file is root's
    const made = await of().create(desired);
    const line = host.path("etc", tmpfilesPath(path).split("/").at(-1) ?? "");
    expect(host.text(line)).toBe(`d ${path} 2770 ${owner} ${process.getgid?.()} -\n`);
    rmSync(line);
    const seen = await of().refresh(made);
    expect(seen?.outs["tmpfiles"]).toBe(false);
    expect((await of().update(seen ?? made, desired)).outs).toEqual(made.outs);
    expect(existsSync(line)).toBe(true);
    await of().update(made, inputs({ tmpfiles: false, owner }));
    expect(existsSync(line)).toBe(false);
    await of().remove(await of().create(desired));
    expect([existsSync(line), existsSync(path), host.records()]).toEqual([false, false, []]);
  });

  test("keeps a group that nobody manages, in its line as on the disk", async () => {
    const { of, inputs, host, path } = site();
    if (process.getuid?.() !== 0) return; // only root gives groups away
    mkdirSync(path);
    chownSync(path, 0, 4242);
    await of().create(inputs({ tmpfiles: true, owner: "daemon" }));
    expect(statSync(path).gid).toBe(4242);
    const line = host.path("etc", tmpfilesPath(path).split("/").at(-1) ?? "");
    expect(host.text(line)).toBe(`d ${path} 2770 daemon 4242 -\n`);
  });

  test("under /run has that line by default", async () => {
    const { of, inputs } = site();
    expect((await of().check(inputs({ path: "/var/run/ceph/guests" })))["tmpfiles"]).toBe(true);
    expect((await of().check(inputs({ path: "/srv/x" })))["tmpfiles"]).toBe(false);
  });

  test("where something else stands, or nothing is above it, is an error that says so", async () => {
    const { of, inputs, path, host } = site();
    writeFileSync(path, "");
    await expect(of().create(inputs())).rejects.toThrow(/not a directory/);
    await expect(of().create(inputs({ path: host.path("no", "where") }))).rejects.toThrow(/not there/);
  });

  test("of another stack is refused, and a renamed resource hands it over", async () => {
    const { run, of, inputs, path } = site();
    const old = await of(ownerOf("a")).create(inputs());
    await expect(of(ownerOf("a", "site/other")).create(inputs())).rejects.toThrow(/stack site\/prod/);
    const one = run();
    await one.of(directory, ownerOf("b")).create(inputs());
    await one.of(directory, ownerOf("a")).remove(old);
    expect(existsSync(path)).toBe(true);
  });

  test("is labelled for SELinux where that is on", async () => {
    const { of, inputs, host, path } = site();
    const bin = host.path("bin");
    mkdirSync(bin);
    writeFileSync(`${bin}/selinuxenabled`, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    writeFileSync(`${bin}/restorecon`, `#!/bin/sh\necho "$PWD $*" >>${host.path("log")}\n`, { mode: 0o755 });
    host.before = (request) => ({
      ...request,
      program: { ...request.program, text: `PATH=${bin}:$PATH\n${request.program.text}` },
    });
    await of().create(inputs());
    expect(host.text(host.path("log"))).toBe(`${path} -- .\n`);
  });
});
