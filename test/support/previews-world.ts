/** From what has changed in the world to the resources and properties of a program that stand for it. */
import { capsMap } from "../../providers/formats/caps/index";
import type { ConfigSectionInputs } from "../../index";
import type { Program, Desired } from "./previews";
import { textOf, type Owning, type Path } from "./previews-path";
import { owningNewer, placeOfNewer, TOLD, toldIn } from "./previews-newer-world";
import { changesOf, type World } from "./world";

const POOL_FLAGS: Readonly<Record<string, Path>> = { bulk: ["bulk"] };
const POOL_OPTIONS: Readonly<Record<string, Path>> = {
  pg_num_min: ["pgNumMin"],
  pg_num_max: ["pgNumMax"],
  target_size_ratio: ["targetSizeRatio"],
  target_size_bytes: ["targetSizeBytes"],
  compression_mode: ["compression", "mode"],
  compression_algorithm: ["compression", "algorithm"],
  compression_required_ratio: ["compression", "requiredRatio"],
};

const poolPath = (property: string): Path => {
  const [, kind, key = ""] = /^(flag|option) (.*)$/.exec(property) ?? [];
  if (kind === "flag") return POOL_FLAGS[key] ?? ["options", key];
  if (kind === "option") return POOL_OPTIONS[key] ?? ["options", key];
  return property === "pgNum" ? ["pgNum", "exact"] : property.split(".");
};

const SERVICES = ["mon", "osd", "mgr", "mds"] as const;

/** Clauses by what they are about, as state keeps them. */
const byTopic = (service: string, clauses: string | readonly string[]): Record<string, string> => {
  const type = SERVICES.find((known) => known === service);
  if (type === undefined) throw new Error(`no service ${service}`);
  return capsMap(type, clauses);
};

const entityPath = (property: string): Path => {
  const [, service, clause] = /^caps\.(\w+)\["(.*)"\]$/.exec(property) ?? [];
  return service === undefined || clause === undefined
    ? ["keyGeneration"]
    : ["caps", service, ...Object.keys(byTopic(service, clause))];
};

const confPath = (section: string, option: string): Path =>
  section !== "global"
    ? ["options", section, option]
    : option.replaceAll(" ", "_") === "mon_host"
      ? ["monHost"]
      : option === "fsid"
        ? ["fsid"]
        : ["options", section, option];

const pathOf = ({ host = "", path = "" }: { host?: string; path?: string }): string => `${host}:${path}`;

const confFile = (args: { host: string; path?: string }): string =>
  pathOf({ path: "/etc/ceph/ceph.conf", ...args });
const keyringFile = (args: { host: string; path?: string; entity: string }): string =>
  pathOf({ path: `/etc/ceph/ceph.${args.entity}.keyring`, ...args });

const lineFile = ({ host, path }: { host: string; path: string }): string =>
  `${host}:/etc/tmpfiles.d/pulumi-ceph-openstack-${path.slice(1).replaceAll("/", "-")}-`;

/** Content is the key's; the line of a directory says what the directory is, and only its being there is a property of its own. */
const owningFile: Owning = ({ kind, args }, { thing, property }) => {
  const isContent = property === "content";
  if (kind === "keyring" && thing === `file/${keyringFile(args)}`)
    return [isContent ? "keyGeneration" : property];
  if (kind === "conf" && thing === `file/${confFile(args)}`) return [property];
  if (kind !== "directory" || !thing.startsWith(`file/${lineFile(args)}`)) return undefined;
  return isContent ? [] : ["tmpfiles"];
};

const owningSection = (args: ConfigSectionInputs, option: string): Path | undefined => {
  const { options = {}, secretOptions = {}, absent = [] } = args;
  if (option in options) return ["options", option];
  if (option in secretOptions) return ["secretOptions"];
  return absent.includes(option) ? ["absent"] : undefined;
};

const owningOption: Owning = ({ kind, args }, { thing, property }) => {
  if (kind === "conf") {
    const before = `ini/${confFile(args)}#`;
    return thing.startsWith(before) ? confPath(thing.slice(before.length), property) : undefined;
  }
  const isSection = kind === "section" && thing === `ini/${pathOf(args)}#${args.section}`;
  return isSection ? owningSection(args, property) : undefined;
};

const owningThing: Owning = ({ kind, args }, { thing, property }) => {
  if (kind === "entity" && thing === `entity/${args.entity}`) return entityPath(property);
  if (kind === "secret" && thing.startsWith(`secret/${args.host}/`))
    return [property === "value" ? "keyGeneration" : property];
  return kind === "directory" && thing === `dir/${pathOf(args)}` ? [property] : undefined;
};

const owning: Owning = (desired, change, poolName) =>
  desired.kind === "pool"
    ? desired.args.name === poolName
      ? poolPath(change.property)
      : undefined
    : (owningThing(desired, change, poolName) ??
      owningFile(desired, change, poolName) ??
      owningOption(desired, change, poolName) ??
      owningNewer(desired, change, poolName));

const under = (side: unknown, key: string): unknown =>
  typeof side === "object" && side !== null ? (Reflect.get(side, key) as unknown) : undefined;

/** What an engine names: where one side has nothing at all under a part of the path, that part. */
const cut = (path: Path, sides: readonly [unknown, unknown]): Path => {
  let [old, now] = sides;
  for (const [at, part] of path.entries()) {
    [old, now] = [under(old, part), under(now, part)];
    if ((old === undefined) !== (now === undefined)) return path.slice(0, at + 1);
  }
  return path;
};

/** Clauses are kept by what they are about, whatever way they are written in. */
const stated = (desired: Desired): unknown => {
  if (desired.kind !== "entity") return desired.args;
  const caps = Object.entries(desired.args.caps).map(
    ([service, given]) => [service, byTopic(service, given)] as const,
  );
  return { ...desired.args, caps: Object.fromEntries(caps) };
};

const place = (desired: Desired): Readonly<Record<string, unknown>> => {
  const { kind, args } = desired;
  const newer = placeOfNewer(desired);
  if (newer !== undefined) return newer;
  const all = { path: undefined, section: undefined, entity: undefined, host: undefined, ...args };
  const { path, section, entity, host } = all;
  if (kind === "entity") return { entity };
  return kind === "pool" ? {} : kind === "secret" ? { host } : { host, path, section };
};

/** Two runs of a program. */
export interface Runs {
  readonly before: Program;
  readonly after: Program;
}

const linesFor = ([name, property]: readonly [string, Path], { before, after }: Runs): string[] => {
  const [old, now] = [before[name], after[name]];
  if (old === undefined) return [`create ${name}`];
  if (now === undefined) return [`delete ${name}`];
  const [was, is] = [place(old), place(now)];
  const moved = Object.keys(is).filter((key) => was[key] !== is[key]);
  // Whatever else differs then is named with it.
  if (moved.length > 0)
    return [`replace ${name}`, ...toldIn(name, [old, now], Object.keys({ ...old.args, ...now.args }))];
  if (property[0] === TOLD) return toldIn(name, [old, now], property.slice(1));
  const line = textOf(cut(property, [stated(old), stated(now)]));
  return line === "" ? [] : [`${name} ${line}`];
};

/** What acts when it is deleted stands for no change as long as it is there. */
const isIdle = (name: string, { kind, args }: Desired, { before, after }: Runs): boolean =>
  kind === "service" && args.at === "destroy" && before[name] !== undefined && after[name] !== undefined;

/** What has changed, in the words of `namedBy`; a change that no resource of either program stands for by its own name. */
export const changedIn = (worlds: readonly [World, World], runs: Runs): string[] => {
  const lines = changesOf(...worlds).flatMap((change) => {
    const names = worlds.map((world) => world.get(change.thing)?.get("name"));
    const programs: readonly [Program, string | undefined][] = [
      [runs.after, names[1] ?? names[0]],
      [runs.before, names[0]],
    ];
    for (const [program, poolName] of programs)
      for (const [name, desired] of Object.entries(program)) {
        if (isIdle(name, desired, runs)) continue;
        const property = owning(desired, change, change.thing.startsWith("pool/") ? (poolName ?? "") : "");
        if (property !== undefined) return linesFor([name, property], runs);
      }
    return [`unforeseen ${change.thing} ${change.property}`];
  });
  return [...new Set(lines)].sort();
};
