/** The component on a host whose services are containers: files, secret, restarts and proofs, by real podman. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephOpenStackIntegration, ClientCheck, Service } from "../../index";
import type { TestStack } from "../support/engine";
import { begunBy, makeKollaHost, onKolla, SERVICES } from "../support/kolla-site";
import { cluster, drifted, good, lifeStack, removePools, steps } from "../support/lifecycle";
import { killProviders } from "../support/engine-kill";
import { execOn, renewHost } from "../support/sandbox";

const pool = { size: 2, minSize: 1, pgNum: { initial: 8 }, pgAutoscaleMode: "off" } as const;
const host = "cmp1";
const EXEC = ["podman", "exec", "-i"];
const NOVA = "/etc/kolla/nova-compute/nova.conf";

interface Desired {
  readonly cache?: string;
  readonly own?: boolean;
}

const program =
  ({ cache = "network=writeback", own = false }: Desired = {}) =>
  () => {
    const rbd = new CephOpenStackIntegration("kolla", {
      cluster: cluster(),
      openstackRelease: "2025.1",
      pools: {
        images: { ...pool, name: "kolla-images" },
        volumes: { ...pool, name: "kolla-volumes" },
        vms: { ...pool, name: "kolla-vms" },
      },
      users: { glance: "kolla-glance", cinder: "kolla-cinder" },
      glance: { hosts: [host] },
      cinder: { hosts: [host] },
      nova: { hosts: [host], options: { libvirt: { disk_cachemodes: cache } } },
      layout: { preset: "kolla-containers", virsh: [...EXEC, "nova_libvirt", "virsh"] },
      manage: { packages: false, directories: false, services: true, checks: true },
    });
    if (!own) return { verified: rbd.verified };
    // As Kolla's own images have it: who comes in is the service's user already.
    new ClientCheck(
      "own-check",
      {
        host,
        cluster: cluster(),
        entity: "client.kolla-glance",
        can: { write: ["kolla-images"] },
        prefix: [...EXEC, "-u", "glance", "glance_api", "/usr/bin/env"],
      },
      { dependsOn: rbd },
    );
    new Service(
      "own-service",
      { host, unit: "podman:cinder_volume", triggers: { a: "1" } },
      { dependsOn: rbd },
    );
    return { verified: rbd.verified };
  };

const inside = (container: string, text: string) => onKolla(`podman exec ${container} sh -c '${text}'`);

let stack: TestStack;
const printed: string[] = [];

beforeAll(async () => {
  await makeKollaHost();
  stack = await lifeStack("kolla", program());
}, 900_000);

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await removePools("kolla-images", "kolla-volumes", "kolla-vms");
  await renewHost(host);
}, 240_000);

test("an up begins each container once with what it wrote, and proves inside of it what its key can do; a second one does nothing", async () => {
  expect(await begunBy(async () => printed.push(good(await stack.up()).output))).toEqual(SERVICES);
  expect(await stack.outputs()).toMatchObject({ verified: true });
  expect(await inside("glance_api", "cat /etc/glance/glance-api.conf")).toContain(
    "rbd_store_pool = kolla-images",
  );
  expect(await inside("nova_compute", "stat -c %U:%a /etc/ceph/ceph.client.kolla-cinder.keyring")).toBe(
    "nova:600\n",
  );
  expect(await inside("nova_libvirt", "virsh secret-list")).toContain("client.kolla-cinder");
  const again = async () => expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
  expect(await begunBy(again)).toEqual([]);
}, 600_000);

test("a changed option begins the container anew that reads it, and no other", async () => {
  stack.program(program({ cache: "network=none" }));
  expect(await begunBy(async () => good(await stack.up()))).toEqual(["nova_compute"]);
  expect(await inside("nova_compute", "cat /etc/nova/nova.conf")).toContain("disk_cachemodes = network=none");
}, 600_000);

test("a container that runs with older files than the host has is drift; a restart by hand is enough", async () => {
  await onKolla(`sed -i 's/^disk_cachemodes.*/disk_cachemodes = network=writethrough/' ${NOVA}`);
  const seen = drifted(good(await stack.refresh())).map((line) => line.split(" ")[0]);
  expect(seen).toContain("kolla-cmp1-nova-service");
  await onKolla(
    `sed -i 's/^disk_cachemodes.*/disk_cachemodes = network=none/' ${NOVA}; systemctl restart kolla-nova_compute-container`,
  );
  expect(await begunBy(async () => good(await stack.up({ refresh: true })))).toEqual([]);
}, 600_000);

test("a run that is cut between the write and the restart is completed by the next one", async () => {
  await onKolla(`cat >/usr/local/bin/systemctl <<'END'
#!/bin/sh
[ "$1" != restart ] || { touch /run/asked; while [ -e /run/hold ]; do sleep 0.1; done; exit 1; }
exec /usr/bin/systemctl "$@"
END
chmod 755 /usr/local/bin/systemctl; touch /run/hold`);
  stack.program(program({ cache: "network=directsync" }));
  const at = { end: false };
  const run = stack.up().finally(() => (at.end = true));
  while (!at.end && (await onKolla("ls /run/asked 2>/dev/null || true")) === "")
    await new Promise((resolve) => setTimeout(resolve, 200));
  killProviders();
  expect((await run).error).toBeDefined();
  await onKolla("rm /run/hold /usr/local/bin/systemctl /run/asked");
  expect(await inside("nova_compute", "cat /etc/nova/nova.conf")).toContain("network=none");
  expect(await begunBy(async () => good(await stack.up()))).toEqual(["nova_compute"]);
  expect(await inside("nova_compute", "cat /etc/nova/nova.conf")).toContain("network=directsync");
}, 600_000);

test("a check by the container's own user and a container without a unit", async () => {
  stack.program(program({ cache: "network=directsync", own: true }));
  expect(await begunBy(async () => good(await stack.up()))).toEqual([]);
  await onKolla("podman exec glance_api chmod 0000 /etc/ceph/ceph.client.kolla-glance.keyring");
  expect(drifted(good(await stack.refresh()))).toContain("own-check verified");
  await onKolla("podman exec glance_api chmod 0600 /etc/ceph/ceph.client.kolla-glance.keyring");
  good(await stack.up({ refresh: true }));
}, 600_000);

test("a container that does not stay up fails the run with the end of its log, without keys; one that is not there is said by its name", async () => {
  const alone = await lifeStack("alone", () => {
    new Service("broken", {
      host,
      unit: "podman:glance_api",
      reads: ["/etc/kolla/glance-api/glance-api.conf"],
      triggers: { b: "1" },
    });
    new Service("absent", { host, unit: "podman:glance" });
  });
  await onKolla(
    `systemctl stop kolla-glance_api-container; podman start glance_api
      until podman exec glance_api pgrep -x sleep; do sleep 0.2; done
      echo broken=1 >>/etc/kolla/glance-api/glance-api.conf`,
  );
  try {
    const { error, output } = await alone.up({ continueOnError: true });
    expect(error).toBeDefined();
    expect(output).toContain("there is no podman container glance");
    expect(output).toContain("glance_api");
    expect(output).toContain("no such pool: broken");
    expect(output).not.toContain("hunter2");
  } finally {
    await onKolla(
      "sed -i /^broken/d /etc/kolla/glance-api/glance-api.conf; systemctl start kolla-glance_api-container",
    );
    await alone.destroy();
    await alone.remove();
  }
}, 600_000);

test("a destroy begins each container anew after its files were put back, and takes the secret out of libvirt", async () => {
  expect(new Set(await begunBy(async () => printed.push(good(await stack.destroy()).output)))).toEqual(
    new Set(SERVICES),
  );
  expect(await inside("glance_api", "cat /etc/glance/glance-api.conf")).not.toContain("rbd_store_pool");
  expect(await inside("nova_libvirt", "virsh secret-list")).not.toContain("kolla-cinder");
  expect(await execOn("ceph1", "ceph", "auth", "ls")).not.toContain("client.kolla-");
}, 600_000);
