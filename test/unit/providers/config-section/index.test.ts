import { describe, expect, test } from "@jest/globals";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { configSection } from "../../../../providers/config-section/index";
import { configSite as site, FILE } from "../../../support/config-site";

describe("a section", () => {
  test("is set, is not written again when it is right, and is put back", async () => {
    const { section, inputs, text, path, host } = site();
    const desired = inputs({
      rbd_pool: "volumes",
      rbd_max_clone_depth: 5,
      rbd_flatten: true,
      list: ["a", "b"],
    });
    const made = await section().create(desired);
    expect(made.id).toBe(`vol1:${path}#[ceph]`);
    expect(text()).toContain("rbd_pool = volumes\nrbd_max_clone_depth = 5\nrbd_flatten = true\nlist = a,b\n");
    const before = statSync(path, { bigint: true });
    expect((await section().diff(made, desired)).changes).toBe(false);
    expect((await section().refresh(made))?.outs).toEqual(made.outs);
    const again = await section().create(desired);
    expect(statSync(path, { bigint: true }).mtimeNs).toBe(before.mtimeNs);
    await section().remove(again);
    expect(text()).toBe(FILE);
    expect(host.records()).toEqual([]);
    await section().remove(again);
    expect(text()).toBe(FILE);
  });

  test("takes two round trips to make and one to look at", async () => {
    const { section, inputs, host } = site();
    const made = await section().create(inputs({ rbd_pool: "volumes" }));
    expect(host.ran).toEqual(["files-look", "files-write"]);
    await section().refresh(made);
    expect(host.ran).toHaveLength(3);
  });

  test("shows as drift what was changed, added, removed or set against what is desired", async () => {
    const { section, inputs, path, text } = site();
    const desired = inputs(
      { rbd_pool: "volumes", rbd_user: "cinder", many: { repeated: ["1", "2"] } },
      { absent: ["gone"] },
    );
    const made = await section().create(desired);
    writeFileSync(
      path,
      text()
        .replace("rbd_pool = volumes", "rbd_pool = x\nrbd_pool = y")
        .replace("rbd_user = cinder\n", "gone = secret-value\n")
        .replace("many = 2", "many = 3"),
    );
    const found = await section().refresh(made);
    expect(found?.outs["options"]).toEqual({
      rbd_pool: { repeated: ["x", "y"] },
      many: { repeated: ["1", "3"] },
      gone: "(set)",
    });
    const twice = await section().refresh(found ?? made);
    expect(twice?.outs).toEqual(found?.outs);
    expect(JSON.stringify([found, twice])).not.toContain("secret-value");
    const again = await section().update(found ?? made, desired);
    expect(again.outs).toEqual(made.outs);
    expect((await section().refresh(again))?.outs).toEqual(made.outs);
  });

  test("puts an option back that the program names no more, and an absent one", async () => {
    const { section, inputs, text } = site();
    const made = await section().create(inputs({ rbd_user: "cinder" }, { absent: ["rbd_pool"] }));
    expect(text()).not.toContain("rbd_pool");
    const less = await section().update(made, inputs({ rbd_ceph_conf: "/etc/ceph/ceph.conf" }));
    expect(text()).toContain("[ceph]\nrbd_pool = old\nrbd_ceph_conf = /etc/ceph/ceph.conf\n");
    await section().remove(less);
    expect(text()).toBe(FILE);
  });

  test("in a file that is not there is an error that says what to do, and touches nothing", async () => {
    const { section, inputs, path, host } = site(null);
    await expect(section().create(inputs({ rbd_pool: "volumes" }))).rejects.toThrow(
      /is not there[^]*createFile/,
    );
    expect(existsSync(path)).toBe(false);
    expect(host.records()).toEqual([]);
  });

  test("makes the file where that is wanted, and takes it away again", async () => {
    const { section, inputs, path, text, host } = site(null);
    const group = String(process.getgid?.());
    const made = await section().create(
      inputs(
        { rbd_pool: "volumes" },
        { createFile: { owner: String(process.getuid?.()), group, mode: "0640" } },
      ),
    );
    expect(text()).toBe("[ceph]\nrbd_pool = volumes\n");
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    await section().remove(made);
    expect(existsSync(path)).toBe(false);
    expect(host.records()).toEqual([]);
  });

  test("is gone for a refresh when its file is", async () => {
    const { section, inputs, host, path } = site();
    const made = await section().create(inputs({ rbd_pool: "volumes" }));
    await host.run({ program: { name: "rm", text: 'rm "$1"' }, args: [path] });
    expect(await section().refresh(made)).toBeUndefined();
    await section().remove(made);
    expect(host.records()).toEqual([]);
  });

  test("leaves a value that somebody else has set since, and says so", async () => {
    const { run, inputs, path, text } = site();
    const made = await run()
      .of(configSection)
      .create(inputs({ rbd_pool: "volumes" }));
    writeFileSync(path, text().replace("volumes", "theirs"));
    const last = run();
    await last.of(configSection).remove(made);
    expect(text()).toContain("rbd_pool = theirs");
    expect(last.said.join()).toMatch(/rbd_pool .* is left/);
  });

  test("stays as it is on destroy when that is wanted", async () => {
    const { section, inputs, text, host } = site();
    const made = await section().create(inputs({ rbd_pool: "volumes" }, { onDelete: "keep" }));
    await section().remove(made);
    expect(text()).toContain("rbd_pool = volumes");
    expect(host.records()).toEqual([]);
  });
});

describe("secrets", () => {
  const SECRET = "rabbit-S3cr3t-pass";

  test("are written, compared and put back, and stand nowhere on a command line", async () => {
    const { section, inputs, text, host } = site();
    const seen: string[] = [];
    host.before = (request) => {
      seen.push(JSON.stringify([request.program, request.args]));
      return request;
    };
    const desired = inputs({ rbd_pool: "volumes" }, { secretOptions: { transport_url: SECRET } });
    const made = await section().create(desired);
    expect(text()).toContain(`transport_url = ${SECRET}\n`);
    expect((await section().refresh(made))?.outs).toEqual(made.outs);
    await section().remove(made);
    expect(text()).toBe(FILE);
    expect(seen.join()).not.toContain(SECRET);
  });

  test("a refused one is not shown", async () => {
    const { section, inputs } = site();
    const problems = await section().problems(
      inputs({}, { secretOptions: { a: `${SECRET}\nx`, "b=": "1" } }),
    );
    expect(problems.join("\n")).toMatch(/secretOptions\.a \[secret\] is refused: .*one line/);
    expect(problems.join("\n")).toMatch(/secretOptions\.b=/);
    expect(problems.join("\n")).not.toContain(SECRET);
  });
});

describe("bad input", () => {
  test.each([
    [{ options: { a: "x\ny" } }, /options\.a .*one line/],
    [{ options: { a: "x\u0000" } }, /control/],
    [{ options: { "a=b": "1" } }, /options\.a=b/],
    [{ options: { a: ["1,2"] } }, /comma/],
    [{ options: { a: "1" }, secretOptions: { a: "2" } }, /given twice/],
    [{ options: { a: "1" }, absent: ["a"] }, /given twice/],
    [{ dialect: "ceph", options: { "rbd cache": "1", rbd_cache: "2" } }, /same option as options\.rbd cache/],
    [{ dialect: "ceph", options: { a: ["1", "2"] } }, /lists/],
    [{ section: "a]" }, /section/],
    [{ path: "etc/x" }, /absolute/],
    [{ host: "root@vol1" }, /host/],
    [{ createFile: { mode: "640" } }, /four octal/],
    [{ dialect: "toml" }, /"oslo", "ceph"/],
    [{ options: { a: { repeated: [] } } }, /options\.a/],
  ])("%j is refused", async (more, reason) => {
    const { section, inputs, host } = site();
    expect((await section().problems({ ...inputs({}), ...more })).join("\n")).toMatch(reason);
    expect(host.ran).toEqual([]);
  });

  test("an unknown value passes, and what is derived from it is unknown", async () => {
    const { section, inputs } = site();
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const checked = await section().check(inputs({ a: unknown, b: ["x", unknown], c: 1 }));
    expect(checked["options"]).toEqual({ a: unknown, b: unknown, c: "1" });
  });
});

test("a run cut after any program, then repeated, ends as an undisturbed one; so does a destroy", async () => {
  const { host, inputs, text, section, path } = site();
  const desired = inputs({ rbd_pool: "volumes", rbd_user: "cinder" });
  for (const nth of [1, 2]) {
    host.cutAfter(nth);
    await expect(section().create(desired)).rejects.toThrow(/lost/);
    host.heal();
    const made = await section().create(desired);
    expect(text()).toContain("[ceph]\nrbd_pool = volumes\nrbd_user = cinder\n");
    host.cutAfter(nth);
    await expect(section().remove(made)).rejects.toThrow(/lost/);
    host.heal();
    await section().remove(made);
    expect(text()).toBe(FILE);
    expect(host.records()).toEqual([]);
    writeFileSync(path, FILE);
  }
});

describe("a file named after Ceph", () => {
  const CEPH = "[client]\nrbd_cache = true\n\tadmin_socket = /run/x\n";

  test("is read as Ceph's wherever it lies: a neighbour's indented line stays", async () => {
    const { section, inputs, host } = site();
    const path = host.path("etc", "ceph.conf");
    writeFileSync(path, CEPH);
    const desired = { ...inputs({ rbd_cache: false }), path, section: "client" };
    const made = await section().create(desired);
    expect(host.text(path)).toBe(CEPH.replace("true", "false"));
    await section().remove(made);
    expect(host.text(path)).toBe(CEPH);
  });

  test("of a service's own directory asks for the dialect, and so does a section of Ceph's in another file", async () => {
    const { section, inputs } = site();
    const problems = (more: object) => section().problems({ ...inputs({ a: 1 }), ...more });
    const asked = [expect.stringContaining('dialect is required: it must be "oslo" or "ceph"')];
    expect(await problems({ path: "/etc/cinder/ceph.conf" })).toEqual(asked);
    expect(await problems({ path: "/srv/x.conf", section: "client.cinder" })).toEqual(asked);
    expect(await problems({ path: "/etc/cinder/ceph.conf", dialect: "oslo" })).toEqual([]);
  });
});
