/** Pools, entities and keyrings for checks of clients, on the sandbox's vol1; all of it beside what other tests use. */
import { afterAll, beforeAll } from "@jest/globals";
import { connectRemote } from "../../providers/remote/index";
import { readSettings } from "../../providers/remote/settings";
import { clientCheck } from "../../providers/client-check/index";
import { capsFor } from "../../components/plan/caps";
import { site } from "./engine";
import { ceph, on } from "./hosts";
import { cluster, removePools } from "./lifecycle";
import { runOf } from "./run-of";

export const FOLDER = "/etc/ceph/check";
export const POOLS = ["check-images", "check-volumes", "check-vms", "check-backups"] as const;
export const [IMAGES, VOLUMES, VMS, BACKUPS] = POOLS;
export const SCRATCH = "pulumi-ceph-openstack-check-";

/** The users of the classic procedure, with the caps that the component derives. */
export const USERS = {
  glance: { caps: capsFor({ owns: [IMAGES] }), can: { write: [IMAGES] } },
  cinder: {
    caps: capsFor({ owns: [VOLUMES, VMS], reads: [IMAGES] }),
    can: { write: [VOLUMES, VMS], clone: [IMAGES] },
  },
  "cinder-backup": {
    caps: capsFor({ owns: [BACKUPS], reads: [VOLUMES] }),
    can: { write: [BACKUPS], read: [VOLUMES] },
  },
} as const;
export type User = keyof typeof USERS;
export const entityOf = (user: User): string => `client.check-${user}`;
export const keyringOf = (user: User): string => `${FOLDER}/${user}.keyring`;

/** Clauses of a user, each as `type: clause`. */
export const clausesOf = (user: User): string[] =>
  Object.entries(USERS[user].caps).flatMap(([type, clauses]: [string, unknown]) =>
    [clauses].flat().map((clause) => `${type}: ${String(clause)}`),
  );

/** Sets the caps of a user; makes it where it is not there. */
export const setCaps = (user: User, clauses: readonly string[]): Promise<string> => {
  const types = ["mon", "osd", "mgr"].flatMap((type) => {
    const mine = clauses.flatMap((one) => (one.startsWith(`${type}: `) ? [one.slice(5)] : []));
    return mine.length === 0 ? [] : [`${type} '${mine.join(", ")}'`];
  });
  const caps = types.length === 0 ? "mon ''" : types.join(" ");
  const name = entityOf(user);
  return ceph(
    `ceph auth get-or-create ${name} >/dev/null 2>&1 || true; ceph auth caps ${name} ${caps} >/dev/null`,
  );
};

/** Writes the keyring of a user as its service reads it. */
export const putKeyring = async (user: User): Promise<void> => {
  const text = await ceph(`ceph auth get ${entityOf(user)} 2>/dev/null`);
  await on("vol1", `umask 077; cat >${keyringOf(user)}; chown cinder: ${keyringOf(user)}`, text);
};

export const putConf = async (): Promise<void> => {
  const conf = await ceph("ceph config generate-minimal-conf");
  await on("vol1", `mkdir -p ${FOLDER}; cat >${FOLDER}/ceph.conf; chmod 0644 ${FOLDER}/ceph.conf`, conf);
};

/** An image with a protected snapshot, as Glance leaves them. */
export const putImage = (pool: string, name = "cirros"): Promise<string> =>
  ceph(
    `echo boot | rbd import - ${pool}/${name} && rbd snap create --no-progress ${pool}/${name}@snap; rbd snap protect ${pool}/${name}@snap`,
  );

export const removeCheckSite = async (): Promise<void> => {
  const users = Object.keys(USERS) as User[];
  await ceph(users.map((user) => `ceph auth rm ${entityOf(user)}`).join("; "));
  await on("vol1", `rm -rf ${FOLDER}`);
  await removePools(...POOLS);
};

export const makeCheckSite = async (): Promise<void> => {
  // A run that was ended may have left them.
  await removeCheckSite();
  await ceph(POOLS.map((pool) => `ceph osd pool create ${pool} 8 8 && rbd pool init ${pool}`).join(" && "));
  await Promise.all([putConf(), putImage(IMAGES), ceph(`echo data | rbd import - ${VOLUMES}/volume-1`)]);
  for (const user of Object.keys(USERS) as User[]) {
    await setCaps(user, clausesOf(user));
    await putKeyring(user);
  }
};

/** Scratch images in all pools, and in their trash. */
export const scratch = (): Promise<string> =>
  ceph(POOLS.map((pool) => `rbd ls ${pool} | grep ^${SCRATCH} || true; rbd trash ls ${pool}`).join("; "));

/** Inputs of a check of a user on vol1. */
export const inputsOf = (user: User, more: object = {}) => ({
  host: "vol1",
  cluster: { fsid: site().fsid },
  entity: entityOf(user),
  can: USERS[user].can,
  user: "cinder",
  conf: `${FOLDER}/ceph.conf`,
  keyring: keyringOf(user),
  ...more,
});

/** The verbs of a check, by real connections and without an engine; `close` ends them. */
const checks = () => {
  const remote = connectRemote(
    readSettings(() => undefined, { CEPH_OPENSTACK_SSH_CONFIG: site().sshConfig }),
  );
  const machines = Object.fromEntries(["mon1", "vol1", "cmp1"].map((host) => [host, remote.machine(host)]));
  const run = () => runOf(machines);
  /** What a create says: nothing, or what is broken. */
  const verdict = async (inputs: object): Promise<string> => {
    try {
      await run().of(clientCheck).create(inputs);
      return "";
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  return { verdict, close: () => remote.close() };
};

/** The site of a file of tests: made before the first, taken away after the last; `prepare` changes it before any check. */
export const checkSite = (
  prepare: () => Promise<unknown> = () => Promise.resolve(),
): Pick<ReturnType<typeof checks>, "verdict"> => {
  let site: ReturnType<typeof checks>;
  beforeAll(async () => {
    await makeCheckSite();
    await prepare();
    site = checks();
  }, 120_000);
  afterAll(async () => {
    await site.close();
    await removeCheckSite();
  }, 120_000);
  return { verdict: (inputs) => site.verdict(inputs) };
};

export { cluster };
