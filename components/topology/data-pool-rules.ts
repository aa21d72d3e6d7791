/**
 * Rules for erasure-coded pools: RBD keeps metadata in omap, which they have not, so they hold the data of a replicated pool's images. Pure.
 * @see https://docs.ceph.com/en/latest/rados/operations/erasure-code/#erasure-coding-with-overwrites
 */
import { Output } from "@pulumi/pulumi";
import type { CephOpenStackIntegrationArgs, PoolSpec } from "../integration-args.js";
import { inCluster, userPools, usesOf, type UserPools } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;
type Pools = Pick<Args, "pools">;

const quoted = (value: unknown): string => JSON.stringify(value);

const specOf = ({ pools = {} }: Pools, key: string): PoolSpec | undefined => {
  const spec = pools[key];
  return spec === false ? undefined : spec;
};

/** Each pool that has a data pool, with the key of that. */
const pairs = ({ pools = {} }: Pools): { key: string; spec: PoolSpec; dataPool: string }[] =>
  Object.entries(pools).flatMap(([key, spec]) =>
    spec === false || spec.dataPool === undefined ? [] : [{ key, spec, dataPool: spec.dataPool }],
  );

/** Keys of the pools that hold the data of others, each once. */
export const dataPoolKeys = (args: Pools): string[] => [
  ...new Set(pairs(args).map(({ dataPool }) => dataPool)),
];

/** Of a pool that is there already nothing is known; nor of a type that another resource decides. */
const kindProblems = (key: string, dataPool: string, data: PoolSpec): string[] => {
  if ("existing" in data) return [];
  const { type, allowEcOverwrites } = data;
  return [
    ...(type === "erasure" || Output.isInstance(type) || type instanceof Promise
      ? []
      : [
          `pools.${key}.dataPool ${quoted(dataPool)} is no erasure-coded pool: give pools.${dataPool} type: "erasure"; one that is there already is { existing: "…" }`,
        ]),
    ...(allowEcOverwrites === false
      ? [
          `pools.${dataPool}.allowEcOverwrites must be true, or left out: RBD writes parts of objects, and the data of ${key} is in it`,
        ]
      : []),
  ];
};

const placeOf = ({ cluster }: PoolSpec): string =>
  cluster === undefined ? "cluster" : `clusters.${cluster}`;

const pairProblems = (args: Args): string[] =>
  pairs(args).flatMap(({ key, spec, dataPool }) => {
    const data = specOf(args, dataPool);
    const said = `pools.${key}.dataPool ${quoted(dataPool)}`;
    if (data === undefined)
      return [`${said} is no pool here; there are ${Object.keys(args.pools ?? {}).join(", ")}`];
    if (data.cluster !== spec.cluster)
      return [
        `${said} is in ${placeOf(data)}, and ${key} in ${placeOf(spec)}: an image is in one cluster with its data`,
      ];
    return kindProblems(key, dataPool, data);
  });

/** Every pool in which images are, with who says so: also those under a role's key, and those that have a data pool. */
const imagePools = (args: Args, users: readonly UserPools[]): ReadonlyMap<string, string> =>
  new Map([
    ...pairs(args).map(({ key, dataPool }) => [key, `dataPool ${quoted(dataPool)}`] as const),
    ...users.flatMap(({ user, owns, reads }) =>
      [...owns, ...reads].map((key) => [key, `client.${user}`] as const),
    ),
    ...usesOf(args).map(({ pool, who }) => [pool, who] as const),
  ]);

const directProblems = (args: Args, users: readonly UserPools[]): string[] => {
  const holders = new Map(pairs(args).map(({ key, dataPool }) => [dataPool, key]));
  return [...imagePools(args, users)].flatMap(([key, who]) => {
    const spec = specOf(args, key);
    const holds = holders.get(key);
    const isErasure = spec !== undefined && "type" in spec && spec.type === "erasure";
    if (!isErasure && (spec === undefined || holds === undefined)) return [];
    const why = isErasure ? "which is erasure-coded" : `which is the data pool of ${holds ?? ""}`;
    return [
      `${who} uses pool ${quoted(key)} for images, ${why}: RBD keeps their metadata in omap, which such a pool has not; use a replicated pool with dataPool: ${quoted(key)}`,
    ];
  });
};

/** librbd asks the client's own section of ceph.conf, whichever pool an image is made in. */
const defaultProblems = (args: Args, users: readonly UserPools[]): string[] =>
  users.flatMap(({ user, cluster, owns }) => {
    const where = owns.map((key) => ({ key, data: specOf(args, key)?.dataPool }));
    if (new Set(where.map(({ data }) => data)).size < 2) return [];
    const said = where.map(({ key, data }) => `${key} (data in ${data ?? "itself"})`).join(", ");
    return [
      `${inCluster(`client.${user}`, cluster)} makes images in ${said}, and a user has one rbd_default_data_pool: give these pools one dataPool, or uses of them users of their own (nova.user, \`user\` of a backend or a store)`,
    ];
  });

/** Everything that is wrong with erasure-coded pools and with what names one. */
export const dataPoolProblems = (args: Args): string[] => {
  const users = userPools(args);
  return [...pairProblems(args), ...directProblems(args, users), ...defaultProblems(args, users)];
};
