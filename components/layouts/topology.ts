/** What a hand-over is made from, and what it is: plain data, no key in it. */
import type { Series } from "../../providers/formats/openstack/series.js";
import type { SaidOptions } from "./enabled.js";
import type { HandOverPreset, LayoutRole } from "./layout.js";

/** A cluster, by its name in /etc/ceph and its fsid. */
export interface ClusterRef {
  readonly name: string;
  readonly fsid: string;
}

/** One use of a pool. */
export interface Use {
  readonly pool: string;
  /** Where the data of its images is. @default in the pool itself */
  readonly dataPool?: string;
  /** The cephx user, without `client.` */
  readonly user: string;
  readonly cluster: ClusterRef;
}

/** A value as a file of oslo.config holds it: a list on one line, or one line each. */
export type PlainValue =
  string | number | boolean | readonly Scalar[] | { readonly repeated: readonly Scalar[] };
type Scalar = string | number | boolean;
/** Options by name, by section. */
export type SectionsOf<V> = Readonly<Record<string, Readonly<Record<string, V>>>>;
export type PlainSections = SectionsOf<PlainValue>;

/** Who uses which pool of which cluster, as whom; and the options that each role's file is to hold, whatever is known of their values, with paths as the service itself sees them. */
export interface Handed<V> {
  readonly series: Series;
  /** The first is the default. */
  readonly stores: readonly (Use & { readonly name: string })[];
  readonly backends: readonly (Use & { readonly name: string; readonly secretUuid: string })[];
  readonly backup?: Use;
  readonly nova?: Use & { readonly secretUuid: string };
  readonly sections: Readonly<Partial<Record<LayoutRole, SectionsOf<V>>>>;
  /** @default the program's own options enable nothing */
  readonly said?: SaidOptions;
}

/** What is handed over, with every value known. */
export type Topology = Handed<PlainValue>;

/** A value of another tool's file: JSON, which is YAML too. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What another tool is given: values, files, and what to run. */
export interface HandOver {
  /** The tool, by the layout's name. */
  readonly tool: HandOverPreset;
  /** Values, by the file of the tool that they belong into. As a file of its own JSON is valid YAML; into an existing file copy the keys one by one. */
  readonly values: Readonly<Record<string, { readonly [key: string]: Json }>>;
  /** Files of options that the tool merges into the services' own: sections, by path. */
  readonly options: Readonly<Record<string, PlainSections>>;
  /** Where the tool looks for a ceph.conf, and of which cluster. */
  readonly confs: readonly { readonly path: string; readonly cluster: string }[];
  /** Where the tool looks for a keyring, and whose. */
  readonly keyrings: readonly { readonly path: string; readonly cluster: string; readonly user: string }[];
  /** Commands, in their order. A key goes from one to the next by a pipe alone. */
  readonly run: readonly string[];
  /** What is to be known beforehand: what the tool overwrites, what it cannot do. */
  readonly notes: readonly string[];
}
