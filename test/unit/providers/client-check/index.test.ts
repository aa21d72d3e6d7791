import { describe, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { clientCheck } from "../../../../providers/client-check/index";
import type { Problem } from "../../../../providers/client-check/program";
import { newKey } from "../../../../providers/formats/keyring";
import { fakeCheck } from "../../../support/fake-check";
import { fakeHost, type FakeHost } from "../../../support/fake-host";
import { runOf } from "../../../support/run-of";

const FSID = "11111111-2222-4333-8444-555555555555";

const site = () => {
  const host = fakeHost({ name: "vol1" });
  const container = fakeCheck(host.path("container"));
  const run = runOf({ vol1: host });
  const inputs = (more: object = {}) => ({
    host: "vol1",
    cluster: { fsid: FSID },
    entity: "client.cinder",
    can: { write: ["volumes"], clone: ["images"] },
    prefix: [container.command],
    ...more,
  });
  return { host, container, inputs, said: run.said, of: () => run.of(clientCheck) };
};

const LACKS: Problem = {
  link: "caps",
  op: "create",
  pool: "volumes",
  said: "[errno 1] error creating image",
  errno: 1,
  need: ["rbd", "volumes"],
};

describe("a check of a client", () => {
  test("is done whole by a create, in one program, and once more when a trigger changed", async () => {
    const { of, inputs, container, host } = site();
    const made = await of().create(inputs({ triggers: { keyring: "1" } }));
    expect(made.id).toBe(`vol1/${FSID}/client.cinder`);
    expect(made.outs).toMatchObject({ verified: "yes" });
    expect(host.ran).toEqual(["client-check"]);
    expect((await of().diff(made, inputs({ triggers: { keyring: "1" } }))).changes).toBe(false);
    const changed = inputs({ triggers: { keyring: "2" } });
    expect((await of().diff(made, changed)).changes).not.toBe(false);
    await of().update(made, changed);
    expect(container.plans().map(({ mode }) => mode)).toEqual(["write", "write"]);
  });

  test("is told what the service uses: conf, keyring, user, pools, and nothing secret", async () => {
    const { of, inputs, container } = site();
    await of().create(
      inputs({
        cluster: { fsid: FSID, name: "east" },
        user: "64061",
        keyring: "/etc/ceph/k",
        can: { write: ["volumes/project"], clone: ["images"], read: ["vms"] },
        cannot: { read: ["backups"], write: ["images"] },
        manager: false,
      }),
    );
    expect(container.plans()).toEqual([
      expect.objectContaining({
        entity: "client.cinder",
        cluster: "east",
        conf: "/etc/ceph/east.conf",
        keyring: "/etc/ceph/k",
        user: "64061",
        write: ["volumes/project"],
        clone: ["images"],
        read: ["vms"],
        cannotRead: ["backups"],
        cannotWrite: ["images"],
        manager: false,
        seconds: 120,
      }),
    ]);
  });

  test("of a cluster of another name says which", async () => {
    const { of, inputs, container } = site();
    container.answers({ problems: [LACKS] });
    await expect(of().create(inputs({ cluster: { fsid: FSID, name: "site2" } }))).rejects.toThrow(
      "check of client.cinder of cluster site2 on vol1: caps:",
    );
  });

  test("fails with every broken link and its cure, and leaves no resource", async () => {
    const { of, inputs, container } = site();
    const other: Problem = { link: "pool", op: "open", pool: "images", said: "" };
    container.answers({ problems: [LACKS, { ...LACKS }, other] });
    const error: unknown = await of()
      .create(inputs())
      .catch((thrown: unknown) => thrown);
    expect(error).not.toHaveProperty("properties");
    expect((error as Error).message).toBe(
      [
        "check of client.cinder on vol1: 2 links are broken:",
        '  - caps: client.cinder may not create in pool volumes: its caps lack osd "profile rbd pool=volumes"',
        "  - pool: there is no pool images",
        "  Add it to the caps of its CephAuthEntity.",
        "  A CephPool makes it; or `can` and `cannot` name another than client.cinder uses.",
      ].join("\n"),
    );
  });

  test("a refresh only connects and lists, and what it finds broken shows in words until an update has proven it anew", async () => {
    const { of, inputs, container } = site();
    const made = await of().create(inputs());
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    container.answers({ problems: [{ ...LACKS, op: "list" }] });
    const drifted = await of().refresh(made);
    expect(container.plans().map(({ mode }) => mode)).toEqual(["write", "look", "look"]);
    expect(drifted?.outs["verified"]).toBe(
      'caps: client.cinder may not list in pool volumes: its caps lack osd "profile rbd pool=volumes"',
    );
    if (drifted === undefined) throw new Error("gone");
    expect((await of().diff(drifted, inputs())).changes).not.toBe(false);
    await expect(of().update(drifted, inputs())).rejects.toThrow(/its caps lack osd/);
    container.answers({});
    expect((await of().update(drifted, inputs())).outs["verified"]).toBe("yes");
  });

  test("a refresh does the whole check where the program says that it may write", async () => {
    const { of, inputs, container } = site();
    await of().refresh(await of().create(inputs({ refresh: "write" })));
    expect(container.plans().map(({ mode }) => mode)).toEqual(["write", "write"]);
  });

  test("what cannot be proven is said and is no failure", async () => {
    const { of, inputs, container, said } = site();
    container.answers({
      notes: ["cloning from images is not proven: no image with a protected snapshot is in it"],
    });
    await of().create(inputs());
    expect(said.join()).toContain("check of client.cinder on vol1: cloning from images is not proven");
  });

  test("a destroy opens no connection", async () => {
    const { of, inputs, host } = site();
    const made = await of().create(inputs());
    await of().remove(made);
    expect(host.ran).toEqual(["client-check"]);
  });

  test("a container that is not there, and a python3 without rbd, are said as such", async () => {
    const { of, inputs, container } = site();
    container.ends(1);
    await expect(of().create(inputs())).rejects.toThrow(
      /client-check exited 1 .*ended without an answer\n {2}Error: No such container: cinder_volume\n {2}Is the container there/,
    );
    container.ends(97);
    await expect(of().create(inputs())).rejects.toThrow(/no python3 with the modules rados and rbd/);
  });

  const UUID = "0b4a2bd6-5a38-4a4c-9b9f-1f3f6a5d8c11";
  const withSecret = (host: FakeHost, script: string) => {
    const virsh = host.path("virsh");
    writeFileSync(virsh, `#!/bin/sh\necho "$*" >>"$0.log"\n${script}\n`, { mode: 0o755 });
    return { libvirtSecret: { uuid: UUID, virsh: [virsh] } };
  };

  test("libvirt's secret is read by virsh and handed on by standard input alone", async () => {
    const { of, inputs, container, host } = site();
    const key = newKey();
    await of().create(inputs(withSecret(host, `echo ${key}`)));
    expect(host.ran).toEqual(["client-check", "client-check-secret"]);
    expect(container.plans().map(({ mode }) => mode)).toEqual(["write", "secret"]);
    expect(host.text(host.path("virsh.log"))).toBe(`-q -c qemu:///system secret-get-value ${UUID}\n`);
    expect(JSON.stringify(container.plans())).not.toContain(key);
  });

  test.each([
    ["no secret with matching uuid", `libvirt on vol1 has no secret ${UUID}`],
    ["does not have a value", "has no value"],
    ["Failed to connect socket", "does not answer: Failed to connect socket"],
  ])("libvirt that says %j is told as such", async (said, words) => {
    const { of, inputs, host } = site();
    await expect(of().create(inputs(withSecret(host, `echo "${said}" >&2; exit 1`)))).rejects.toThrow(words);
  });

  test("a private secret cannot be read: that is said, and is no failure", async () => {
    const { of, inputs, host, said } = site();
    await of().create(inputs(withSecret(host, `echo "Invalid secret: secret is private" >&2; exit 1`)));
    expect(said.join()).toContain("is private: that it opens the pools is not proven");
  });

  test("contradictions are refused before any host is asked", async () => {
    const { of, inputs } = site();
    expect(await of().problems(inputs({ can: {} }))).toEqual([
      expect.stringContaining("names at least one pool in `read` or `write`"),
    ]);
    expect(await of().problems(inputs({ can: { clone: ["images"] } }))).toEqual([
      expect.stringContaining("names the pools that are cloned into"),
    ]);
    expect(await of().problems(inputs({ cannot: { write: ["volumes"], read: ["images"] } }))).toEqual([
      expect.stringContaining("must not name a pool that must be read"),
      expect.stringContaining("must not name a pool that must be written"),
    ]);
    expect(await of().problems(inputs({ user: "no body" }))).toHaveLength(1);
    const guests = { guestsOnly: true, user: "nova", cannot: { read: ["backups"] } };
    expect(await of().problems(inputs(guests))).toEqual([
      expect.stringContaining("says by which secret guests open the pools"),
      expect.stringContaining("is the service's, and not looked at"),
      expect.stringContaining("is the service's, and not looked at"),
    ]);
  });
});
