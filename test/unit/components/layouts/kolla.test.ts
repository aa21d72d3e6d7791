import { expect, test } from "@jest/globals";
import { handOver, handOverProblems } from "../../../../components/layouts/hand-over.js";
import { CEPH, CLASSIC, FAR, OWN_NAMES, TWO_POOLS, UUID, withOptions } from "../../../support/topologies.js";

const paths = (files: readonly { readonly path: string }[]): string[] => files.map(({ path }) => path);

test("since 2025.1 stores and backends are told with pool and user, enabled by a boolean", () => {
  const { values } = handOver("kolla", withOptions("epoxy", OWN_NAMES));
  expect(values["globals.yml"]).toMatchObject({
    glance_backend_ceph: true,
    cinder_backend_ceph: true,
    nova_backend_ceph: true,
    glance_ceph_backends: [
      {
        name: "rbd",
        type: "rbd",
        cluster: "ceph",
        pool: "cloud-images",
        user: "cloud-glance",
        enabled: true,
      },
    ],
    cinder_ceph_backends: [{ name: "gold", pool: "cloud-volumes", user: "cloud-cinder", enabled: true }],
    cinder_backup_ceph_backend: { name: "gold", pool: "cloud-backups", user: "cloud-backup" },
    nova_cell_ceph_backend: { vms: { user: "cloud-cinder", pool: "cloud-vms" } },
  });
  expect(values["globals.yml"]).not.toHaveProperty("ceph_glance_keyring");
  expect(values["passwords.yml"]).toEqual({ rbd_secret_uuid: UUID, cinder_rbd_secret_uuid: UUID });
});

test("of computes it is said that guests hold the UUIDs of before", () => {
  const computes = handOver("kolla", withOptions("epoxy", OWN_NAMES)).notes.join("\n");
  expect(computes).toContain("a former one's secret must stay on the computes");
  const none = handOver("kolla", withOptions("epoxy", { stores: OWN_NAMES.stores, backends: [] })).notes;
  expect(none.join("\n")).not.toContain("secret");
});

test("from 2023.2 to 2024.2 a backend is a cluster alone, and user and pool are variables of all", () => {
  const { values } = handOver("kolla", withOptions("caracal", OWN_NAMES));
  expect(values["globals.yml"]).toMatchObject({
    ceph_glance_user: "cloud-glance",
    ceph_cinder_pool_name: "cloud-volumes",
    ceph_cinder_backup_user: "cloud-backup",
    ceph_nova_pool_name: "cloud-vms",
    cinder_backup_backend_ceph_name: "gold",
    nova_ceph_cluster: "ceph",
    cinder_ceph_backends: [{ name: "gold", cluster: "ceph", enabled: true }],
  });
  expect(values["globals.yml"]).not.toHaveProperty("nova_cell_ceph_backend");
});

test("before 2023.2 keyrings have variables, and there are no lists", () => {
  const { values } = handOver("kolla", withOptions("antelope", OWN_NAMES));
  expect(values["globals.yml"]).toMatchObject({
    ceph_glance_keyring: "ceph.client.cloud-glance.keyring",
    ceph_nova_keyring: "ceph.client.cloud-cinder.keyring",
    cinder_backend_ceph_name: "gold",
  });
  expect(values["globals.yml"]).not.toHaveProperty("glance_ceph_backends");
});

test("cinder-backup gets the keyrings of the volumes' users beside its own, and Nova those of disks and volumes", () => {
  const { keyrings, confs } = handOver("kolla", withOptions("epoxy", CLASSIC));
  expect(paths(keyrings)).toEqual([
    "/etc/kolla/config/glance/ceph.client.glance.keyring",
    "/etc/kolla/config/cinder/cinder-volume/ceph.client.cinder.keyring",
    "/etc/kolla/config/cinder/cinder-backup/ceph.client.cinder.keyring",
    "/etc/kolla/config/cinder/cinder-backup/ceph.client.cinder-backup.keyring",
    "/etc/kolla/config/nova/ceph.client.cinder.keyring",
  ]);
  expect(paths(confs)).toEqual([
    "/etc/kolla/config/glance/ceph.conf",
    "/etc/kolla/config/cinder/ceph.conf",
    "/etc/kolla/config/nova/ceph.conf",
  ]);
});

test("its own list of backends is left to it, and what it has no variable for is merged from files", () => {
  const { options } = handOver("kolla", withOptions("caracal", TWO_POOLS), "/srv/config");
  expect(options["/srv/config/glance/glance-api.conf"]).toMatchObject({
    DEFAULT: { show_image_direct_url: true },
    fast: { rbd_store_pool: "images-fast" },
  });
  expect(options["/srv/config/glance/glance-api.conf"]?.["DEFAULT"]).not.toHaveProperty("enabled_backends");
  expect(options["/srv/config/cinder/cinder-volume.conf"]).toMatchObject({
    fast: { rbd_pool: "volumes-fast" },
  });
  expect(options["/srv/config/nova/nova-compute.conf"]?.["libvirt"]).toMatchObject({
    images_rbd_pool: "vms",
    disk_cachemodes: "network=writeback",
  });
});

test("without a role there are no values and files of it", () => {
  const { values, options, confs, run } = handOver(
    "kolla",
    withOptions("epoxy", { stores: CLASSIC.stores, backends: [] }),
  );
  expect(Object.keys(values["globals.yml"] ?? {}).filter((key) => /cinder|nova/.test(key))).toEqual([]);
  expect(Object.keys(options)).toEqual(["/etc/kolla/config/glance/glance-api.conf"]);
  expect(paths(confs)).toEqual(["/etc/kolla/config/glance/ceph.conf"]);
  expect(run.at(-1)).toBe("kolla-ansible reconfigure -i <inventory> --tags glance");
});

test.each([
  [
    "antelope",
    TWO_POOLS,
    ['has one store of Glance in Ceph, called "rbd"', "has one backend of Cinder in Ceph"],
  ],
  [
    "dalmatian",
    { ...CLASSIC, stores: [...CLASSIC.stores, { name: "b", pool: "b", user: "other", cluster: CEPH }] },
    ["has one user for all stores of Glance, not glance and other"],
  ],
  [
    "bobcat",
    { stores: [], backends: [], nova: { pool: "vms", user: "nova", cluster: FAR, secretUuid: UUID } },
    ['find the keyring of a cluster called "ceph" alone'],
  ],
  [
    "gazpacho",
    {
      ...CLASSIC,
      backends: [
        ...CLASSIC.backends,
        { name: "b", pool: "b", user: "b", cluster: CEPH, secretUuid: FAR.fsid },
      ],
    },
    ["computes get one libvirt secret for all backends of Cinder"],
  ],
] as const)("%s cannot do everything, and says what", (series, uses, words) => {
  const problems = handOverProblems("kolla", withOptions(series, uses));
  expect(problems).toHaveLength(words.length);
  for (const [at, text] of words.entries()) expect(problems[at]).toContain(text);
});
