/** The shapes of what the components take: fields, level by level, and what each must be. What values must hold is said by the rules beside. Pure. */
import { poolShape } from "../../providers/ceph-pool/index.js";
import { value } from "../../providers/config-section/index.js";
import { clusterShape, generation, host } from "../../providers/argument-rules/index.js";
import type { Cluster } from "../../providers/kernel/common.js";
import type { FurtherCluster } from "../cluster-args.js";
import type {
  CephOpenStackIntegrationArgs,
  CinderBackupSpec,
  CinderSpec,
  DeploymentHost,
  GlanceSpec,
  NovaSpec,
  RoleSpec,
} from "../integration-args.js";
import { layout, owner } from "./layout-shapes.js";
import { manage } from "./manage-shapes.js";
import {
  anything,
  callable,
  fields,
  flag,
  hidden,
  isObject,
  isText,
  known,
  list,
  map,
  oneOfKinds,
  ruled,
  rules,
  scalar,
  sections,
  text,
  type Check,
  type Fields,
} from "./shapes.js";

type List<T> = T extends readonly (infer One)[] ? One : never;

const aHost = ruled(host);
export const hosts = list(aHost);
export const cephConf = sections(scalar, ["client", "rbd_cache"]);

/** What a role says of its file. */
export const roleOptions = (
  example: readonly [string, string],
): Pick<Fields<RoleSpec>, "options" | "secretOptions"> => ({
  options: sections(ruled(value), example),
  secretOptions: sections(hidden(text), example, { isSecret: true }),
});
const spec = (example: readonly [string, string]): Fields<RoleSpec> => ({ hosts, ...roleOptions(example) });

export const OF_GLANCE = ["glance_store", "default_backend"] as const;
export const OF_CINDER = ["DEFAULT", "enabled_backends"] as const;
export const OF_NOVA = ["libvirt", "rbd_user"] as const;

const glance = fields<GlanceSpec>({
  ...spec(OF_GLANCE),
  stores: list(fields<List<NonNullable<GlanceSpec["stores"]>>>({ name: text, pool: text, user: text })),
  reservedStores: fields<NonNullable<GlanceSpec["reservedStores"]>>({ staging: text, tasks: text }),
  cloneV2: flag,
});

/** A tooz URL. It may hold a password: it is never shown. None at all, and `file:`, have rules of their own. */
const coordination: Check = known((given, at) => {
  const isAddress = typeof given === "string" && /^(?:$|file:|[a-z][a-z0-9+.-]*:\/\/\S)/i.test(given);
  return isAddress
    ? []
    : [
        {
          at,
          says: `${at} must be the address of a service, as "etcd3+http://ctl:2379" or "redis://ctl:6379"`,
          isRough: true,
        },
      ];
});

const cinder = fields<CinderSpec>({
  ...spec(OF_CINDER),
  backends: list(
    fields<List<NonNullable<CinderSpec["backends"]>>>({
      name: text,
      pool: text,
      user: text,
      secretUuid: text,
      backendHost: text,
      availabilityZone: text,
    }),
  ),
  activeActive: fields<NonNullable<CinderSpec["activeActive"]>>({ cluster: text, coordination }),
});

const cinderBackup = fields<CinderBackupSpec>({ ...spec(OF_CINDER), pool: text });

const nova = fields<NovaSpec>({ ...spec(OF_NOVA), pool: text, user: text, secretUuid: text });

/** Its fsid is asked for in words of its own. */
const clusterFields: Fields<Cluster> = {
  ...rules<Required<Cluster>>(clusterShape),
  fsid: anything,
  admin: oneOfKinds(
    [
      { is: isText, check: aHost },
      { is: Array.isArray, check: list(aHost, "must name at least one host") },
    ],
    "a host, or a list of hosts, where `ceph` may be run as an administrator",
  ),
};
export const cluster = fields<Cluster>(clusterFields);

const furtherCluster = fields<FurtherCluster>({
  ...clusterFields,
  name: anything,
  cephRelease: text,
  adopt: anything,
  cephConf,
});

const { cluster: _, ...poolFields } = rules(poolShape);
const madePool = fields<typeof poolFields & { cluster: string; dataPool: string }>({
  ...poolFields,
  cluster: text,
  dataPool: text,
});
/** What else is said of a pool that is there has a rule of its own. */
const pool: Check = (given, at) =>
  isObject(given) && "existing" in given
    ? fields<{ cluster: string; dataPool: string }>({ cluster: text, dataPool: text })(
        { cluster: given["cluster"], dataPool: given["dataPool"] },
        at,
      )
    : madePool(given, at);
const pools = map(
  oneOfKinds(
    [
      { is: (given) => given === false, check: anything },
      { is: isObject, check: pool },
    ],
    'a pool: {}, { name: "…" }, { existing: "…" } or false',
  ),
  "a map of pools by key: { images: {}, volumes: {} }",
);

const deploymentHost = oneOfKinds(
  [
    { is: isText, check: aHost },
    {
      is: isObject,
      check: fields<DeploymentHost>(
        { host: aHost, owner, group: owner, directory: text },
        { required: ["host"] },
      ),
    },
  ],
  'a host, as "deploy", or one with more: { host: "deploy" }',
);

export const silence = list(text);

/** What `CephOpenStackIntegration` takes. */
export const integration = fields<CephOpenStackIntegrationArgs>(
  {
    cluster,
    clusters: map(furtherCluster, "clusters by key: { site2: { fsid, admin } }"),
    openstackRelease: anything,
    cephRelease: anything,
    pools,
    glance,
    cinder,
    cinderBackup,
    nova,
    users: map(text, 'users by what they are for: { cinder: "…" }'),
    keyGenerations: map(ruled(generation), "numbers by user: { cinder: 2 }"),
    secretUuid: text,
    layout,
    deploymentHost,
    adopt: anything,
    cephConf,
    compat: anything,
    silence,
    manage,
    hooks: callable("a function that gives resources for a place: (at) => …"),
  },
  { required: ["cluster"], noun: "role or argument" },
);
