/** Whether a client's way to its pools is whole, told without the library: by what lies in the world. */
import { isMap, type Props } from "../../../providers/kernel/json";
import { poolNamed } from "../fake-ceph-pools";
import { optionsIn } from "./options";
import type { MemoryMachine } from "./machine";
import { ENTITY, HOSTS, keyringPath, type World } from "./world";

/** A file as the service's user may read it. */
const readAs = (machine: MemoryMachine, path: string, user: string): string | undefined => {
  const file = machine.files.get(path);
  if (file === undefined) return undefined;
  const digit = [file.user, file.group].indexOf(user) + 1 || 3;
  return Number(file.mode[digit]) >= 4 ? file.bytes : undefined;
};

const wrongKey = (world: World, machine: MemoryMachine, { guestsOnly, libvirtSecret }: Props): string[] => {
  const key = world.cluster.entities.get(ENTITY)?.key;
  if (key === undefined) return ["the entity is not in the cluster"];
  if (guestsOnly === true) {
    const uuid = isMap(libvirtSecret) ? libvirtSecret["uuid"] : undefined;
    const value = typeof uuid === "string" ? machine.secrets.get(uuid)?.value : undefined;
    return value === key ? [] : ["guests have no key that the cluster knows"];
  }
  const isHeld = readAs(machine, keyringPath, "cinder")?.includes(`key = ${key}`) === true;
  return isHeld ? [] : ["the service reads no key that the cluster knows"];
};

const wrongConf = ({ cluster }: World, { files }: MemoryMachine, { guestsOnly }: Props): string[] => {
  const found = files.get("/etc/ceph/ceph.conf");
  if (guestsOnly === true && found === undefined) return [];
  const isOurs = optionsIn(found?.bytes ?? "", "global").get("fsid") === cluster.fsid;
  return isOurs ? [] : ["its ceph.conf is not of this cluster"];
};

/** Pools that a check names, whatever for. */
const poolsIn = (pools: unknown): string[] => (isMap(pools) ? Object.values(pools).flat().map(String) : []);

const wrongPools = ({ cluster }: World, { can, cannot }: Props): string[] => {
  const { mon = "", osd = "" } = cluster.entities.get(ENTITY)?.caps ?? {};
  const has = (pool: string): boolean => osd.split(", ").includes(`profile rbd pool=${pool}`);
  const mustHave = poolsIn(can);
  return [
    ...(mon === "profile rbd" ? [] : ["its caps lack mon"]),
    ...mustHave.filter((pool) => !has(pool)).map((pool) => `its caps lack pool ${pool}`),
    ...mustHave.filter((pool) => poolNamed(cluster, pool) === undefined).map((pool) => `there is no ${pool}`),
    ...poolsIn(cannot)
      .filter(has)
      .map((pool) => `its caps reach pool ${pool}`),
  ];
};

/** What is broken in the way that a check has proven. */
export const brokenLinks = (world: World, inputs: Props): string[] => {
  const { host } = inputs;
  const machine = world.machines[(typeof host === "string" ? HOSTS[host] : undefined) ?? -1];
  if (machine === undefined) return ["its host is not there"];
  return [
    ...wrongKey(world, machine, inputs),
    ...wrongConf(world, machine, inputs),
    ...wrongPools(world, inputs),
  ].map((what) => `the check counts as proven, and ${what}`);
};
