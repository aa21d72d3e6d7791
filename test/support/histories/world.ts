/** Hosts and a cluster in memory, and the provider processes that reach them. */
import { newKey } from "../../../providers/formats/keyring";
import type { Files } from "../../../providers/clients/files/index";
import { newSurroundings } from "../../../providers/kernel/surroundings";
import { Failure } from "../../../providers/remote/failure";
import type { Machine } from "../../../providers/remote/machine";
import { installByHand } from "./apt";
import { LIVING, memoryChecks, type CheckSite } from "./checks";
import { bootWith } from "./units";
import { serving, type Serve } from "./verbs";
import { addPool, newMonitor } from "../fake-ceph-pools";
import { fakeGlance, type FakeGlance } from "../fake-glance";
import { imagesOf, memoryWeb } from "./images";
import { memoryConversation } from "./cluster";
import {
  memoryFiles,
  memoryMachine,
  memoryPrograms,
  newMachine,
  type Gate,
  type MemoryMachine,
} from "./machine";

export const FSID = "b0a1c2d3-0000-4000-8000-000000000001";
export const ENTITY = "client.cinder";
export const POOL = "vms";
export const CINDER = "/etc/cinder/cinder.conf";

/** Names of hosts, and the machine that each is. Two of them are one machine. */
export const HOSTS: Readonly<Record<string, number>> = { ctl1: 0, cmp1: 1, cmp2: 2, "ctl1.example.com": 0 };
export const ADMIN = "mon1";

/** What was there before anything of ours. */
export interface Before {
  readonly entity?: boolean;
  /** It has less than any program gives it. */
  readonly less?: boolean;
  /** It has a clause that no program gives it, about a pool that they name. */
  readonly more?: boolean;
  readonly pool?: boolean;
  readonly keyring?: boolean;
  readonly secret?: boolean;
  /** cinder.conf has a value for one of our options already. */
  readonly option?: boolean;
  readonly conf?: boolean;
  /** Hosts are clients of Ceph by packages already. */
  readonly packages?: boolean;
}

export interface World extends CheckSite {
  readonly machines: readonly MemoryMachine[];
  readonly glance: FakeGlance;
}

const file = (bytes: string, user = "root", mode = "0644") =>
  ({ kind: "file", bytes, user, group: user, mode }) as const;

/** A clause about a pool, which no program gives. */
export const FOREIGN = "allow class-write pool=";

const osdCaps = ({ less = false, more = false }: Before, pool: string): string[] => [
  ...(more ? [`${FOREIGN}${pool}`] : []),
  ...(less ? [] : [`profile rbd pool=${pool}`]),
];

const capsFor = (pool: string, before: Before = {}): Record<string, string> => {
  const osd = osdCaps(before, pool);
  return { mon: "profile rbd", ...(osd.length === 0 ? {} : { osd: osd.join(", ") }) };
};

const keyringOf = (key: string): string => `[${ENTITY}]\n\tkey = ${key}\n`;

const imageOf = (name: string): string[] => [`rbd_directory.${name}`, `rbd_header.${name}`];

/** An image of Glance's, from whose snapshot others are cloned. */
const PROTECTED = [...imageOf("cirros"), "rbd_snap.cirros@snap", "rbd_protected.cirros@snap"];

export const keyringPath = `/etc/ceph/ceph.${ENTITY}.keyring`;

export const newWorld = (before: Before, uuid: string): World => {
  const cluster = newMonitor(FSID);
  const machines = ["1", "2", "3"].map((n) => newMachine(n.repeat(32)));
  const key = newKey();
  addPool(cluster, "images", {
    applications: new Set(["rbd"]),
    objects: new Set(["rbd_info", "theirs", ...PROTECTED]),
  });
  cluster.entities.set("client.other", { key: newKey(), caps: { mon: "allow r" } });
  if (before.pool === true)
    addPool(cluster, POOL, {
      applications: new Set(["rbd"]),
      objects: new Set(["rbd_info", ...imageOf(LIVING.name)]),
    });
  if (before.entity === true) cluster.entities.set(ENTITY, { key, caps: capsFor(POOL, before) });
  machines.forEach((machine) => {
    const { files, secrets } = machine;
    if (before.packages === true) installByHand(machine, "python3-rbd");
    const option = before.option === true ? "rbd_user = somebody\n" : "";
    files.set(CINDER, file(`[DEFAULT]\ndebug = true\n[ceph]\n# theirs\nvolume_name = %s\n${option}`));
    files.set("/etc/ceph/ceph.client.other.keyring", file("[client.other]\n\tkey = none\n"));
    if (before.keyring === true && before.entity === true)
      files.set(keyringPath, file(keyringOf(key), "cinder", "0640"));
    if (before.conf === true)
      files.set("/etc/ceph/ceph.conf", file(`[global]\nfsid = ${FSID}\nmax open files = 5\n`));
    if (before.secret === true && before.entity === true)
      secrets.set(uuid, { usage: `${ENTITY} secret`, value: key });
  });
  for (const machine of machines) bootWith(machine, [CINDER, keyringPath]);
  return { cluster, machines, glance: fakeGlance(), checks: [] };
};

/** What a run's connections do. */
export interface Weather {
  /** A machine that does not answer. */
  readonly down?: number;
  /** The n-th change of the world is cut, before or after it was done; `dead`: and everything after it. */
  readonly cut?: { readonly at: number; readonly when: "before" | "after"; readonly dead: boolean };
  /** A program of a check is killed before its n-th change. */
  readonly dies?: number;
}

const lost = (): Failure => new Failure({ code: "cut", host: "far", what: "the connection was lost" });

const gateFor = ({ cut }: Weather): Gate => {
  let count = 0;
  let over = false;
  return (_what, act) => {
    count += 1;
    if (over) throw lost();
    if (count !== cut?.at) return act();
    over = cut.dead;
    if (cut.when === "after") act();
    throw lost();
  };
};

const FILES = Symbol.for("pulumi-ceph-openstack.files");

/** The hosts as one run reaches them; `said` takes what is told to the operator. */
export const reachWorld = (world: World, weather: Weather = {}, said: string[] = []): (() => Serve) => {
  const gate = gateFor(weather);
  const at = (host: string): MemoryMachine => {
    const index = HOSTS[host];
    const machine = index === undefined ? undefined : world.machines[index];
    if (machine === undefined || index === weather.down)
      throw new Failure({ code: "unreachable", host, what: "does not answer" });
    return machine;
  };
  const machine = (host: string): Machine => {
    const here = { host, machine: () => at(host), gate, dies: weather.dies };
    const programs = memoryPrograms(host, here.machine, gate);
    return memoryMachine(
      host,
      (request) => memoryChecks(world, here, request) ?? programs(request),
      () => Promise.resolve(memoryConversation(host, world.cluster, gate)),
    );
  };
  return () => {
    const surroundings = newSurroundings({
      env: {},
      say: (line) => said.push(line),
      connect: () => ({
        machine,
        web: memoryWeb(world.glance, gate),
        close: () => Promise.resolve(),
      }),
    });
    surroundings.configure(() => undefined);
    const files = new Map<string, Files>();
    for (const host of Object.keys(HOSTS))
      files.set(
        host,
        memoryFiles(host, () => at(host), gate),
      );
    surroundings.reach({ owner: "", token: undefined, lives: false }).shared(FILES, () => files);
    return serving(surroundings);
  };
};

/** Everything there is, as plain data. Pools by what they are, not by number. */
export const inventory = ({ cluster, machines, glance }: World) => ({
  images: imagesOf(glance),
  entities: Object.fromEntries([...cluster.entities].map(([name, { key, caps }]) => [name, { key, caps }])),
  pools: Object.fromEntries([...cluster.pools.values()].map(({ name, size }) => [name, { size }])),
  records: Object.fromEntries(cluster.records),
  machines: machines.map(({ files, secrets, records, packages }) => ({
    packages: Object.fromEntries(packages.installed),
    files: Object.fromEntries(files),
    secrets: Object.fromEntries(secrets),
    records: Object.fromEntries(records),
  })),
});
