/** A key changes for everybody who holds it, or for nobody: on the real engine, hosts and cluster. Clients prove it. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephAuthEntity, CephKeyringFile, CephPool, ConfigSection, LibvirtSecret } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph, on } from "../support/hosts";
import { cluster, good, lifeStack, removePools, resources } from "../support/lifecycle";
import { killProviders } from "../support/engine-kill";
import { withoutCable } from "../support/sandbox";

const ENTITY = "client.spread";
const KEYRING = "/etc/ceph/ceph.client.spread.keyring";
const HOSTS = ["vol1", "cmp1", "cmp2"] as const;

const WRAPPER = "/usr/local/bin/virsh";

/** A virsh before the real one, which does this first. */
const virsh = (text: string): Promise<string> =>
  on(
    "cmp1",
    `rm -f /tmp/set; cat >${WRAPPER}; chmod 755 ${WRAPPER}`,
    `#!/bin/sh\n${text}\nexec /usr/bin/virsh "$@"\n`,
  );

interface Desired {
  readonly generation?: number;
  readonly withBroken?: boolean;
}

const program =
  ({ generation = 1, withBroken = false }: Desired = {}) =>
  () => {
    const pool = new CephPool("pool", {
      cluster: cluster(),
      name: "spread",
      size: 2,
      minSize: 1,
      pgNum: { initial: 8 },
      pgAutoscaleMode: "warn",
      onDelete: "remove",
    });
    const user = new CephAuthEntity("user", {
      cluster: cluster(),
      entity: ENTITY,
      caps: { mon: "profile rbd", osd: pool.name.apply((name) => `profile rbd pool=${name}`) },
      keyGeneration: generation,
    });
    const { entity, keyGeneration } = user;
    const desired = { cluster: cluster(), entity, keyGeneration };
    for (const host of HOSTS) new CephKeyringFile(`keyring-${host}`, { ...desired, host, owner: "root" });
    new LibvirtSecret("secret", { ...desired, host: "cmp1" });
    if (withBroken)
      new ConfigSection("broken", {
        host: "vol1",
        path: "/srv/spread/no.conf",
        section: "a",
        options: { b: "1" },
      });
  };

let stack: TestStack;

beforeAll(async () => {
  stack = await lifeStack("spread", program());
  good(await stack.up());
}, 180_000);

afterAll(async () => {
  await on("vol1", "umount /etc/ceph 2>/dev/null || :");
  await on("cmp1", `rm -f ${WRAPPER}`);
  await stack.destroy();
  await removePools("spread");
  await stack.remove();
}, 180_000);

const keyInCluster = async (): Promise<string> => (await ceph(`ceph auth get-key ${ENTITY}`)).trim();

/** On which hosts a client with the keyring of that host can list the pool. */
const served = async (): Promise<string[]> => {
  const conf = await ceph("ceph config generate-minimal-conf");
  const text = `c=$(mktemp); trap 'rm -f $c' EXIT; cat >$c; timeout 20 rbd -c $c -k ${KEYRING} -n ${ENTITY} -p spread ls`;
  const all = await Promise.all(
    HOSTS.map((host) =>
      on(host, text, conf).then(
        () => [host],
        () => [],
      ),
    ),
  );
  return all.flat();
};

const secretValue = async (): Promise<string> =>
  (
    await on(
      "cmp1",
      "for u in $(virsh -q secret-list | awk '/spread/ {print $1}'); do virsh secret-get-value $u; done",
    )
  ).trim();

let generation = 1;
/** The next generation, so that no test needs what another left. */
const next = (): Desired => ({ generation: (generation += 1) });

const inodes = () => Promise.all(HOSTS.map((host) => on(host, `stat -c %i:%z ${KEYRING}`)));

const allServed = async (): Promise<void> => {
  expect(await served()).toEqual([...HOSTS]);
  expect(await secretValue()).toBe(await keyInCluster());
};

test("an unrelated resource that fails leaves nobody with a dead key", async () => {
  const old = await keyInCluster();
  stack.program(program({ ...next(), withBroken: true }));
  expect((await stack.up()).output).toMatch(/no\.conf/);
  expect(await keyInCluster()).not.toBe(old);
  await allServed();
}, 120_000);

test("the entity as the only target reaches them all, and the next up writes nothing on a host", async () => {
  const old = await keyInCluster();
  stack.program(program(next()));
  const target = (await resources(stack)).get("user")?.urn ?? "";
  good(await stack.up({ target: [target] }));
  expect(await keyInCluster()).not.toBe(old);
  await allServed();
  const before = await inodes();
  good(await stack.up());
  expect(await inodes()).toEqual(before);
}, 120_000);

test("with a host that does not answer, a file system that cannot be written and a libvirt that fails it is not begun", async () => {
  const old = await keyInCluster();
  stack.program(program(next()));
  await on("vol1", "mount --bind /etc/ceph /etc/ceph && mount -o remount,ro,bind /etc/ceph");
  await virsh(`case " $* " in *" secret-set-value "*) echo "error: failed to connect" >&2; exit 1 ;; esac`);
  const { error, output } = await withoutCable("cmp2", () => stack.up());
  await on("vol1", "umount /etc/ceph");
  await on("cmp1", `rm ${WRAPPER}`);
  expect(error).toBeDefined();
  const said = output.slice(output.indexOf("is not changed"));
  expect(said).toMatch(/ceph\.client\.spread\.keyring on vol1: [^]*Read-only file system/);
  expect(said).toMatch(/libvirt secret \S+ on cmp1: [^]*failed to connect/);
  expect(said).toMatch(
    /ceph\.client\.spread\.keyring on cmp2: host cmp2: [^]*Nothing was touched[^]*forget:HOST/,
  );
  expect(await keyInCluster()).toBe(old);
  await allServed();
}, 120_000);

test("a run killed right after the key has changed is completed by the next, with the same key", async () => {
  const old = await keyInCluster();
  stack.program(program(next()));
  // The first value is the one that is tried, the second the new key.
  await virsh(
    `case " $* " in *" secret-set-value "*) echo >>/tmp/set; [ "$(wc -l </tmp/set)" -lt 2 ] || sleep 20 ;; esac`,
  );
  const running = stack.up();
  while ((await keyInCluster()) === old) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(killProviders()).toBeGreaterThan(0);
  expect((await running).error).toBeDefined();
  await on("cmp1", `rm -f ${WRAPPER} /tmp/set`);
  const fresh = await keyInCluster();
  expect(await secretValue()).toBe(old);
  good(await stack.up());
  expect(await keyInCluster()).toBe(fresh);
  await allServed();
}, 120_000);
