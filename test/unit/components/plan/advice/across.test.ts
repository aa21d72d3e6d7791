/** What the files of several services say together. */
import { describe, expect, test } from "@jest/globals";
import { adviceOf } from "../../../../../components/plan/advice/index";
import { planFor } from "../../../../../components/plan/plan";
import { integrationTopology } from "../../../../../components/topology/integration";
import type { Topology } from "../../../../../components/topology/topology";
import type { CephOpenStackIntegrationArgs } from "../../../../../index";

const all: CephOpenStackIntegrationArgs = {
  cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
  openstackRelease: "zed",
  glance: { hosts: ["ctl1", "ctl2"] },
  cinder: { hosts: ["vol1"] },
  cinderBackup: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1"] },
};

const of = (more: Partial<CephOpenStackIntegrationArgs>): Topology =>
  integrationTopology("rbd", { ...all, ...more });
const options = (sections: NonNullable<CephOpenStackIntegrationArgs["cinder"]>["options"] = {}) => ({
  options: sections,
});

type Row = readonly [what: string, Partial<CephOpenStackIntegrationArgs>, said: string];

const rows: readonly Row[] = [
  [
    "images that nobody can locate",
    { glance: { hosts: ["ctl1"], ...options({ DEFAULT: { show_image_direct_url: false } }) } },
    "glance: [DEFAULT] show_image_direct_url is false: each volume of an image and each guest copies its image in full",
  ],
  [
    "one host's URL on two",
    {
      glance: {
        hosts: ["ctl1", "ctl2"],
        ...options({ DEFAULT: { worker_self_reference_url: "http://ctl1:9292" } }),
      },
    },
    "glance: [DEFAULT] worker_self_reference_url is the URL of one host (since Wallaby), and ctl1, ctl2 all get it",
  ],
  [
    "a store that Glance has not",
    { nova: { hosts: ["cmp1"], ...options({ libvirt: { images_rbd_glance_store_name: "fast" } }) } },
    "nova: [libvirt] images_rbd_glance_store_name is fast, and Glance's stores are rbd",
  ],
  [
    "retries of iSCSI",
    { nova: { hosts: ["cmp1"], ...options({ libvirt: { num_volume_scan_tries: 5 } }) } },
    "nova: [libvirt] num_volume_scan_tries is for volumes by iSCSI or Fibre Channel",
  ],
  [
    "a cache of images that are cloned",
    { cinder: { hosts: ["vol1"], ...options({ ceph: { image_volume_cache_enabled: true } }) } },
    "cinder: [ceph] image_volume_cache_enabled keeps a volume of each image",
  ],
  [
    "a pool that is not Cinder's alone",
    { nova: { hosts: ["cmp1"], pool: "volumes" } },
    "cinder: [ceph] rbd_exclusive_cinder_pool is true by default since Victoria's 17.2.0, and nova has images in that pool too",
  ],
  [
    "another secret than the computes have",
    {
      cinder: {
        hosts: ["vol1"],
        ...options({ ceph: { rbd_secret_uuid: "457eb676-33da-42ec-9a8c-9293d545c337" } }),
      },
    },
    "cinder: [ceph] rbd_secret_uuid is 457eb676-33da-42ec-9a8c-9293d545c337, and the libvirt secret on compute hosts is ",
  ],
  [
    "another pool than the caps are for",
    { nova: { hosts: ["cmp1"], ...options({ libvirt: { images_rbd_pool: "other" } }) } },
    "nova: [libvirt] images_rbd_pool is other, and its user has its rights in pool vms: say it by pool, and not by options",
  ],
  [
    "another user than the keyring is of",
    { glance: { hosts: ["ctl1"], ...options({ rbd: { rbd_store_user: "images" } }) } },
    "glance: [rbd] rbd_store_user is images, and the keyring on its hosts is that of client.glance",
  ],
  [
    "another ceph.conf than is written",
    {
      cinderBackup: { hosts: ["vol1"], ...options({ DEFAULT: { backup_ceph_conf: "/etc/ceph/far.conf" } }) },
    },
    "cinder: [DEFAULT] backup_ceph_conf is /etc/ceph/far.conf, and the ceph.conf on its hosts is /etc/ceph/ceph.conf",
  ],
  [
    "another keyring than is written",
    { cephConf: { "client.cinder": { keyring: "/etc/ceph/far.client.cinder.keyring" } } },
    "ceph.conf: [client.cinder] keyring is /etc/ceph/far.client.cinder.keyring, and the keyring that is written is /etc/ceph/ceph.client.cinder.keyring",
  ],
  [
    "writes that stay on a host",
    { cephConf: { client: { rbd_persistent_cache_mode: "rwl" } } },
    "ceph.conf: [client] rbd_persistent_cache_mode rwl keeps writes on the host's own disk",
  ],
];

describe("a warning about", () => {
  test.each(rows)("%s", (_, more, said) => {
    const { warnings, problems } = adviceOf(of(more));
    expect(warnings).toEqual([expect.stringContaining(said)]);
    expect(problems).toEqual([]);
  });
});

describe("options of ceph.conf for guests of a cluster whose files have another name", () => {
  const cephConf = (size: string) => ({ client: { rbd_cache_size: size } });
  const fsid = "8b2d9a6e-1111-4222-8333-444455556666";
  const far = {
    pools: { images: {}, volumes: {}, backups: {}, distant: { name: "volumes", cluster: "far" }, vms: {} },
    cinder: {
      hosts: ["vol1"],
      backends: [
        { name: "near", pool: "volumes" },
        { name: "far", pool: "distant" },
      ],
    },
  };
  const lost = expect.stringMatching(
    /^ceph.conf: \[client\] rbd_cache_size is written to \/etc\/ceph\/(site2|far).conf, and guests do not have it: QEMU reads \/etc\/ceph\/ceph.conf alone/,
  );

  test("are said to reach none of them", () => {
    const site2 = { ...all.cluster, name: "site2" };
    expect(adviceOf(of({ cluster: site2, cephConf: cephConf("1") })).warnings).toEqual([lost]);
    expect(adviceOf(of({ cluster: site2 })).warnings).toEqual([]);
    const services = { "client.glance": { log_file: "/var/log/ceph/glance.log" } };
    expect(adviceOf(of({ cluster: site2, cephConf: services })).warnings).toEqual([]);
    const { nova: _, ...others } = all;
    const unread = { ...others, cluster: site2, cephConf: cephConf("1") };
    expect(adviceOf(integrationTopology("rbd", unread)).warnings).toEqual([]);
    const directories = adviceOf(of({ cluster: site2, manage: { directories: true } })).warnings;
    expect(directories.join()).toMatch(/admin_socket is written to[^]*log_file is written to/);
  });

  test("are not, where the cluster called ceph has the same there, as it is the file that QEMU reads", () => {
    const clusters = { far: { fsid, admin: "mon2", cephConf: cephConf("2") } };
    expect(adviceOf(of({ ...far, clusters })).warnings).toContainEqual(lost);
    expect(adviceOf(of({ ...far, clusters, cephConf: cephConf("2") })).warnings).not.toContainEqual(lost);
    expect(adviceOf(of({ ...far, clusters, cephConf: cephConf("1") })).warnings).toContainEqual(lost);
  });
});

test("each says the word that silences it, and that word does", () => {
  for (const [, more] of rows) {
    const [warning = ""] = adviceOf(of(more)).warnings;
    const word: unknown = JSON.parse(/ \(silence: (".*")\)$/.exec(warning)?.[1] ?? "null");
    expect(adviceOf(of({ ...more, silence: [String(word)] })).warnings).toEqual([]);
  }
});

test("volumes and guests whose images lie in another cluster alone are copied in full", () => {
  const topology = of({});
  const far = { cluster: { ...all.cluster, fsid: "aaaaaaaa-1111-4222-8333-444455556666", name: "far" } };
  const moved = topology.roles.map((use) =>
    use.role === "glance"
      ? {
          ...use,
          parts: use.parts.map((part) => ({
            ...part,
            user: { ...part.user, at: { ...part.user.at, ...far } },
          })),
        }
      : use,
  );
  expect(adviceOf({ ...topology, roles: moved }).warnings).toEqual([
    expect.stringMatching(
      /^cinder: \[ceph\] rbd_pool is in a cluster without a store of Glance: each volume/,
    ),
    expect.stringMatching(/^nova: \[libvirt\] images_rbd_pool .*LP 1858877.*never_download_image_if_on_rbd/),
  ]);
});

const { cinder, nova, cluster, openstackRelease } = all;
const hasNeither = { cluster, openstackRelease, cinder, nova } as CephOpenStackIntegrationArgs;

test.each<readonly [what: string, CephOpenStackIntegrationArgs]>([
  ["the classic procedure", all],
  ["compat classic", { ...all, compat: "classic" }],
  ["Queens", { ...all, openstackRelease: "queens" }],
  ["the newest release", { ...all, openstackRelease: "2026.2" }],
  ["roles that are none of this program", hasNeither],
  [
    "a pool that nova shares, and that Cinder is told of",
    {
      ...all,
      nova: { hosts: ["cmp1"], pool: "volumes" },
      cinder: { hosts: ["vol1"], ...options({ ceph: { rbd_exclusive_cinder_pool: false } }) },
    },
  ],
  [
    "the keyring in Ceph's own words",
    { ...all, cephConf: { "client.cinder": { keyring: "/etc/ceph/$cluster.$name.keyring" } } },
  ],
  [
    "iSCSI beside RBD",
    {
      ...all,
      cinder: { hosts: ["vol1"], ...options({ DEFAULT: { enabled_backends: "lvm,ceph" } }) },
      nova: { hosts: ["cmp1"], ...options({ libvirt: { num_volume_scan_tries: 5 } }) },
    },
  ],
])("nothing is said of %s", (_, given) => {
  expect(adviceOf(integrationTopology("rbd", given))).toEqual({ warnings: [], problems: [] });
});

test("what cannot work is refused before anything is registered, unless it is silenced", () => {
  const more = { nova: { hosts: ["cmp1"], options: { DEFAULT: { force_raw_images: false } } } };
  expect(() => planFor("CephOpenStackIntegration", of(more))).toThrow(
    /^CephOpenStackIntegration "rbd":\n {2}nova: \[DEFAULT\] force_raw_images is false.*\(silence: "DEFAULT\/force_raw_images"\)$/,
  );
  expect(() =>
    planFor("CephOpenStackIntegration", of({ ...more, silence: ["force_raw_images"] })),
  ).not.toThrow();
});
