/** Inputs that several artifacts share, with their rules. */
import { isUnknown, UNKNOWN } from "./json.js";
import {
  boolean,
  either,
  integer,
  list,
  object,
  oneOf,
  optional,
  text,
  type Report,
  type Rule,
  type Shape,
} from "./shape.js";

/**
 * A machine, by the name OpenSSH knows it under: a Host alias, a host name or an address (IPv6 too). No user, port or key: those are not
 * state. "user@host", "host:22", blanks and a leading "-" are refused.
 */
export type Host = string;

/** A Ceph cluster and how to give orders to it. A constant of the program, used everywhere. */
export interface Cluster {
  /** The cluster's fsid; no other cluster is ever touched. `ceph fsid` prints it. Changing it replaces (refused for pools). */
  fsid: string;
  /** Where `ceph` may be run as an administrator; with several, the first that answers. Needed by artifacts that ask or change the cluster. */
  admin?: Host | readonly Host[];
  /** The cluster's name: names of files in /etc/ceph. @default "ceph" */
  name?: string;
  /** The cluster's name on the admin host, where it is another: names of files in /etc/ceph there. @default `name` */
  adminName?: string;
  /** Put before every Ceph tool on the admin host, after sudo: `["cephadm", "shell", "--"]`. @default nothing */
  prefix?: readonly string[];
  /** Who gives the orders. @default "client.admin" */
  entity?: string;
  /** Configuration file on the admin host. @default the tools' own */
  conf?: string;
  /** Keyring file on the admin host. @default the tools' own */
  keyring?: string;
}

/** What a destroy does with the thing. `remove` also removes an adopted one; `keep` forgets it. */
export type OnDelete = "remove" | "keep";

/** What a create does with a thing that is not recorded as made or adopted by this package. */
export type Adopt = "if-identical" | "overwrite" | "never";
/** The same of an entity: `add-caps` adds the caps that it lacks, and takes none away. */
export type AdoptEntity = Adopt | "add-caps";

const CONTROL = "\\u0000-\\u001f\\u007f";

export const host: Rule<string> = {
  check(value, path, report) {
    const good =
      typeof value === "string" &&
      /^[A-Za-z0-9_.:%[\]-]{1,253}$/.test(value) &&
      !value.startsWith("-") &&
      !/^[^:]+:\d+$/.test(value);
    if (good) return value;
    report(
      path,
      value,
      'must be a host as OpenSSH knows it (an alias, a name or an address), without user, port or blanks, as "cmp1"',
    );
    return undefined;
  },
};

const ABSOLUTE_PATH = new RegExp(`^/(?!.*(?:^|/)\\.\\.?(?:/|$))(?!.*//)[^${CONTROL}]*[^/${CONTROL}]$`);
export const PATH_FORM =
  'an absolute path without "." or "..", doubled or final slashes or control characters';
export const isAbsolutePath = (path: unknown): boolean =>
  typeof path === "string" && ABSOLUTE_PATH.test(path);
export const absolutePath = text(ABSOLUTE_PATH, PATH_FORM);

export const entityName = text(
  /^client\.[A-Za-z0-9_.@-]+$/,
  'a client entity: "client." and letters, digits, "_", ".", "-", "@"',
);

// Ceph takes any text for a pool; these are the names that every tool can address ("a/b" and "a@b" are no RBD spec). "." at the start is Ceph's own.
export const cephName = text(
  /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
  'a name of letters, digits, "_", "." and "-", the last two not first',
);

/** A bucket of CRUSH, a kind of place, a class of devices. */
export const placeName = text(/^[A-Za-z0-9_.-]{1,128}$/, 'a name of letters, digits, "_", "." and "-"');

export const fileMode = text(/^[0-7]{4}$/, 'a file mode of four octal digits, e.g. "0640"');

export const userName = text(
  /^(?:[a-z_][a-z0-9_.-]{0,31}\$?|\d{1,10})$/,
  "a user or group: a name or a number",
);

/** Stands for the login group of a file's owner. */
export const OWNERS_GROUP = "the owner's group";

/** A number may be of no user that the host knows (of one in a container): then there is no login group to take. */
export const checkOwner = (
  { owner, group }: { readonly owner?: string | undefined; readonly group?: string | undefined },
  report: Report,
  path: readonly string[] = [],
): void => {
  if (owner === undefined || group !== undefined || isUnknown(owner) || !/^\d+$/.test(owner)) return;
  report([...path, "group"], undefined, `must be given where the owner is a number, "${owner}"`);
};

/** A word of a command that is put before programs. */
export const commandWord = text(new RegExp(`^[^${CONTROL}]+$`), "a word without control characters");

export const uuid = text(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "a UUID in lower case");

export const libvirtUri = text(
  /^[a-z][a-z0-9+]*:\/\/[\x21-\x7e]*$/,
  'a libvirt connection, e.g. "qemu:///system"',
);

const clusterWord = text(/^[A-Za-z0-9_-]+$/, "letters, digits, _ and -");

/** What a cluster is given by. */
export const clusterShape: Shape<Cluster> = {
  fsid: text(
    /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    "the cluster's fsid, a lower-case UUID; `ceph fsid` on a monitor or admin host prints it",
  ),
  admin: optional(
    either(host, list(host), "a host, or a list of hosts, where `ceph` may be run as an administrator"),
  ),
  name: optional(clusterWord),
  adminName: optional(clusterWord),
  prefix: optional(list(commandWord, { empty: true })),
  entity: optional(entityName),
  conf: optional(absolutePath),
  keyring: optional(absolutePath),
};
export const clusterRule: Rule<Cluster> = object<Cluster>(clusterShape);

export const onDelete = optional(oneOf("remove", "keep"));
export const adopt = optional(oneOf("if-identical", "overwrite", "never"));
export const adoptEntity = optional(oneOf("if-identical", "add-caps", "overwrite", "never"));
export const adoptOrOnly = optional(oneOf("if-identical", "overwrite", "never", "only"));
export const generation = integer(1, 1_000_000);
export { boolean };

/** A cluster's fsid; from an unknown cluster follows an unknown. */
export const fsidOf = (cluster: Cluster): string => (isUnknown(cluster) ? UNKNOWN : cluster.fsid);

/** The cluster's name in file names. */
export const clusterName = (cluster: Cluster): string => cluster.name ?? "ceph";
