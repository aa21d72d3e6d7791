import { expect, test } from "@jest/globals";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { cephAuthEntity } from "../../../../providers/ceph-auth-entity/index";
import { cephKeyringFile } from "../../../../providers/ceph-keyring-file/index";
import { clientCheck } from "../../../../providers/client-check/index";
import { configSection } from "../../../../providers/config-section/index";
import { directory } from "../../../../providers/directory/index";
import { findingsOf, type Finding } from "../../../../providers/doctor/finding";
import { newDoctor } from "../../../../providers/doctor/index";
import { newKey } from "../../../../providers/formats/keyring";
import type { Artifact } from "../../../../providers/kernel/contract";
import { newSurroundings } from "../../../../providers/kernel/surroundings";
import { UNKNOWN } from "../../../../providers/kernel/json";
import { oneOf, optional } from "../../../../providers/kernel/shape";
import { verbs } from "../../../../providers/kernel/verbs";
import { Failure } from "../../../../providers/remote/failure";
import type { Machine } from "../../../../providers/remote/machine";
import { fakeCeph16_2_15 } from "../../../support/fake-ceph";
import { fakeCheck } from "../../../support/fake-check";
import { fakeHost } from "../../../support/fake-host";
import { newWorld, thing, type ThingInputs } from "../../../support/memory-artifact";
import { ownerOf } from "../../../support/run-of";

/** The checks of one preview, with the doctor behind them. */
const visit = (machines: Readonly<Record<string, Machine>> = {}) => {
  const host = fakeHost({ name: "vol1" });
  const lines: string[] = [];
  const surroundings = newSurroundings({
    env: {},
    say: () => undefined,
    examine: newDoctor((line) => lines.push(line)),
    connect: () => ({
      machine: (name) => {
        const machine = { vol1: host, ...machines }[name];
        if (machine !== undefined) return machine;
        const failed = () =>
          Promise.reject(
            new Failure({ code: "unreachable", host: name, what: "no route", cure: "Plug it in." }),
          );
        return { name, run: failed, open: failed };
      },
      web: () => Promise.reject(new Error("no service of HTTP in this test")),
      close: () => Promise.resolve(),
    }),
  });
  surroundings.configure(() => undefined);
  const check = <I extends object, X>(artifact: Artifact<I, X>, inputs: object, name = "a") =>
    verbs(artifact, surroundings).check({}, { ...inputs, __owner: ownerOf(name) });
  const findings = (): Finding[] => findingsOf(lines.join("\n"));
  const of = (resource: string) =>
    findings()
      .filter((one) => one.resource === resource)
      .map(({ status, text }) => [status, text]);
  return { host, check, findings, of };
};

const options = { a: "1" };

test("what is as desired, differs, or is not there is told, and nothing is written", async () => {
  const { host, check, of } = visit();
  mkdirSync(host.path("etc"));
  const path = host.path("etc", "x.conf");
  writeFileSync(path, "[same]\na = 1\n[other]\na = 2\n");
  const before = [readdirSync(host.root), readdirSync(host.path("etc")), host.text(path)];
  await check(configSection, { host: "vol1", path, section: "same", options }, "same");
  await check(configSection, { host: "vol1", path, section: "other", options }, "other");
  await check(configSection, { host: "vol1", path, section: "new", options }, "new");
  await check(directory, { host: "vol1", path: host.path("made") }, "made");
  expect(of("same")).toEqual([["ready", "is as desired"]]);
  expect(of("other")).toEqual([["to change", "is there and differs in options"]]);
  expect(of("new")[0]?.[0]).toMatch(/^to (make|change)$/);
  expect(of("made")).toEqual([["to make", "is not there"]]);
  expect([readdirSync(host.root), readdirSync(host.path("etc")), host.text(path)]).toEqual(before);
});

/** A thing that `adopt` is asked of, there already where it has an origin. */
const adoptable = (origin?: string): Artifact<ThingInputs> => {
  const made = thing(newWorld());
  const found = origin === undefined ? undefined : { managed: { size: 5 }, facts: { origin } };
  const shape = { ...made.shape, adopt: optional(oneOf("if-identical", "overwrite", "only", "never")) };
  return { ...made, shape, observe: () => Promise.resolve({ found, look: undefined }) };
};

test("what is there already is trouble where it is never to be taken over, as desired or not, unless it is ours", async () => {
  const { check, of } = visit();
  const never = (resource: string) => ({ name: resource, adopt: "never" });
  await check(adoptable("adopted"), { ...never("same"), size: 5 }, "same");
  await check(adoptable("adopted"), { ...never("other"), size: 3 }, "other");
  await check(adoptable("created"), { ...never("ours"), size: 5 }, "ours");
  await check(adoptable(), { ...never("gone"), size: 5 }, "gone");
  const trouble = ["trouble", expect.stringMatching(/is there already.*an `up` fails \(adopt: "never"\)/)];
  expect([of("same"), of("other")]).toEqual([[trouble], [trouble]]);
  expect([of("ours")[0]?.[0], of("gone")[0]?.[0]]).toEqual(["ready", "to make"]);
});

test("what an up may add to is a change, as long as it has nothing else to change", async () => {
  const { check, of } = visit();
  for (const [only, resource] of [
    [true, "added"],
    [false, "changed"],
  ] as const)
    await check({ ...adoptable("adopted"), addsOnly: () => only }, { name: resource, size: 3 }, resource);
  expect(of("added")).toEqual([["to change", expect.stringContaining("differs in size")]]);
  expect(of("changed")).toEqual([["trouble", expect.stringContaining("differs in size")]]);
});

test("of a user the caps that are there and those that are desired are told, and whether an up would refuse it", async () => {
  const ceph = fakeCeph16_2_15();
  const cluster = { fsid: ceph.fsid, admin: "mon1" };
  const caps = { mon: "profile rbd", osd: "profile rbd" };
  ceph.entities.set("client.less", { key: newKey(), caps: { mon: "profile rbd" } });
  ceph.entities.set("client.more", { key: newKey(), caps: { ...caps, mon: "allow r, profile rbd" } });
  const told = async (inputs: object) => {
    const { check, of } = visit({ mon1: ceph.machine });
    await check(cephAuthEntity, { cluster, entity: "client.less", caps, ...inputs });
    return of("a").at(-1);
  };
  const differs = `is there and differs in caps: "mon 'profile rbd'" there, "mon 'profile rbd' osd 'profile rbd'" desired`;
  expect(await told({ adopt: "add-caps" })).toEqual(["to change", differs]);
  expect(await told({})).toEqual([
    "trouble",
    expect.stringContaining(`${differs}, and is not recorded as made by this package`),
  ]);
  expect(await told({ entity: "client.more", adopt: "add-caps" })).toEqual([
    "trouble",
    expect.stringMatching(/caps: "mon 'allow r, profile rbd' .*" there, .*an `up` leaves it and fails/),
  ]);
  expect(await told({ caps: { ...caps, osd: UNKNOWN } })).toEqual([
    "not known yet",
    expect.stringContaining("caps may differ"),
  ]);
  expect(ceph.writes()).toEqual([]);
});

test("what an up would not adopt is trouble, and not a change", async () => {
  const { check, of } = visit();
  await check(adoptable("adopted"), { name: "a", size: 3 }, "differs");
  await check(adoptable("adopted"), { name: "b", size: 3, adopt: "overwrite" }, "changed");
  await check(adoptable("created"), { name: "c", size: 3 }, "ours");
  await check(adoptable("adopted"), { name: "d", size: 5 }, "same");
  await check(adoptable(), { name: "e", size: 3, adopt: "only" }, "absent");
  expect(of("absent")).toEqual([["trouble", expect.stringContaining('is to be there (adopt: "only")')]]);
  expect(of("differs")).toEqual([["trouble", expect.stringMatching(/differs in size.*fails.*`adopt`/)]]);
  expect(of("changed")).toEqual([["to change", "is there and differs in size"]]);
  expect(of("ours")).toEqual([["to change", "is there and differs in size"]]);
  expect(of("same")).toEqual([["ready", "is as desired"]]);
});

test("users, files and directories that are not there are trouble, each with its cure", async () => {
  const { host, check, of } = visit();
  mkdirSync(host.path("etc"));
  const lost = { host: "vol1", path: host.path("etc", "lost.conf"), section: "a", options };
  await check(configSection, lost, "lost");
  await check(configSection, { ...lost, section: "b", createFile: {} }, "created");
  await check(configSection, { ...lost, path: host.path("deep", "x.conf"), createFile: {} }, "deep");
  await check(
    directory,
    { host: "vol1", path: host.path("b"), owner: "nobody-here", group: "none-here" },
    "owned",
  );
  await check(directory, { host: "vol1", path: host.path("c"), owner: "42407", group: "42407" }, "numbered");
  expect(of("lost")).toEqual([["trouble", expect.stringContaining("createFile")]]);
  expect(of("created")).toEqual([["to make", "is not there"]]);
  expect(of("deep")).toEqual([["trouble", expect.stringContaining(`no directory ${host.path("deep")}`)]]);
  expect(of("owned").map(([, text]) => text)).toEqual([
    expect.stringContaining("no user nobody-here"),
    expect.stringContaining("no group none-here"),
  ]);
  expect(of("numbered")).toEqual([["to make", "is not there"]]);
});

test("a keyring whose group is that of its owner lacks no group of such a name", async () => {
  const { host, check, of } = visit();
  const keyFrom = { host: "vol1", path: host.path("handed-over") };
  writeFileSync(keyFrom.path, `[client.cinder]\n\tkey = ${newKey()}\n`);
  const cluster = { fsid: "11111111-2222-4333-8444-555555555555" };
  const { username: owner } = userInfo();
  const path = host.path("keyring");
  await check(cephKeyringFile, { host: "vol1", cluster, entity: "client.cinder", keyFrom, owner, path });
  expect(of("a")).toEqual([["to make", "is not there"]]);
});

test("a host that does not answer is trouble once; what lies on it waits", async () => {
  const { check, findings } = visit();
  for (const name of ["a", "b"]) await check(directory, { host: "far", path: `/srv/${name}` }, name);
  expect(findings().map(({ subject, status }) => [subject, status])).toEqual([
    ["host far", "trouble"],
    ["/srv/a on far", "not known yet"],
    ["/srv/b on far", "not known yet"],
  ]);
  expect(findings()[0]?.text).toContain("Plug it in.");
});

test("what a check refuses is told by the resource's name, before any host is asked", async () => {
  const { check, of, host } = visit();
  await check(directory, { host: "vol1", path: "srv" }, "bad");
  expect(of("bad")).toEqual([["trouble", expect.stringContaining("absolute path")]]);
  expect(host.ran).toEqual([]);
});

test("a host that answers is one line, read once, whatever the number of resources", async () => {
  const { check, findings, host } = visit();
  for (const name of ["a", "b", "c"]) await check(directory, { host: "vol1", path: host.path(name) }, name);
  expect(findings().filter(({ subject }) => subject === "host vol1")).toEqual([
    { subject: "host vol1", status: "ready", text: expect.stringContaining("reached as the superuser") },
  ]);
  expect(host.ran.filter((name) => name === "doctor-host")).toHaveLength(1);
});

test("a sudo that keeps what programs are given is told, once for each host", async () => {
  const { host, check, findings } = visit();
  mkdirSync(host.path("bin"));
  const says = "Matching Defaults entries for ops on vol1:\\n    env_reset, log_input\\n";
  writeFileSync(host.path("bin", "sudo"), `#!/bin/sh\n[ "$*" = "-n -l -U ops" ] && printf '${says}'\n`, {
    mode: 0o755,
  });
  host.before = (request) => {
    const { program } = request;
    return { ...request, program: { ...program, text: `SUDO_USER=ops\n${program.text}` } };
  };
  for (const name of ["a", "b"]) await check(directory, { host: "vol1", path: host.path(name) }, name);
  expect(findings().filter(({ status }) => status === "warning")).toEqual([
    { subject: "host vol1", status: "warning", text: expect.stringContaining("(log_input)") },
  ]);
});

test("a check of a client is left to the up, also where a refresh may write", async () => {
  const { host, check, of } = visit();
  const container = fakeCheck(host.path("container"));
  await check(
    clientCheck,
    {
      host: "vol1",
      cluster: { fsid: "11111111-2222-4333-8444-555555555555" },
      entity: "client.cinder",
      can: { write: ["volumes"] },
      prefix: [container.command],
      refresh: "write",
    },
    "proof",
  );
  expect(container.plans()).toEqual([]);
  expect(of("proof")).toEqual([["not known yet", "is proven by an `up`"]]);
});
