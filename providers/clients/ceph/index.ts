/** The client of a Ceph cluster: pools, entities, records, over one conversation with one admin host per run. */
import type { Cluster } from "../../kernel/common.js";
import type { Reach } from "../../kernel/contract.js";
import { Failure } from "../../remote/failure.js";
import { rememberSecret } from "../../remote/redact.js";
import { ENOENT, ENOTEMPTY, parseJson, type Door, type MonCommand, type Order } from "./door.js";
import { crushOf, type Crush } from "./crush.js";
import { mon, must, orders, type Ask } from "./orders.js";
import { fieldsOf, parseDetails, parseRelease, type PoolDetail } from "./pool-detail.js";
import { lookGroup } from "./shared.js";
import { stretchOf, type Stretch } from "./stretch.js";
import { addressed, adminsOf, checkOneCluster, openDoor, wayOf } from "./way.js";

/** What the client needs of the surroundings of a verb. */
export type CephReach = Pick<Reach, "settings" | "machine" | "shared">;

/** A cephx entity as the cluster has it. The key is a secret: it never leaves the process but to the file or host that needs it. */
export interface Entity {
  readonly key: string;
  /** Caps by service, in Ceph's own text. */
  readonly caps: Readonly<Record<string, string>>;
}

/** Why a pool was not deleted, as values. */
export type Deletion =
  { readonly done: true } | { readonly done: false; readonly content: readonly string[] };

/** A Ceph cluster. Reads of the same kind share one look; a look after a write of this process is always a new one. */
export interface Ceph extends Crush, Stretch {
  readonly fsid: string;
  /** All pools with everything that `ceph osd pool ls detail` tells. */
  pools(): Promise<readonly PoolDetail[]>;
  /** One option of a pool as `ceph osd pool get` tells it; undefined when it is not set. */
  poolOption(pool: string, option: string): Promise<string | undefined>;
  /** True when `rbd pool init` was done, told by its object. */
  isRbdPool(pool: string): Promise<boolean>;
  /** Makes a pool; false when one of that name was there. */
  createPool(command: MonCommand): Promise<boolean>;
  /** A change of the OSD map. @throws Failure `command`; `cure` replaces the usual advice */
  changePools(command: MonCommand, cure?: string): Promise<void>;
  rbdPoolInit(pool: string): Promise<void>;
  /** Deletes the pool of this name and number; without `force` only when nothing but RBD's empty bookkeeping is in it. */
  deletePool(pool: { readonly name: string; readonly id: number }, force: boolean): Promise<Deletion>;
  /** The entity, or undefined when there is none. */
  entity(name: string): Promise<Entity | undefined>;
  /** The key of an entity, or undefined when there is none. For files and secrets: shared by looks of one moment. */
  keyOf(entity: string, moment: string): Promise<string | undefined>;
  /** A change of entities; `input` is a keyring. What the cluster answers may hold a key, and is dropped. */
  changeEntities(command: MonCommand, input?: string): Promise<void>;
  /** Everything recorded in this cluster, by key; or what stands under another prefix. */
  records(prefix?: string): Promise<ReadonlyMap<string, string>>;
  /** The same by a look that begins now. What decides that something goes: a create in another process of this run may just have recorded it as its own. */
  recordsNow(prefix?: string): Promise<ReadonlyMap<string, string>>;
  setRecord(key: string, record: object): Promise<void>;
  removeRecord(key: string): Promise<void>;
  /** Minimal configuration for clients, as `ceph config generate-minimal-conf` prints it. */
  minimalConf(): Promise<string>;
  /** The monitors' release: 14 is Nautilus, 16 Pacific. */
  release(): Promise<number>;
}

/** Prefix of the keys of all our records in a cluster's `config-key` store. */
export const RECORDS = "pulumi-ceph-openstack/";

const CLUSTERS = Symbol("ceph clusters");

/** The client of a cluster, shared by every resource of the process that names the same cluster and way to it. */
export const cephOf = (reach: CephReach, cluster: Cluster): Ceph => {
  const clients = reach.shared(CLUSTERS, () => new Map<string, Ceph>());
  const address = addressed(cluster, reach.settings);
  const way = wayOf(address, reach.settings);
  const key = JSON.stringify([adminsOf(address), way]);
  const known = clients.get(key);
  if (known !== undefined) return known;
  checkOneCluster(reach.settings, [way, ...clients.values()]);
  const machines = adminsOf(address).map((host) => reach.machine(host));
  const made = newCeph(way.fsid, () => openDoor(machines, way));
  clients.set(key, made);
  return made;
};

const texts = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fieldsOf(value)).flatMap(([key, text]) => (typeof text === "string" ? [[key, text]] : [])),
  );

/** The entity of `auth get -f json`: a list of one. */
const parseEntity = (out: string): Entity => {
  const parsed = parseJson(out);
  const { key, caps } = fieldsOf(Array.isArray(parsed) ? parsed[0] : parsed);
  if (typeof key !== "string")
    throw new Failure({ code: "command", command: "ceph auth get", what: "the answer holds no key" });
  rememberSecret(key);
  return { key, caps: texts(caps) };
};

const ALL = "all";

/** What Ceph says of a creation that it refuses, and what to do about it. */
const CREATION_CURES: readonly (readonly [RegExp, string])[] = [
  [/parameter pg_num/, "The tools of Ceph 14 make no pool without a number of placement groups: set pgNum."],
  [
    /we are in stretch mode/,
    "The cluster is in stretch mode: each pool is replicated and of `size` 4 (mon_stretch_pool_size). Give that, or leave `size` out.",
  ],
  [
    /No suitable CRUSH rule/,
    "Name a rule by `crushRule`. A cluster in stretch mode gives a new pool the rule of the pools that it has, and none to the first.",
  ],
];

const creationCure = (text: string): string | undefined =>
  CREATION_CURES.find(([said]) => said.test(text))?.[1];

const isThere = async (ask: Ask, pool: string, object: string): Promise<boolean> => {
  const { answer, failed } = await ask({ do: "stat", pool, object });
  if (answer.code !== 0 && answer.code !== ENOENT) throw failed();
  return answer.code === 0;
};

const poolsOf = (ask: Ask) => {
  const { shared, write } = lookGroup();
  const json = (command: MonCommand) => must(ask, mon({ ...command, format: "json" }));
  const pools = shared(async () => parseDetails(await json({ prefix: "osd pool ls", detail: "detail" })));
  const isRbdPool = shared((pool) => isThere(ask, pool, "rbd_info"));
  const change = async (order: Order, cure?: string): Promise<void> => {
    await write(() => must(ask, order, cure));
  };
  return {
    pools: () => pools(ALL),
    isRbdPool,
    async poolOption(pool: string, option: string) {
      const { answer, failed } = await ask(
        mon({ prefix: "osd pool get", pool, var: option, format: "json" }),
      );
      if (answer.code === ENOENT) return undefined;
      if (answer.code !== 0) throw failed();
      return plainText(fieldsOf(parseJson(answer.out))[option]);
    },
    createPool: (command: MonCommand) =>
      write(async () => {
        const { answer, failed } = await ask(mon(command));
        if (answer.code !== 0) throw failed(creationCure(answer.text));
        // Code 0 in both cases: only the text tells (16.2.15).
        return !answer.text.includes("already exists");
      }),
    changePools: (command: MonCommand, cure?: string) => change(mon(command), cure),
    rbdPoolInit: (pool: string) => change({ do: "init", pool }),
    deletePool: ({ name, id }: { readonly name: string; readonly id: number }, force: boolean) =>
      write(async (): Promise<Deletion> => {
        const { answer, failed } = await ask({ do: "delete", pool: name, poolId: id, force });
        if (answer.code === ENOTEMPTY)
          return { done: false, content: Object.values(texts(parseJson(answer.out))) };
        if (answer.code !== 0) throw failed();
        return { done: true };
      }),
  };
};

const plainText = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;

const entitiesOf = (ask: Ask) => {
  const { shared, write } = lookGroup();
  const get = async (name: string): Promise<Entity | undefined> => {
    const { answer, failed } = await ask(mon({ prefix: "auth get", entity: name, format: "json" }));
    if (answer.code === ENOENT) return undefined;
    if (answer.code !== 0) throw failed();
    return parseEntity(answer.out);
  };
  const entity = shared(get);
  const key = shared(async (words) => (await get(words.split(" ", 1)[0] ?? ""))?.key);
  return {
    entity,
    keyOf: (name: string, moment: string) => key(`${name} ${moment}`),
    changeEntities: async (command: MonCommand, input?: string) => {
      await write(() => must(ask, mon(command, input)));
    },
  };
};

const recordsOf = (ask: Ask) => {
  const { shared, write } = lookGroup();
  const records = shared(async (key) => {
    const out = await must(ask, mon({ prefix: "config-key dump", key, format: "json" }));
    return new Map(Object.entries(texts(parseJson(out))));
  });
  const change = async (command: MonCommand): Promise<void> => {
    await write(() => must(ask, mon(command)));
  };
  return {
    records: (prefix = RECORDS) => records(prefix),
    recordsNow: (prefix = RECORDS) => records(prefix, "anew"),
    setRecord: (key: string, value: object) =>
      change({ prefix: "config-key set", key, val: JSON.stringify(value) }),
    removeRecord: (key: string) => change({ prefix: "config-key rm", key }),
  };
};

/** A client over a way to open doors. */
export const newCeph = (fsid: string, open: () => Promise<Door>): Ceph => {
  const ask = orders(open);
  const minimalConf = lookGroup().shared(() => must(ask, mon({ prefix: "config generate-minimal-conf" })));
  const release = lookGroup().shared(async () =>
    parseRelease(await must(ask, mon({ prefix: "version", format: "json" }))),
  );
  return {
    fsid,
    ...poolsOf(ask),
    ...crushOf(ask),
    ...stretchOf(ask),
    ...entitiesOf(ask),
    ...recordsOf(ask),
    minimalConf: () => minimalConf(ALL),
    release: () => release(ALL),
  };
};
