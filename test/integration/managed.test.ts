/** The component with all that it manages beside files: restarts and proofs, on real units and a real cluster. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephOpenStackIntegration } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph, on } from "../support/hosts";
import { cluster, good, lifeStack, removePools, steps } from "../support/lifecycle";
import { ALL_UNITS, restartedBy, UNITS } from "../support/restarts";

const pool = { size: 2, minSize: 1, pgNum: { initial: 8 }, pgAutoscaleMode: "warn" } as const;

const program =
  (cache = "network=writeback", checks = true) =>
  () => {
    const rbd = new CephOpenStackIntegration("managed", {
      cluster: cluster(),
      openstackRelease: "zed",
      pools: {
        images: { ...pool, name: "managed-images" },
        volumes: { ...pool, name: "managed-volumes" },
        backups: { ...pool, name: "managed-backups" },
        vms: { ...pool, name: "managed-vms" },
      },
      users: { glance: "managed-glance", cinder: "managed-cinder", cinderBackup: "managed-backup" },
      glance: { hosts: ["ctl1"] },
      cinder: { hosts: ["vol1"] },
      cinderBackup: { hosts: ["vol1"] },
      nova: { hosts: ["cmp1", "cmp2"], options: { libvirt: { disk_cachemodes: cache } } },
      // Packages and services are as the program says nothing of them: the sandbox's indices have no QEMU.
      manage: { checks },
    });
    return { verified: rbd.verified };
  };

let stack: TestStack;

beforeAll(async () => {
  for (const [host, unit] of UNITS) await on(host, `systemctl start ${unit}`);
  stack = await lifeStack("managed", program());
});

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await removePools("managed-images", "managed-volumes", "managed-backups", "managed-vms");
  for (const [host, unit] of UNITS) await on(host, `systemctl stop ${unit}`);
}, 120_000);

test("an up restarts each service once and proves what its key can do; a second one changes nothing and restarts nothing", async () => {
  let said = "";
  expect(
    await restartedBy(UNITS, async () => {
      said = good(await stack.up()).output;
    }),
  ).toEqual(ALL_UNITS);
  expect(await stack.outputs()).toMatchObject({ verified: true });
  for (const host of ["cmp1", "cmp2"])
    expect(said).toContain(`warning: ${host}: qemu-block-extra is missing, and cannot be had`);
  const again = () => stack.up({ refresh: true });
  expect(await restartedBy(UNITS, async () => expect(steps(good(await again()))).toEqual([]))).toEqual([]);
}, 240_000);

const LEDGER = "/var/lib/pulumi-ceph-openstack";

/** In one process: keeps our records of the cluster in a file and removes them, or puts them back. */
const KEEP = `
import json, rados, sys
def key(verb, name, value=b""):
    code, out, said = ceph.mon_command(json.dumps({"prefix": "config-key " + verb, "key": name}), value)
    assert code == 0, said
    return out
with rados.Rados(conffile="/etc/ceph/ceph.conf", name="client.admin") as ceph:
    if sys.argv[1] == "keep":
        kept = json.loads(key("dump", "pulumi-ceph-openstack/"))
        json.dump(kept, open("/root/kept", "w"))
        for name in kept: key("rm", name)
    else:
        for name, value in json.load(open("/root/kept")).items(): key("set", name, value.encode())
`;

const records = (verb: "keep" | "back") => ceph(`/usr/bin/python3 -c '${KEEP}' ${verb}`);

/** What we know of hosts and cluster is gone while `work` runs: then nobody can tell who configured the cloud. */
const withoutRecords = async (work: () => Promise<void>): Promise<void> => {
  const hosts = ["ctl1", "vol1", "cmp1", "cmp2"] as const;
  await records("keep");
  for (const host of hosts) await on(host, `mv ${LEDGER} /root/kept-ledger`);
  await work();
  for (const host of hosts) await on(host, `rm -rf ${LEDGER}; mv /root/kept-ledger ${LEDGER}`);
  await records("back");
};

test("a first up of a cloud that is configured so already restarts nothing and changes no file, nor does its destroy", async () => {
  await withoutRecords(async () => {
    const other = await lifeStack("managed-again", program(undefined, false));
    const files = () => on("cmp1", "stat -c '%n %y %i' /etc/ceph/* /etc/nova/nova.conf");
    const before = await files();
    try {
      expect(await restartedBy(UNITS, async () => good(await other.up()))).toEqual([]);
      expect(await files()).toBe(before);
    } finally {
      expect(await restartedBy(UNITS, () => other.destroy())).toEqual([]);
      await other.remove();
    }
    expect(await files()).toBe(before);
  });
}, 240_000);

test("a changed option of the computes restarts these alone, for the reason that the preview names", async () => {
  stack.program(program("network=none"));
  const preview = good(await stack.preview({ diff: true }));
  const service = preview.steps.find(({ name }) => name === "managed-cmp1-nova-service");
  expect(service?.properties).toEqual(['triggers["[libvirt] disk_cachemodes"]']);
  expect(await restartedBy(UNITS, async () => good(await stack.up()))).toEqual([
    "cmp1 nova-compute",
    "cmp2 nova-compute",
  ]);
}, 240_000);

const BROKEN = "/run/systemd/system/cinder-volume.service.d/broken.conf";
const breakIt = `mkdir -p $(dirname ${BROKEN}); printf '[Service]\\nExecStartPre=/bin/false\\n' >${BROKEN}; systemctl daemon-reload`;
const mendIt = `rm ${BROKEN}; systemctl daemon-reload`;
const lines = () => on("cmp1", "grep -c '^disk_cachemodes' /etc/nova/nova.conf || true");

/** Another destroy, while the first service is as broken as before: it restarts what was left, computes last. */
const restOf = async (): Promise<void> => {
  const restarted = await restartedBy(UNITS, async () => good(await stack.destroy()));
  expect(restarted).toEqual(expect.arrayContaining(["cmp1 nova-compute", "cmp2 nova-compute"]));
  expect(await lines()).toBe("0\n");
  const begun = async (host: (typeof UNITS)[number][0], unit: string) =>
    Number(await on(host, `systemctl show -p ActiveEnterTimestampMonotonic --value ${unit}`));
  const backup = await begun("vol1", "cinder-backup");
  for (const host of ["cmp1", "cmp2"] as const)
    expect(await begun(host, "nova-compute")).toBeGreaterThan(backup);
};

test("a destroy restarts nothing after a service that does not come back, and another one goes on without it", async () => {
  expect(await lines()).toBe("1\n");
  await on("vol1", breakIt);
  try {
    const restarted = await restartedBy(UNITS, async () => {
      const failed = await stack.destroy();
      expect(failed.error).toBeDefined();
      expect(failed.output).toMatch(/cinder-volume.*another destroy goes on without it/);
    });
    for (const later of ["cmp1 nova-compute", "cmp2 nova-compute"]) expect(restarted).not.toContain(later);
    await restOf();
  } finally {
    await on("vol1", mendIt);
  }
  await on("vol1", "systemctl restart cinder-volume");
}, 480_000);
