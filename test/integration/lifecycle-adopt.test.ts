/** Pools and entities that were there before, by the real engine: taken as they are, refused with every difference, changed, left alone. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephAuthEntity, CephPool, type Adopt } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph, clusterDump } from "../support/hosts";
import { cluster, good, lifeStack, records, removePools, resources, steps } from "../support/lifecycle";

interface Desired {
  readonly size: number;
  readonly mon: string;
  readonly adopt?: Adopt;
}

const program =
  ({ size, mon, adopt }: Desired) =>
  () => {
    const policy = adopt === undefined ? {} : { adopt };
    new CephPool("pool", {
      cluster: cluster(),
      name: "life-foreign",
      size,
      minSize: 1,
      compression: { mode: "none" },
      ...policy,
    });
    const caps = { mon, osd: "profile rbd pool=life-foreign" };
    new CephAuthEntity("entity", { cluster: cluster(), entity: "client.life-foreign", caps, ...policy });
  };

const THERE: Desired = { size: 2, mon: "profile rbd" };

const dump = async () => {
  const { pools, entities } = await clusterDump();
  return { pools, entities };
};

let stack: TestStack;
let before: Awaited<ReturnType<typeof dump>>;

beforeAll(async () => {
  await ceph(`
    ceph osd pool create life-foreign 8 --autoscale-mode off
    ceph osd pool set life-foreign size 2; ceph osd pool set life-foreign min_size 1
    ceph osd pool set life-foreign compression_mode none
    ceph osd pool application enable life-foreign rbd; rbd pool init life-foreign
    ceph auth get-or-create client.life-foreign mon 'profile rbd' osd 'profile rbd pool=life-foreign'`);
  before = await dump();
  stack = await lifeStack("adopt", program(THERE));
}, 120_000);

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await removePools("life-foreign");
  await ceph("ceph auth rm client.life-foreign");
}, 120_000);

test("what differs is refused by a list of every difference, and nothing is touched", async () => {
  stack.program(program({ size: 3, mon: "allow r" }));
  const { error, output } = await stack.up();
  expect(error).toBeDefined();
  expect(output).toContain("pool life-foreign is there already and differs: size: 2 there, 3 desired");
  expect(output).toMatch(/client\.life-foreign is there already and differs: .*profile rbd.*allow r/);
  expect(await dump()).toEqual(before);
  expect([...(await resources(stack)).keys()]).not.toContain("pool");
});

test('adopt "never" refuses what is there, also when it agrees', async () => {
  stack.program(program({ ...THERE, adopt: "never" }));
  const { error, output } = await stack.up();
  expect(error).toBeDefined();
  expect(output).toContain('pool life-foreign is there already, and adopt is "never"');
  expect(output).toContain('client.life-foreign is there already, and adopt is "never"');
  expect(await records()).toBe("");
});

test("what agrees is adopted without a write or a record; a destroy leaves it", async () => {
  stack.program(program(THERE));
  // The epoch of the pool's own last change: that of the map moves on by what others do.
  const lastChange = () => ceph("ceph osd pool ls detail | grep -o \"'life-foreign'.* last_change [0-9]*\"");
  const at = await lastChange();
  expect(at).toMatch(/last_change [1-9]/);
  expect(steps(good(await stack.up()))).toEqual(["create entity", "create pool"]);
  const adopted = await resources(stack);
  expect([adopted.get("pool")?.outputs["origin"], adopted.get("entity")?.outputs["origin"]]).toEqual([
    "adopted",
    "adopted",
  ]);
  expect(await records()).toBe("");
  good(await stack.up({ refresh: true, expectNoChanges: true }));
  good(await stack.destroy());
  expect(await lastChange()).toBe(at);
  expect(await dump()).toEqual(before);
}, 120_000);

test('adopt "overwrite" changes what differs, records that it was there, and a destroy leaves it', async () => {
  stack.program(program({ size: 3, mon: "allow r", adopt: "overwrite" }));
  good(await stack.up());
  const changed = await dump();
  expect(changed.pools).toMatch(/"pool_name": "life-foreign".*"size": 3/);
  expect(changed.entities).toContain("caps: [mon] allow r\n");
  expect(await ceph("ceph config-key get pulumi-ceph-openstack/pool/life-foreign")).toContain(
    '"origin":"adopted"',
  );
  const { output } = good(await stack.destroy());
  expect(output).toContain("pool life-foreign and its data are kept");
  expect(output).toContain("client.life-foreign stays");
  expect(await dump()).toEqual(changed);
  expect(await records()).toBe("");
}, 120_000);
