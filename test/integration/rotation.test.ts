/** A rotation in an integration: one number more touches one entity, its keyring files and libvirt secrets, and nothing else anywhere. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephOpenStackIntegration } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph, clusterDump, differences, on, snapshots } from "../support/hosts";
import { cluster, good, lifeStack, removePools } from "../support/lifecycle";
import { namedBy } from "../support/previews";

const POOLS = ["images", "volumes", "backups", "vms"];
const pool = { size: 2, minSize: 1, pgNum: { initial: 8 }, pgAutoscaleMode: "warn" } as const;
const pools = Object.fromEntries(POOLS.map((key) => [key, { ...pool, name: `turn-${key}` }]));

const program = (generation: number) => () => {
  new CephOpenStackIntegration("turn", {
    cluster: cluster(),
    openstackRelease: "zed",
    pools,
    glance: { hosts: ["ctl1"] },
    cinder: { hosts: ["vol1"] },
    cinderBackup: { hosts: ["vol1"] },
    nova: { hosts: ["cmp1", "cmp2"] },
    keyGenerations: { cinder: generation },
    manage: false,
  });
};

const KEYRING = "/etc/ceph/ceph.client.cinder.keyring";
const TOUCHED = [
  "turn-auth-cinder keyGeneration",
  "turn-cmp1-keyring-cinder keyGeneration",
  "turn-cmp1-secret keyGeneration",
  "turn-cmp2-keyring-cinder keyGeneration",
  "turn-cmp2-secret keyGeneration",
  "turn-vol1-keyring-cinder keyGeneration",
];

let stack: TestStack;

beforeAll(async () => {
  stack = await lifeStack("rotation", program(1));
  good(await stack.up());
}, 120_000);

afterAll(async () => {
  await stack.destroy();
  await removePools(...POOLS.map((key) => `turn-${key}`));
  await stack.remove();
}, 120_000);

/** Lists the pool as cinder's user, with the keyring that is given. */
const list = async (keyring: string): Promise<string> => {
  const conf = await ceph("ceph config generate-minimal-conf");
  const text = `d=$(mktemp -d); trap 'rm -rf $d' EXIT; cat >$d/all; sed '/^---$/,$d' $d/all >$d/conf
    sed '1,/^---$/d' $d/all >$d/keyring; rbd -c $d/conf -k $d/keyring --id cinder -p turn-volumes ls`;
  return on("vol1", text, `${conf}\n---\n${keyring}`);
};

/** Paths that are not as they were; our own records, and directories whose entries were renamed into place, left out. */
const paths = (lines: readonly string[]): string[] => {
  const found = lines
    .filter((line) => !/: [-+] d /.test(line))
    .map((line) => `${line.split(":")[0] ?? ""} ${/ (\/\S+)\s*$/.exec(line)?.[1] ?? line}`);
  return [...new Set(found)].filter((line) => !line.includes("/var/lib/pulumi-ceph-openstack/")).sort();
};

const fingerprints = async (): Promise<Map<string, string>> => {
  const { entities } = await clusterDump();
  const blocks = entities.split(/\n(?=\S)/).filter((block) => block.startsWith("client."));
  return new Map(blocks.map((block) => [block.split("\n")[0] ?? "", block]));
};

test("one generation more touches the entity, its keyrings and its secrets, and nothing else", async () => {
  const old = await on("vol1", `cat ${KEYRING}`);
  await expect(list(old)).resolves.toBe("");
  const [before, entities, { pools: poolsBefore }] = [
    await snapshots({ exact: true }),
    await fingerprints(),
    await clusterDump(),
  ];
  const uuid = (await on("cmp1", "virsh -q secret-list | awk 'NR == 1 {print $1}'")).trim();

  stack.program(program(2));
  expect(namedBy(good(await stack.preview()).steps)).toEqual(TOUCHED);
  expect(namedBy(good(await stack.up()).steps)).toEqual(TOUCHED);

  const value = `/etc/libvirt/secrets/${uuid}.base64`;
  expect(paths(differences(before, await snapshots({ exact: true })))).toEqual([
    `cmp1 ${KEYRING}`,
    `cmp1 ${value}`,
    `cmp2 ${KEYRING}`,
    `cmp2 ${value}`,
    `vol1 ${KEYRING}`,
  ]);
  const after = await fingerprints();
  expect([...after.keys()]).toEqual([...entities.keys()]);
  const changed = [...after].filter(([name, text]) => entities.get(name) !== text);
  expect(changed.map(([name]) => name)).toEqual(["client.cinder"]);
  expect((await clusterDump()).pools).toBe(poolsBefore);

  await expect(list(old)).rejects.toThrow(/error connecting|Permission denied|Operation not permitted/);
  for (const host of ["vol1", "cmp1", "cmp2"] as const)
    await expect(list(await on(host, `cat ${KEYRING}`))).resolves.toBe("");
}, 180_000);

test("a second up after it has nothing to do, and finds no drift", async () => {
  const again = good(await stack.up({ refresh: true, expectNoChanges: true }));
  expect([again.steps, again.drift]).toEqual([[], []]);
});
