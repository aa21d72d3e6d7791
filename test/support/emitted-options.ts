/** Every combination of options that the component writes for a release into the services' files. */
import type { CephOpenStackIntegrationArgs, CinderSpec, GlanceSpec } from "../../components/integration-args";
import { sectionsOf } from "../../components/plan/service-files";
import { SERVICES } from "../../components/plan/services";
import type { Sections } from "../../components/releases/index";
import { integrationTopology } from "../../components/topology/integration";
import { merged } from "../../components/topology/sections";
import type { Project } from "../../providers/formats/openstack/index";
import type { Series } from "../../providers/formats/openstack/series";

type Cloud = Omit<CephOpenStackIntegrationArgs, "openstackRelease">;

const hosts = ["ctl1"];
const FSID = "11111111-1111-4111-8111-111111111111";

/** Names of the stores, and of the backends: their sections. */
export const PARTS = ["a", "b", "c"] as const;

interface Part {
  readonly name: string;
  readonly pool: string;
  readonly user?: string;
}

/** One to three parts: the second has a user of its own, the third lies in a further cluster. */
const parts = (pool: string): Part[][] => {
  const own = [{ pool }, { pool, user: `${pool}-b` }, { pool: `far-${pool}` }];
  const all = PARTS.map((name, at): Part => ({ name, pool, ...own[at] }));
  return all.map((_, at) => all.slice(0, at + 1));
};

const RESERVED: readonly Pick<GlanceSpec, "reservedStores">[] = [
  {},
  { reservedStores: { staging: "/srv/staging" } },
  { reservedStores: { tasks: "/srv/tasks" } },
  { reservedStores: { staging: "/srv/staging", tasks: "/srv/tasks" } },
];

/** How the hosts of a backend are told apart, or not. */
const TOGETHER: readonly [of: Pick<CinderSpec, "activeActive">, each: { readonly backendHost?: string }][] = [
  [{}, {}],
  [{}, { backendHost: "rbd" }],
  [{ activeActive: { cluster: "rbd", coordination: "etcd3+http://ctl:2379" } }, {}],
];

const ZONES: readonly { readonly availabilityZone?: string }[] = [{}, { availabilityZone: "az1" }];

const PLAIN = {
  glance: { hosts, stores: parts("images")[0] ?? [] },
  cinder: { hosts, backends: parts("volumes")[0] ?? [] },
  cinderBackup: { hosts },
  nova: { hosts },
};

/** A role says nothing in another's sections, so each is combined on its own, beside the plainest of the others. */
const ROLES: readonly Partial<Cloud>[] = [
  { compat: "classic" },
  ...parts("images").flatMap((stores) =>
    RESERVED.map((reserved) => ({ glance: { hosts, stores, ...reserved } })),
  ),
  ...parts("volumes").flatMap((backends) =>
    TOGETHER.flatMap(([of, each]) =>
      ZONES.map((zone) => ({
        cinder: { hosts, ...of, backends: backends.map((one) => ({ ...one, ...each, ...zone })) },
      })),
    ),
  ),
  { cinderBackup: { hosts, pool: "far-backups" } },
  { nova: { hosts, user: "nova" } },
  { nova: { hosts, pool: "far-vms" } },
];

/** Pools of both clusters. */
const POOLS = Object.fromEntries(
  ["images", "volumes", "backups", "vms"].flatMap((pool) => [
    [pool, {}],
    [`far-${pool}`, { cluster: "far" }],
  ]),
);

const CLOUDS: readonly Cloud[] = ["ceph", "prod"].flatMap((name) =>
  ROLES.map((role) => ({
    cluster: { fsid: FSID, admin: "mon1", name },
    clusters: { far: { fsid: FSID.replaceAll("1", "2"), admin: "mon2" } },
    pools: POOLS,
    ...PLAIN,
    ...role,
  })),
);

/** What the files of a project's services say, secrets too, for each of the combinations. */
export const emitted = (project: Project, series: Series): readonly Sections[] =>
  CLOUDS.flatMap((cloud) => {
    const topology = integrationTopology("rbd", { ...cloud, openstackRelease: series });
    return topology.roles
      .filter(({ role }) => SERVICES[role].project === project)
      .map((use) => merged(sectionsOf(topology, use), use.secretOptions));
  });
