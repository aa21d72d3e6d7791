/** From the arguments of an integration to what is to be made. Pure. */
import type { Host } from "../providers/kernel/common.js";
import type { CephOpenStackIntegrationArgs, PoolSpec, UserKey } from "./integration-args.js";
import { problemsOf, refuse, uuidsOf } from "./rules.js";
import {
  backendsOf,
  backupPoolOf,
  ROLES,
  storesOf,
  userPools,
  USERS,
  usesOf,
  vmsPoolOf,
  type UserPools,
} from "./uses.js";

/** A pool that is used, by its key. */
export interface PlannedPool {
  readonly key: string;
  readonly spec: PoolSpec;
}

/** What is to be made, every default filled in. */
export interface Plan {
  readonly pools: readonly PlannedPool[];
  readonly stores: readonly { readonly name: string; readonly pool: string }[];
  readonly backends: readonly { readonly name: string; readonly pool: string }[];
  readonly backupPool: string | undefined;
  readonly vmsPool: string | undefined;
  readonly users: Readonly<Record<UserKey, string>>;
  /** The users that are needed, with the keys of their pools. */
  readonly userPools: readonly UserPools[];
  /** UUID that the arguments name, for all. */
  readonly secretUuid: string | undefined;
  /** Every host once, in the order of roles. */
  readonly hosts: readonly Host[];
}

type Args = CephOpenStackIntegrationArgs;

/** Without `pools` those that are used, with Ceph's defaults. */
const poolsOf = (args: Args): PlannedPool[] =>
  args.pools === undefined
    ? [...new Set(usesOf(args).map(({ pool }) => pool))].map((key) => ({ key, spec: {} }))
    : Object.entries(args.pools).flatMap(([key, spec]) => (spec === false ? [] : [{ key, spec }]));

/**
 * The plan of an integration.
 * @throws RunError that lists everything that is wrong, in the program's words
 */
export const planOf = (name: string, args: Args): Plan => {
  refuse({ kind: "CephOpenStackIntegration", name }, problemsOf(args));
  return {
    pools: poolsOf(args),
    stores: storesOf(args),
    backends: backendsOf(args),
    backupPool: backupPoolOf(args),
    vmsPool: vmsPoolOf(args),
    users: { ...USERS, ...args.users },
    userPools: userPools(args),
    secretUuid: uuidsOf(args)[0],
    hosts: [...new Set(ROLES.flatMap((role) => args[role]?.hosts ?? []))],
  };
};
