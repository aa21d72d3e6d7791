/** From a plan to resources: one loop. */
import * as pulumi from "@pulumi/pulumi";
import { CephAuthEntity } from "../providers/ceph-auth-entity/index.js";
import { CephConfigFile } from "../providers/ceph-config-file/index.js";
import { CephKeyringFile } from "../providers/ceph-keyring-file/index.js";
import { CephPool } from "../providers/ceph-pool/index.js";
import { ClientCheck } from "../providers/client-check/index.js";
import { ClientPackages } from "../providers/client-packages/index.js";
import { ConfigSection } from "../providers/config-section/index.js";
import { Directory } from "../providers/directory/index.js";
import { ImageProperties } from "../providers/image-properties/index.js";
import { LibvirtSecret } from "../providers/libvirt-secret/index.js";
import { Service } from "../providers/service/index.js";
import type { HookPlace } from "./hook-args.js";
import { refOf, type Entry, type EntryOf, type Kind, type Kinds, type Ref } from "./plan/entry.js";
import type { Plan } from "./plan/plan.js";

type Opts = Pick<pulumi.CustomResourceOptions, "parent" | "dependsOn">;
type Class<A> = new (name: string, args: A, opts: Opts) => pulumi.Resource;

/** A parent of others, with nothing of its own. */
const group = (type: string): Class<object> =>
  class extends pulumi.ComponentResource {
    constructor(name: string, _: object, opts: Opts) {
      super(`ceph-openstack:index:${type}`, name, {}, opts);
      this.registerOutputs({});
    }
  };

/** What the program gives itself has classes of its own. */
type OwnKind = Exclude<Kind, "Hook">;

const CLASSES: { readonly [K in OwnKind]: Class<Kinds[K]> } = {
  ClientHost: group("ClientHost"),
  GlanceStore: group("GlanceStore"),
  CinderBackend: group("CinderBackend"),
  CinderBackup: group("CinderBackup"),
  NovaCompute: group("NovaCompute"),
  CephPool,
  CephAuthEntity,
  CephConfigFile,
  CephKeyringFile,
  LibvirtSecret,
  ConfigSection,
  Directory,
  Service,
  ClientCheck,
  ClientPackages,
  ImageProperties,
};

const make = <K extends OwnKind>({ kind, name, args }: EntryOf<K>, opts: Opts): pulumi.Resource =>
  new CLASSES[kind](name, args, opts);

/** What a plan has become, by reference: one resource each, and of a hook what the program gave. */
export type Made = ReadonlyMap<Ref, readonly pulumi.Resource[]>;

/** Resources of the program's own at a place. */
export type Asked = (at: HookPlace) => readonly pulumi.Resource[];

/** Makes all of a plan below `root`: whatever the order of its entries, parents first and what others wait for. */
export const makeAll = ({ entries, warnings }: Plan, root: pulumi.Resource, ask: Asked = () => []): Made => {
  const made = new Map<Ref, readonly pulumi.Resource[]>();
  const planned = new Map(entries.map((entry): [Ref, Entry] => [refOf(entry), entry]));
  const makeOf = (entry: Entry): readonly pulumi.Resource[] => {
    const [parent = root] = entry.parent === undefined ? [] : resourcesOf(entry.parent);
    const opts = { parent, dependsOn: [...new Set((entry.dependsOn ?? []).flatMap(resourcesOf))] };
    if (entry.kind !== "Hook") return [make(entry, opts)];
    const { otherwise, ...place } = entry.args;
    const given = ask({ ...place, name: entry.name, opts });
    return given.length > 0 ? given : otherwise.flatMap(resourcesOf);
  };
  const resourcesOf = (ref: Ref): readonly pulumi.Resource[] => {
    const before = made.get(ref);
    if (before !== undefined) return before;
    const entry = planned.get(ref);
    if (entry === undefined) throw new Error(`${ref} is not planned`);
    const resources = makeOf(entry);
    made.set(ref, resources);
    return resources;
  };
  for (const ref of planned.keys()) resourcesOf(ref);
  for (const text of warnings) void pulumi.log.warn(text, root);
  return made;
};

/** One resource of a plan, of the class that its reference says. */
export const resourceIn = <R extends pulumi.Resource>(
  made: Made,
  ref: Ref,
  kind: abstract new (...args: never[]) => R,
): R => {
  const [found] = made.get(ref) ?? [];
  if (!(found instanceof kind)) throw new Error(`${ref} is not made`);
  return found;
};
