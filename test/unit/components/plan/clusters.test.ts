/** What holds for every cloud, over how many clusters it may lie: nothing of two clusters ever meets, and everything that a file names is there. */
import { describe, expect, test } from "@jest/globals";
import { refOf } from "../../../../components/plan/entry";
import { SERVICES } from "../../../../components/plan/services";
import type { RoleUse } from "../../../../components/topology/topology";
import {
  clauses,
  clusterOf,
  confs,
  entityOf,
  every,
  keyrings,
  nameOf,
  of,
  secrets,
  text,
  twice,
  type Cloud,
} from "../../../support/planned-clouds";

describe("nothing of two clusters meets", () => {
  test("no two resources have one name", () => {
    every(({ entries }) => {
      expect(twice(entries.map(refOf))).toEqual([]);
    });
  });

  test("no two files of a host have one path", () => {
    every((cloud) => {
      const paths = [...confs(cloud), ...keyrings(cloud)].map(({ host, path }) => `${host}:${path}`);
      expect(twice(paths)).toEqual([]);
    });
  });

  test("no two secrets of a host have one UUID, or one use", () => {
    every((cloud) => {
      const all = secrets(cloud);
      expect(twice(all.map(({ host, uuid }) => `${host} ${uuid}`))).toEqual([]);
      expect(twice(all.map(({ host, usage }) => `${host} ${usage}`))).toEqual([]);
    });
  });

  test("no two pools or users of a cluster are made twice, and no two users have one key in outputs", () => {
    every((cloud) => {
      const pools = of(cloud, "CephPool").map(({ args }) => `${clusterOf(args).fsid} ${text(args.name)}`);
      const users = of(cloud, "CephAuthEntity").map(
        ({ args }) => `${clusterOf(args).fsid} ${text(args.entity)}`,
      );
      expect(twice([...pools, ...users, ...cloud.topology.users.map(({ key }) => key)])).toEqual([]);
    });
  });

  test("a unit restarts for each file of each cluster that it reads, by names that do not meet", () => {
    every((cloud) => {
      for (const { role, hosts, users } of cloud.topology.roles)
        for (const host of hosts) {
          const service = of(cloud, "Service").find(({ name }) => name === `rbd-${host}-${role}-service`);
          const names = Object.keys(service?.args.triggers ?? {});
          expect(names.filter((name) => name.startsWith("keyring "))).toHaveLength(users.length);
          const clusters = new Set(users.map(({ at }) => at));
          expect(names.filter((name) => name.endsWith(" fsid"))).toHaveLength(clusters.size);
        }
    });
  });
});

/** What a part's options name: a user's keyring and a ceph.conf as the service sees them. */
const named = ({ topology }: Cloud, use: RoleUse, host: string) => {
  const { layout } = topology;
  const onHost = (path: string) =>
    path.replace(`${layout.cephDir}/`, `${layout.cephDirs[SERVICES[use.role].place]}/`);
  return use.parts.map(({ pool, user }) => ({
    host,
    pool: text(pool.name),
    data: pool.data?.name,
    user,
    fsid: user.at.cluster.fsid,
    conf: onHost(user.at.conf),
    keyring: onHost(`${layout.cephDir}/${nameOf(user.at.cluster)}.client.${user.name}.keyring`),
  }));
};

const everyPart = (law: (cloud: Cloud, use: RoleUse, part: ReturnType<typeof named>[number]) => void) => {
  every((cloud) => {
    for (const use of cloud.topology.roles)
      for (const host of use.hosts) for (const part of named(cloud, use, host)) law(cloud, use, part);
  });
};

describe("everything that a service is told of is there, of its pool's own cluster", () => {
  test("the ceph.conf, the keyring and the user", () => {
    everyPart((cloud, _, { host, user, fsid, conf, keyring }) => {
      expect(confs(cloud).filter((one) => one.host === host && one.path === conf)).toEqual([
        expect.objectContaining({ fsid }),
      ]);
      expect(keyrings(cloud).filter((one) => one.host === host && one.path === keyring)).toEqual([
        expect.objectContaining({ fsid, entity: `client.${user.name}` }),
      ]);
    });
  });

  test("a backend's section names the conf, the cluster and the secret of its user", () => {
    every((cloud) => {
      const cinder = cloud.topology.roles.find(({ role }) => role === "cinder");
      for (const { name, user } of cinder?.parts ?? [])
        for (const { args } of of(cloud, "ConfigSection").filter((one) => one.args.section === name)) {
          const cluster = user.at.cluster.name ?? "ceph";
          const { rbd_cluster_name: said = "ceph", ...options } = args.options as Record<string, unknown>;
          expect(said).toBe(cluster);
          expect(options).toMatchObject({
            rbd_ceph_conf: `/etc/ceph/${cluster}.conf`,
            rbd_user: user.name,
            rbd_secret_uuid: user.secretUuid,
          });
        }
    });
  });

  test("a pool is granted in its own cluster, where it is, and the pool of its data", () => {
    everyPart((cloud, _, { pool, data, user, fsid }) => {
      const granted = clauses(entityOf(cloud, fsid, `client.${user.name}`));
      expect(granted).toContainEqual({ profile: "rbd", pool });
      if (data !== undefined) expect(granted).toContainEqual({ profile: "rbd", pool: data });
    });
  });

  test("a ceph.conf says where the data of a user's images goes, and of a cluster called otherwise than ceph where its keyring is", () => {
    everyPart((cloud, _, { host, user, conf, data }) => {
      const { name = "ceph" } = user.at.cluster;
      const file = confs(cloud).find((one) => one.host === host && one.path === conf);
      const section = (file?.entry.args.options as Record<string, unknown> | undefined)?.[
        `client.${user.name}`
      ];
      const keyring = `${cloud.topology.layout.cephDir}/${name}.client.${user.name}.keyring`;
      const told = {
        ...(name === "ceph" ? {} : { keyring }),
        ...(data === undefined ? {} : { rbd_default_data_pool: data }),
      };
      expect(section ?? {}).toEqual(told);
    });
  });

  test("on every compute the secret of each backend and of the guests' own disks", () => {
    every((cloud) => {
      const nova = cloud.topology.roles.find(({ role }) => role === "nova");
      const uses = cloud.topology.roles.filter(({ role }) => role === "nova" || role === "cinder");
      for (const host of nova?.hosts ?? [])
        for (const { user } of uses.flatMap(({ parts }) => parts))
          expect(secrets(cloud)).toContainEqual(
            expect.objectContaining({
              host,
              uuid: user.secretUuid,
              fsid: user.at.cluster.fsid,
              entity: `client.${user.name}`,
            }),
          );
    });
  });

  test("for a differential backup the conf and the keyring of every backend, of whichever cluster", () => {
    every((cloud) => {
      const [cinder, backup] = (["cinder", "cinder-backup"] as const).map((role) =>
        cloud.topology.roles.find((use) => use.role === role),
      );
      for (const host of backup?.hosts ?? [])
        for (const { user } of cinder?.parts ?? []) {
          const { fsid } = user.at.cluster;
          const entity = `client.${user.name}`;
          expect(keyrings(cloud)).toContainEqual(expect.objectContaining({ host, fsid, entity }));
          expect(confs(cloud)).toContainEqual(expect.objectContaining({ host, fsid }));
        }
    });
  });
});

/** Pools of a check, by what is done in them. */
interface Checked {
  readonly can: Record<string, string[]>;
  /** Not of guests. */
  readonly cannot?: Record<string, string[]>;
}

describe("rights stay in one cluster", () => {
  test("a user is granted pools of its cluster alone, and reads images and volumes of that alone", () => {
    every((cloud) => {
      for (const { at, owns, reads } of cloud.topology.users)
        expect([...owns, ...reads].filter((pool) => !("at" in pool) || pool.at !== at)).toEqual([]);
    });
  });

  test("who keeps volumes or disks reads every pool of images there, and cinder-backup every pool of volumes", () => {
    everyPart((cloud, { role }, { user, fsid }) => {
      const from = { cinder: "glance", nova: "glance", "cinder-backup": "cinder", glance: undefined }[role];
      const others = cloud.topology.roles
        .filter((one) => one.role === from)
        .flatMap(({ parts }) => parts)
        .filter((part) => part.user.at === user.at)
        .map(({ pool }) => text(pool.name));
      const granted = clauses(entityOf(cloud, fsid, `client.${user.name}`)).map(({ pool }) => pool);
      expect(granted).toEqual(expect.arrayContaining(others));
    });
  });

  test("a check proves and denies pools of its own cluster alone", () => {
    every((cloud) => {
      for (const { args, name } of of(cloud, "ClientCheck")) {
        const { fsid } = clusterOf(args);
        const there = of(cloud, "CephPool")
          .filter((pool) => clusterOf(pool.args).fsid === fsid)
          .map((pool) => text(pool.args.name));
        const { can, cannot } = args as unknown as Checked;
        const named = Object.values(can).flat();
        expect([name, named.filter((pool) => !there.includes(pool))]).toEqual([name, []]);
        const data = cloud.topology.pools
          .filter((pool) => pool.at.cluster.fsid === fsid && named.includes(text(pool.name)))
          .map((pool) => pool.data?.name);
        const others = there.filter((pool) => !named.includes(pool) && !data.includes(pool));
        expect([name, cannot?.["read"]]).toEqual([name, args.guestsOnly === true ? undefined : others]);
      }
    });
  });
});

test("what reads a key waits for the user of that cluster, and no other", () => {
  every((cloud) => {
    for (const { entry, fsid, entity } of keyrings(cloud)) {
      const { name } = entityOf(cloud, fsid, entity);
      const waits = entry.dependsOn?.filter((ref) => ref.startsWith("CephAuthEntity "));
      expect(waits).toEqual([`CephAuthEntity ${name}`]);
    }
  });
});

test("of the first cluster no name tells which it is", () => {
  every(({ topology, entries }) => {
    const first = entries.filter(
      (entry) => "cluster" in entry.args && entry.args.cluster === topology.clusters[0].cluster,
    );
    expect(first.filter(({ name }) => name.includes("@"))).toEqual([]);
    expect(first.length).toBeGreaterThan(0);
  });
});
