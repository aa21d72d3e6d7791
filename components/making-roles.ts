/** The last step of an integration: its stores, backends, backup and compute. */
import { CinderBackend } from "./cinder-backend.js";
import { CinderBackup } from "./cinder-backup.js";
import { GlanceStore } from "./glance-store.js";
import type { RoleSpec, UserKey } from "./integration-args.js";
import { entityOf, poolNamed, uuidOf, type Entities, type Pools, type Work } from "./making.js";
import { NovaCompute } from "./nova-compute.js";
import type { Sections } from "./releases/index.js";
import { only } from "./sections.js";

/** What all role components of an integration are given: files are the hosts' own, names begin with the integration's. */
const roleArgs = ({ name: prefix, args, plan }: Work, entities: Entities, user: UserKey) => {
  const { entity, keyGeneration } = entityOf(entities, user);
  const { cluster, openstackRelease, layout, silence } = args;
  return {
    cluster,
    openstackRelease,
    user: plan.users[user],
    entity: { entity, keyGeneration },
    clientFiles: false,
    prefix,
    ...(layout === undefined ? {} : { layout }),
    ...(silence === undefined ? {} : { silence }),
  };
};

const ownOptions = ({ options = {} }: RoleSpec, section: string): Sections =>
  only(options, (one) => one === section);

const makeGlance = (work: Work, { pools, entities }: { pools: Pools; entities: Entities }): void => {
  const {
    name,
    args: { glance },
    plan,
    parent,
  } = work;
  if (glance === undefined) return;
  for (const { name: store, pool } of plan.stores)
    new GlanceStore(
      `${name}-glance-${store}`,
      {
        ...roleArgs(work, entities, "glance"),
        hosts: glance.hosts,
        store,
        pool: poolNamed(pools, pool),
        enable: false,
        options: ownOptions(glance, store),
      },
      { parent },
    );
};

const makeCinder = (work: Work, { pools, entities }: { pools: Pools; entities: Entities }): void => {
  const {
    name,
    args: { cinder },
    plan,
    parent,
  } = work;
  if (cinder === undefined) return;
  for (const { name: backend, pool } of plan.backends)
    new CinderBackend(
      `${name}-cinder-${backend}`,
      {
        ...roleArgs(work, entities, "cinder"),
        hosts: cinder.hosts,
        backend,
        pool: poolNamed(pools, pool),
        secretUuid: uuidOf(work),
        enable: false,
        options: ownOptions(cinder, backend),
      },
      { parent },
    );
};

/** Stores, backends, backup and compute, each under a parent of its own. */
export const makeRoles = (work: Work, made: { pools: Pools; entities: Entities }): void => {
  const { name, args, plan, parent } = work;
  const { pools, entities } = made;
  makeGlance(work, made);
  makeCinder(work, made);
  if (args.cinderBackup !== undefined && plan.backupPool !== undefined) {
    const { hosts, options = {} } = args.cinderBackup;
    const pool = poolNamed(pools, plan.backupPool);
    new CinderBackup(
      `${name}-cinder-backup`,
      { ...roleArgs(work, entities, "cinderBackup"), hosts, options, pool },
      { parent },
    );
  }
  if (args.nova !== undefined && plan.vmsPool !== undefined) {
    const { hosts, options = {} } = args.nova;
    const more = {
      pool: poolNamed(pools, plan.vmsPool),
      secretUuid: uuidOf(work),
      directories: args.manage?.directories ?? false,
    };
    new NovaCompute(
      `${name}-nova`,
      { ...roleArgs(work, entities, "cinder"), hosts, options, ...more },
      { parent },
    );
  }
};
