/** What a release of OpenStack wants in the services' files. */
import type { Input } from "@pulumi/pulumi";
import type { ConfigSectionInputs } from "../../providers/config-section/index.js";
import type { In } from "../../providers/kernel/resource.js";
import type { Series } from "../../providers/formats/openstack/series.js";

/** The services whose files hold options of the storage path. */
export type Role = "glance" | "cinder" | "cinder-backup" | "nova";

/**
 * A value of an option, as `ConfigSection` takes it: text, a number, a boolean, a list (written comma-joined), or `{ repeated: [...] }` (one line
 * each). What another resource decides, such as a pool's name, may be an Output.
 */
export type Value = In<NonNullable<ConfigSectionInputs["options"]>[string]>;

/** Options by name. */
export type Options = Readonly<Record<string, Value>>;

/** Options by name, by section. */
export type Sections = Readonly<Record<string, Options>>;

/** Options whose values are secrets, by name, by section. */
export type SecretSections = Readonly<Record<string, Readonly<Record<string, Input<string>>>>>;

/** What a client of the cluster is told about itself. */
interface ClientFacts {
  /** Pool that it uses. */
  readonly pool: Input<string>;
  /** Its cephx user, without `client.` */
  readonly user: string;
  /** Path of the ceph.conf that it reads. */
  readonly conf: string;
  /** Name of the cluster in file names. @default "ceph" */
  readonly clusterName?: string;
}

/** A store of Glance. */
export interface StoreFacts extends ClientFacts {
  /** Name of its section, and of the store. */
  readonly name: string;
}

/** A backend of Cinder. */
export interface BackendFacts extends ClientFacts {
  /** Name of its section, and its `volume_backend_name`. */
  readonly name: string;
  /** UUID of the libvirt secret on the compute hosts. */
  readonly secretUuid: string;
}

/** The pool of cinder-backup, and who writes there. */
export type BackupFacts = ClientFacts;

/** The pool of Nova's own disks, and the secret by which guests reach it. */
export interface ComputeFacts extends ClientFacts {
  /** UUID of the libvirt secret on the compute hosts. */
  readonly secretUuid: string;
}

/** `classic`: the form of the classic procedure, where a release has a newer one beside it. */
export type Compat = "classic";

/** What one release wants, by service. */
export interface Release {
  /** In small letters: "zed". */
  readonly name: Series;
  /** `<year>.<number>`: "2022.2". */
  readonly version: string;
  /** How many stores Glance has: several from Train on (Rocky and Stein have them as an experiment). */
  readonly stores: "one" | "several";
  /** The first store is the default one. */
  glance(stores: readonly StoreFacts[]): Sections;
  cinder(backends: readonly BackendFacts[]): Sections;
  cinderBackup(facts: BackupFacts): Sections;
  nova(facts: ComputeFacts): Sections;
}
