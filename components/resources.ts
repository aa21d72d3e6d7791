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

const CLASSES: { readonly [K in Kind]: Class<Kinds[K]> } = {
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

const make = <K extends Kind>({ kind, name, args }: EntryOf<K>, opts: Opts): pulumi.Resource =>
  new CLASSES[kind](name, args, opts);

/** What a plan has become, by reference. */
export type Made = ReadonlyMap<Ref, pulumi.Resource>;

/** Makes all of a plan below `root`: whatever the order of its entries, parents first and what others wait for. */
export const makeAll = ({ entries, warnings }: Plan, root: pulumi.Resource): Made => {
  const made = new Map<Ref, pulumi.Resource>();
  const planned = new Map(entries.map((entry): [Ref, Entry] => [refOf(entry), entry]));
  const resourceOf = (ref: Ref): pulumi.Resource => {
    const before = made.get(ref);
    if (before !== undefined) return before;
    const entry = planned.get(ref);
    if (entry === undefined) throw new Error(`${ref} is not planned`);
    const parent = entry.parent === undefined ? root : resourceOf(entry.parent);
    const dependsOn = (entry.dependsOn ?? []).map(resourceOf);
    const resource = make(entry, { parent, dependsOn });
    made.set(ref, resource);
    return resource;
  };
  for (const ref of planned.keys()) resourceOf(ref);
  for (const text of warnings) void pulumi.log.warn(text, root);
  return made;
};

/** One resource of a plan, of the class that its reference says. */
export const resourceIn = <R extends pulumi.Resource>(
  made: Made,
  ref: Ref,
  kind: abstract new (...args: never[]) => R,
): R => {
  const found = made.get(ref);
  if (!(found instanceof kind)) throw new Error(`${ref} is not made`);
  return found;
};
