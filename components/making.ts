/** What an integration is made of, step by step: pools, entities, hosts. */
import * as pulumi from "@pulumi/pulumi";
import { CephAuthEntity } from "../providers/ceph-auth-entity/index.js";
import type { CephConfigFile } from "../providers/ceph-config-file/index.js";
import { CephPool } from "../providers/ceph-pool/index.js";
import type { Host } from "../providers/kernel/common.js";
import { secretUuid } from "../providers/libvirt-secret/index.js";
import { advise } from "./advice.js";
import { capsFor } from "./caps.js";
import { clientFiles } from "./client-files.js";
import type { CephOpenStackIntegrationArgs, RoleSpec, UserKey } from "./integration-args.js";
import { keyringsOf } from "./keyrings.js";
import { layoutOf } from "./layout.js";
import { guestOptions } from "./nova-compute.js";
import type { Plan } from "./plan.js";
import { parseCephRelease } from "./releases/ceph.js";
import { releaseOf, type Sections } from "./releases/index.js";
import { merged, only, writeSections } from "./sections.js";

/** One integration at work. */
export interface Work {
  readonly name: string;
  readonly args: CephOpenStackIntegrationArgs;
  readonly plan: Plan;
  readonly parent: pulumi.Resource;
}

/** Names of pools, by key. */
export type Pools = ReadonlyMap<string, pulumi.Output<string>>;
export type Entities = ReadonlyMap<UserKey, CephAuthEntity>;

/** UUID of the libvirt secret, known in the program. */
export const uuidOf = ({ args, plan }: Work): string =>
  plan.secretUuid ?? secretUuid(args.cluster.fsid, `client.${plan.users.cinder}`);

export const poolNamed = (pools: Pools, key: string): pulumi.Output<string> => {
  const found = pools.get(key);
  if (found === undefined) throw new Error(`no pool ${key}`);
  return found;
};

export const entityOf = (entities: Entities, key: UserKey): CephAuthEntity => {
  const found = entities.get(key);
  if (found === undefined) throw new Error(`no entity for ${key}`);
  return found;
};

/** Pools that are there already are looked for before any other is made. */
export const makePools = ({ name, args: { cluster }, plan, parent }: Work): Pools => {
  const existing: CephPool[] = [];
  const made = new Map<string, pulumi.Output<string>>();
  for (const { key, spec } of plan.pools) {
    if (!("existing" in spec)) continue;
    const wish = { cluster, name: spec.existing, adopt: "only", onDelete: "keep" } as const;
    const pool = new CephPool(`${name}-pool-${key}`, wish, { parent });
    existing.push(pool);
    made.set(key, pool.name);
  }
  for (const { key, spec } of plan.pools) {
    if ("existing" in spec) continue;
    const wish = { cluster, ...spec, name: spec.name ?? key };
    made.set(key, new CephPool(`${name}-pool-${key}`, wish, { parent, dependsOn: existing }).name);
  }
  return new Map(plan.pools.map(({ key }) => [key, poolNamed(made, key)]));
};

/** `<name>-auth-<user>` for each user that a role needs. */
export const makeEntities = (work: Work, pools: Pools): Entities => {
  const { name, args, plan, parent } = work;
  const { cluster } = args;
  const release = args.cephRelease === undefined ? undefined : parseCephRelease(args.cephRelease);
  const named = (keys: readonly string[]) => keys.map((key) => poolNamed(pools, key));
  return new Map(
    plan.userPools.map(({ user: key, owns, reads }): [UserKey, CephAuthEntity] => {
      const user = plan.users[key];
      const keyGeneration = args.keyGenerations?.[key];
      const caps = { ...capsFor({ owns: named(owns), reads: named(reads) }, release) };
      const more = keyGeneration === undefined ? {} : { keyGeneration };
      const wish = { cluster, entity: `client.${user}`, caps, ...more };
      return [key, new CephAuthEntity(`${name}-auth-${user}`, wish, { parent })];
    }),
  );
};

/** A host as a client of the cluster: its ceph.conf and keyrings, and what several roles share on it. */
class ClientHost extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("ceph-openstack:index:ClientHost", name, {}, opts);
    this.registerOutputs({});
  }
}

const confOf = ({ args }: Work): string => `/etc/ceph/${args.cluster.name ?? "ceph"}.conf`;

const storeFacts = (work: Work, pools: Pools) =>
  work.plan.stores.map(({ name, pool }) => ({
    name,
    pool: poolNamed(pools, pool),
    user: work.plan.users.glance,
    conf: confOf(work),
  }));

const backendFacts = (work: Work, pools: Pools) =>
  work.plan.backends.map(({ name, pool }) => ({
    name,
    pool: poolNamed(pools, pool),
    user: work.plan.users.cinder,
    conf: confOf(work),
    secretUuid: uuidOf(work),
  }));

/** The sections of a file that are no store's and no backend's own: one resource per host. */
const shared = (wanted: Sections, spec: RoleSpec, own: readonly { readonly name: string }[]): Sections =>
  only(merged(wanted, spec.options), (section) => own.every(({ name }) => name !== section));

/** What the files of services with several sections of their own say together. */
export const adviseOnShared = (work: Work, pools: Pools): void => {
  const { args, parent } = work;
  const { glance, cinder, cinderBackup, openstackRelease, silence } = args;
  const release = releaseOf(openstackRelease);
  if (glance !== undefined)
    advise(parent, "glance", {
      sections: merged(release.glance(storeFacts(work, pools)), glance.options),
      silence,
    });
  if (cinder !== undefined) {
    const volume = merged(release.cinder(backendFacts(work, pools)), cinder.options);
    advise(parent, "cinder", { sections: merged(volume, cinderBackup?.options), silence });
  }
};

const writeShared = (work: Work, pools: Pools, place: { host: Host; group: pulumi.Resource }): void => {
  const { name: prefix, args, plan } = work;
  const { host, group } = place;
  const release = releaseOf(args.openstackRelease);
  const judged = { release: release.name, silence: args.silence };
  const { glanceConf, cinderConf } = layoutOf(args.layout);
  if (args.glance?.hosts.includes(host) === true) {
    const sections = shared(release.glance(storeFacts(work, pools)), args.glance, plan.stores);
    writeSections({ prefix, host, role: "glance", path: glanceConf, sections, ...judged }, group);
  }
  if (args.cinder?.hosts.includes(host) === true) {
    const sections = shared(release.cinder(backendFacts(work, pools)), args.cinder, plan.backends);
    writeSections({ prefix, host, role: "cinder", path: cinderConf, sections, ...judged }, group);
  }
};

/** A host's ceph.conf, keyrings and shared sections, under one parent. */
export const makeHost = (
  work: Work,
  made: { pools: Pools; entities: Entities },
  host: Host,
): CephConfigFile => {
  const { name, args, plan, parent } = work;
  const group = new ClientHost(`${name}-${host}`, { parent });
  const keyrings = keyringsOf(args, layoutOf(args.layout), host).map(({ user, ...owner }) => {
    const { entity, keyGeneration } = entityOf(made.entities, user);
    return { user: plan.users[user], entity: { entity, keyGeneration }, ...owner };
  });
  const guests = args.manage?.directories === true && args.nova?.hosts.includes(host) === true;
  const wish = { host, cluster: args.cluster, keyrings, ...(guests ? { confOptions: guestOptions } : {}) };
  const conf = clientFiles(name, wish, group);
  writeShared(work, made.pools, { host, group });
  return conf;
};
