/**
 * What gives orders to the cluster lives in containers: the distribution's own cephadm and podman, with an image of the trees that the hosts are of.
 * A whole life of what a cluster has, by each way in. The cluster's node, which needs no container, is the judge.
 */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CephAuthEntity, CephConfigFile, CephKeyringFile, CephPool } from "../../index";
import type { Outcome, TestStack } from "../support/engine";
import { on } from "../support/hosts";
import { cluster, drifted, good, lifeStack, steps } from "../support/lifecycle";
import { killProviders } from "../support/engine-kill";
import { execOn, renewHost } from "../support/sandbox";

const IMAGE = "localhost/ceph/ceph:sandbox";
const KEYRING = "/etc/ceph/ceph.client.boxed.keyring";
const CONF = "/etc/ceph/boxed.conf";
const ENTITY = "client.boxed";
const FILES = `cd /etc/ceph && ls -A && sha256sum * 2>/dev/null || true`;

const judge = (text: string): Promise<string> => execOn("ceph1", "sh", "-c", text);
const onAdmin = (text: string): Promise<string> => execOn("mon1", "sh", "-c", text);
const clusterHas = () =>
  judge("ceph osd pool ls; ceph auth ls 2>/dev/null; ceph config-key ls; ceph config dump");
const keyIs = async () => (await judge(`ceph auth get-key ${ENTITY}`)).trim();

const CEPHADM = ["cephadm", "shell", "--"];
const MON = `podman run -d --name mon -v /etc/ceph:/etc/ceph:ro ${IMAGE} sleep infinity`;

/** `starts`: processes in containers for a run that makes everything; with tools alone there is one for each order. */
const WAYS: readonly { name: string; prefix: readonly string[]; prepare: string; starts: number }[] = [
  // cephadm starts the image to ask who owns what, before the shell.
  { name: "cephadm shell", prefix: CEPHADM, prepare: "true", starts: 3 },
  {
    name: "podman exec",
    prefix: ["podman", "exec", "-i", "mon"],
    prepare: MON,
    starts: 1,
  },
  {
    name: "a ceph that is a container, on a host without Ceph's libraries",
    prefix: [],
    prepare: `podman container exists mon || ${MON}
      dpkg --force-depends --remove python3-rados python3-rbd ceph-common
      for tool in ceph rados rbd; do
        printf '#!/bin/sh\\nexec podman exec -i mon %s "$@"\\n' $tool >/usr/local/bin/$tool && chmod 755 /usr/local/bin/$tool
      done`,
    starts: 60,
  },
];

interface Desired {
  readonly generation?: number;
  readonly size?: number;
}

const program =
  (prefix: readonly string[], { generation = 1, size = 2 }: Desired = {}) =>
  () => {
    const by = { ...cluster(), ...(prefix.length === 0 ? {} : { prefix: [...prefix] }) };
    const pool = new CephPool("pool", {
      cluster: by,
      name: "boxed",
      size,
      pgNum: 8,
      pgAutoscaleMode: "off",
      onDelete: "remove",
    });
    const entity = new CephAuthEntity(
      "entity",
      {
        cluster: by,
        entity: ENTITY,
        caps: { mon: "profile rbd", osd: "profile rbd pool=boxed" },
        keyGeneration: generation,
      },
      { dependsOn: pool },
    );
    const key = { cluster: by, entity: entity.entity, keyGeneration: entity.keyGeneration };
    new CephKeyringFile("keyring", { ...key, host: "ctl1", path: KEYRING, owner: "glance" });
    new CephConfigFile("conf", { host: "ctl1", cluster: by, path: CONF });
  };

/** Where podman writes down what it does. */
const EVENTS = "/run/libpod/events/events.log";

const pause = () => new Promise((resolve) => setTimeout(resolve, 200));
const running = () => onAdmin("podman ps --quiet --no-trunc");

/** How many processes inside of containers were begun on the admin host while something was done. */
const begun = async (work: () => Promise<unknown>): Promise<number> => {
  const count = async () =>
    Number(await onAdmin(`cat ${EVENTS} 2>/dev/null | grep -cE '"Status":"(start|exec)"' || true`));
  const before = await count();
  await work();
  return (await count()) - before;
};

beforeAll(async () => {
  await renewHost("mon1", "containers");
}, 900_000);

afterAll(async () => {
  await renewHost("mon1");
}, 120_000);

test("a run that is killed leaves no container behind, and the next one completes it", async () => {
  const stack = await lifeStack("boxed-killed", program(CEPHADM));
  try {
    const at = { end: false };
    const run = stack.up().finally(() => (at.end = true));
    while (!at.end && (await running()) === "") await pause();
    killProviders();
    await run;
    while ((await running()) !== "") await pause();
    good(await stack.up());
    expect(await on("ctl1", `cat ${KEYRING}`)).toContain(await keyIs());
    good(await stack.up({ refresh: true, expectNoChanges: true }));
  } finally {
    await stack.destroy();
    await stack.remove();
  }
  expect(await judge("ceph osd pool ls")).not.toMatch(/^boxed$/m);
}, 600_000);

/** One way with every `npm test`; the others take as long each: CONTAINER_WAYS=all. */
const chosen = process.env["CONTAINER_WAYS"] === "all" ? WAYS : WAYS.slice(0, 1);

describe.each(chosen)("by $name", ({ prefix, prepare, starts }) => {
  let stack: TestStack;
  let before: { cluster: string; files: string };
  const printed: string[] = [];
  const keys: string[] = [];
  const heard = (outcome: Outcome): Outcome => {
    printed.push(outcome.output, outcome.events);
    return good(outcome);
  };

  beforeAll(async () => {
    await onAdmin(prepare);
    before = { cluster: await clusterHas(), files: await on("ctl1", FILES) };
    stack = await lifeStack("boxed", program(prefix));
  }, 120_000);

  afterAll(async () => {
    await stack.destroy();
    await stack.remove();
  }, 120_000);

  test("a pool, a user, its keyring and a ceph.conf are made, and there is nothing to do then", async () => {
    const seen = await begun(async () => heard(await stack.up()));
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeLessThanOrEqual(starts);
    keys.push(await keyIs());
    expect(await judge("ceph osd pool ls detail | grep \"'boxed'\"")).toMatch(/ size 2 .* application rbd/);
    expect(await on("ctl1", `cat ${KEYRING}`)).toContain(keys[0]);
    expect(await on("ctl1", `ceph-conf -c ${CONF} -s global fsid`)).toBe(`${cluster().fsid}\n`);
    // The client gets in with what was written.
    expect(await on("ctl1", `rbd -c ${CONF} -k ${KEYRING} -n ${ENTITY} ls boxed`)).toBe("");
    heard(await stack.up({ refresh: true, expectNoChanges: true }));
  }, 600_000);

  test("what a hand changes is seen and mended, and a key rotated", async () => {
    await judge(`ceph osd pool set boxed size 3; ceph auth caps ${ENTITY} mon 'profile rbd' >/dev/null`);
    const seen = drifted(heard(await stack.refresh())).map((line) => line.split(" ")[0]);
    expect([...new Set(seen)]).toEqual(["entity", "pool"]);
    stack.program(program(prefix, { generation: 2 }));
    expect(steps(heard(await stack.up()))).toEqual(["update entity", "update keyring", "update pool"]);
    keys.push(await keyIs());
    expect(keys[1]).not.toBe(keys[0]);
    expect(await on("ctl1", `cat ${KEYRING}`)).toContain(keys[1]);
  }, 600_000);

  test("what is destroyed is gone, everything else as before, and no key was printed", async () => {
    heard(await stack.destroy());
    expect({ cluster: await clusterHas(), files: await on("ctl1", FILES) }).toEqual(before);
    for (const key of keys) expect(printed.join("\n")).not.toContain(key);
  }, 600_000);
});
