/** What is given twice, by an argument and by options, or by two roles of one file, is refused in the program's words before anything is registered. */
import { describe, expect, test } from "@jest/globals";
import { Output } from "@pulumi/pulumi";
import { planFor } from "../../../../components/plan/plan";
import { integrationTopology } from "../../../../components/topology/integration";
import type { CephOpenStackIntegrationArgs } from "../../../../index";

type Args = Partial<CephOpenStackIntegrationArgs>;

const base: CephOpenStackIntegrationArgs = {
  cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
  openstackRelease: "zed",
  glance: { hosts: ["ctl1"] },
  cinder: { hosts: ["vol1"] },
  cinderBackup: { hosts: ["vol1"] },
};

const plan = (more: Args) =>
  planFor("CephOpenStackIntegration", integrationTopology("rbd", { ...base, ...more }));

const cinder = (more: Partial<NonNullable<Args["cinder"]>>): Args => ({
  cinder: { hosts: ["vol1"], ...more },
});
const url = "etcd3+http://e:2379";
const active = { cluster: "rbd", coordination: url };
const backends = [{ name: "ceph", pool: "volumes", backendHost: "rbd:volumes", availabilityZone: "az1" }];
const staging = "/var/lib/glance/staging";

describe("an argument and an option that stands for it", () => {
  test.each<[string, Args, string]>([
    [
      "a cluster",
      cinder({ activeActive: active, options: { DEFAULT: { cluster: "other" } } }),
      "cinder.activeActive.cluster and cinder.options both give [DEFAULT] cluster, not the same: give it once",
    ],
    [
      "its coordination",
      cinder({ activeActive: active, options: { coordination: { backend_url: "redis://x" } } }),
      "cinder.activeActive.coordination and cinder.options both give [coordination] backend_url",
    ],
    [
      "its coordination as a secret",
      cinder({ activeActive: active, secretOptions: { coordination: { backend_url: "redis://x" } } }),
      "cinder.activeActive.coordination and cinder.secretOptions both give [coordination] backend_url",
    ],
    [
      "what only another resource knows",
      cinder({ activeActive: active, options: { DEFAULT: { cluster: Output.create("rbd") } } }),
      "cinder.activeActive.cluster and cinder.options both give [DEFAULT] cluster",
    ],
    [
      "a backend's host",
      cinder({ backends, options: { ceph: { "backend-host": "x" } } }),
      'backendHost of cinder backend "ceph" and cinder.options both give [ceph] backend-host',
    ],
    [
      "a backend's zone",
      cinder({ backends, options: { ceph: { backend_availability_zone: "x" } } }),
      'availabilityZone of cinder backend "ceph" and cinder.options both give [ceph] backend_availability_zone',
    ],
    ...["staging", "tasks"].map((which): [string, Args, string] => [
      `a reserved store for ${which}`,
      {
        glance: {
          hosts: ["ctl1"],
          reservedStores: { [which]: staging },
          options: { [`os_glance_${which}_store`]: { filesystem_store_datadir: "/srv" } },
        },
      },
      `glance.reservedStores.${which} and glance.options both give [os_glance_${which}_store] filesystem_store_datadir`,
    ]),
  ])("%s is given once", (_, more, said) => {
    expect(() => plan(more)).toThrow(said);
  });

  test("no value is in the words, for it may be a secret", () => {
    const more = cinder({
      activeActive: active,
      secretOptions: { coordination: { backend_url: "redis://:pw@x" } },
    });
    expect(() => plan(more)).toThrow(expect.not.objectContaining({ message: expect.stringContaining("pw") }));
  });

  test("the same twice is no contradiction, nor is another section's", () => {
    const options = {
      DEFAULT: { cluster: "rbd" },
      coordination: { backend_url: url },
      lvm: { backend_host: "x" },
    };
    expect(() => plan(cinder({ activeActive: active, options }))).not.toThrow();
    expect(() =>
      plan(cinder({ backends, options: { ceph: { backend_host: "rbd:volumes" } } })),
    ).not.toThrow();
  });
});

describe("what one role writes and the other's options give, in one file", () => {
  const rows: [string, Args, string][] = [
    [
      "a backup option of cinder.options",
      cinder({ options: { DEFAULT: { backup_ceph_pool: "x" } } }),
      "cinder.options gives [DEFAULT] backup_ceph_pool, which cinderBackup writes on vol1: give it in cinderBackup.options",
    ],
    [
      "the same as a secret",
      cinder({ secretOptions: { DEFAULT: { backup_ceph_user: "x" } } }),
      "cinder.options gives [DEFAULT] backup_ceph_user, which cinderBackup writes on vol1",
    ],
    [
      "the list of backends",
      { cinderBackup: { hosts: ["vol1"], options: { DEFAULT: { enabled_backends: "ceph,lvm" } } } },
      "cinderBackup.options gives [DEFAULT] enabled_backends, which cinder writes on vol1: give it in cinder.options",
    ],
    [
      "an option of a backend",
      { cinderBackup: { hosts: ["vol1"], options: { ceph: { rbd_max_clone_depth: 3 } } } },
      "cinderBackup.options gives [ceph] rbd_max_clone_depth, which cinder writes on vol1: give it in cinder.options",
    ],
    [
      "an option that an argument of cinder's stands for",
      {
        ...cinder({ activeActive: active }),
        cinderBackup: { hosts: ["vol1"], options: { DEFAULT: { cluster: "rbd" } } },
      },
      "cinderBackup.options gives [DEFAULT] cluster, which cinder writes on vol1",
    ],
  ];

  test.each(rows)("%s is refused", (_, more, said) => {
    expect(() => plan(more)).toThrow(said);
  });

  test.each(rows)("%s is allowed where each role has hosts of its own", (_, more) => {
    expect(() => plan({ ...more, cinderBackup: { ...more.cinderBackup, hosts: ["bak1"] } })).not.toThrow();
  });

  test.each(rows)("%s is allowed where each role has a file of its own", (_, more) => {
    expect(() => plan({ ...more, layout: "kolla-containers" })).not.toThrow();
  });

  test("each role's own options, and those of nobody, are right", () => {
    expect(() =>
      plan({
        ...cinder({
          options: {
            DEFAULT: { enabled_backends: "ceph,lvm", debug: true },
            ceph: { rbd_max_clone_depth: 3 },
          },
        }),
        cinderBackup: {
          hosts: ["vol1"],
          options: { DEFAULT: { backup_ceph_chunk_size: 1 << 27, backup_workers: 2 } },
        },
      }),
    ).not.toThrow();
  });

  test("both roles may say one thing of files of their own", () => {
    const options = { DEFAULT: { debug: true } };
    const both = { ...cinder({ options }), cinderBackup: { hosts: ["vol1"], options } };
    expect(() => plan({ ...both, layout: "kolla-containers" })).not.toThrow();
    expect(() => plan(both)).toThrow("both give [DEFAULT] debug, in one file on vol1");
  });

  test.each(["osa", "helm"] as const)("%s has one file as well", (layout) => {
    const more = cinder({ hosts: [], options: { DEFAULT: { backup_ceph_pool: "x" } } });
    expect(() => plan({ ...more, layout, cinderBackup: { hosts: [] } })).toThrow(
      `which cinderBackup writes into one file of layout "${layout}"`,
    );
    expect(() => plan({ ...more, layout: "edpm", cinderBackup: { hosts: [] } })).not.toThrow();
  });
});
