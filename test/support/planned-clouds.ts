/** Plans of random clouds, and what their entries say of clusters, files, secrets and rights. */
import fc from "fast-check";
import type { CephOpenStackIntegrationArgs } from "../../components/integration-args.js";
import type { Entry, EntryOf, Kind } from "../../components/plan/entry.js";
import { planOf } from "../../components/plan/plan.js";
import { integrationTopology } from "../../components/topology/integration.js";
import type { Topology } from "../../components/topology/topology.js";
import { defaultUsage } from "../../providers/formats/libvirt-secret.js";
import { anyCloud } from "./cloud-arguments.js";

/** A seed and a number of one's own: `CLOUD_SEED=7 CLOUDS=5000 npx jest …`; a failure prints them. */
const seed = Number(process.env["CLOUD_SEED"] ?? 1);
const RUNS = { seed, numRuns: Number(process.env["CLOUDS"] ?? 40) };

export interface Cloud {
  readonly args: CephOpenStackIntegrationArgs;
  readonly topology: Topology;
  readonly entries: readonly Entry[];
}

/** All laws look at the same clouds. */
const planned = new Map<string, Cloud>();

const cloudOf = (args: CephOpenStackIntegrationArgs): Cloud => {
  const key = JSON.stringify(args);
  const known = planned.get(key);
  if (known !== undefined) return known;
  const topology = integrationTopology("rbd", args);
  const cloud = { args, topology, entries: planOf(topology).entries };
  planned.set(key, cloud);
  return cloud;
};

export const every = (law: (cloud: Cloud) => void): void => {
  fc.assert(
    fc.property(anyCloud, (args) => {
      law(cloudOf(args));
    }),
    RUNS,
  );
};

export const of = <K extends Kind>({ entries }: Pick<Cloud, "entries">, kind: K): EntryOf<K>[] =>
  entries.filter((entry): entry is Extract<Entry, EntryOf<K>> => entry.kind === kind);

export const twice = (items: readonly string[]): string[] =>
  items.filter((item, at) => items.indexOf(item) !== at);

/** A value of an argument that is plain in these clouds. */
export const text = (value: unknown): string => {
  if (typeof value !== "string") throw new Error(`not plain: ${JSON.stringify(value)}`);
  return value;
};

interface At {
  readonly fsid: string;
  readonly name?: string;
}
export const clusterOf = ({ cluster }: { readonly cluster?: unknown }): At => cluster as At;
export const nameOf = (at: At): string => at.name ?? "ceph";

/** Where an entry's file lies on its host. */
const pathOf = (args: { readonly path?: unknown; readonly cluster?: unknown }, file: string): string =>
  text(args.path ?? `/etc/ceph/${nameOf(clusterOf(args))}.${file}`);

export const confs = (cloud: Pick<Cloud, "entries">) =>
  of(cloud, "CephConfigFile").map((entry) => ({
    entry,
    host: text(entry.args.host),
    fsid: clusterOf(entry.args).fsid,
    path: pathOf(entry.args, "conf"),
  }));

export const keyrings = (cloud: Pick<Cloud, "entries">) =>
  of(cloud, "CephKeyringFile").map((entry) => ({
    entry,
    host: text(entry.args.host),
    fsid: clusterOf(entry.args).fsid,
    entity: text(entry.args.entity),
    path: pathOf(entry.args, `${text(entry.args.entity)}.keyring`),
  }));

export const secrets = (cloud: Pick<Cloud, "entries">) =>
  of(cloud, "LibvirtSecret").map(({ args }) => ({
    host: text(args.host),
    fsid: clusterOf(args).fsid,
    entity: text(args.entity),
    uuid: text(args.uuid),
    usage: defaultUsage(nameOf(clusterOf(args)), text(args.entity)),
  }));

/** `profile <name> pool=<pool>` of an entity's clauses for OSDs. */
export const clauses = ({ args }: EntryOf<"CephAuthEntity">) => {
  const { osd } = args.caps as { readonly osd: readonly string[] };
  return osd.map((clause) => {
    const [, profile = "", pool = ""] = /^profile (\S+) pool=(.+)$/.exec(clause) ?? [];
    return { profile, pool };
  });
};

export const entityOf = (cloud: Cloud, fsid: string, entity: string): EntryOf<"CephAuthEntity"> => {
  const found = of(cloud, "CephAuthEntity").filter(
    ({ args }) => clusterOf(args).fsid === fsid && args.entity === entity,
  );
  const [only, ...more] = found;
  if (only === undefined || more.length > 0)
    throw new Error(`${String(found.length)} of ${entity} in ${fsid}`);
  return only;
};
