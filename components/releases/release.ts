/** What a release of OpenStack wants in the services' files: data, and pure functions over it. */
import type { Input } from "@pulumi/pulumi";

/** The services whose files hold options of the storage path. */
export type Role = "glance" | "cinder" | "cinder-backup" | "nova";

/** A value of an option; what is decided by another resource (a pool's name) may be an Output. */
export type Value = Input<string | number | boolean>;

/** Options by name, by section. */
export type Sections = Readonly<Record<string, Readonly<Record<string, Value>>>>;

/** A store of Glance. */
export interface StoreFacts {
  /** Section and backend name. */
  readonly name: string;
  readonly pool: Input<string>;
  /** Without `client.` */
  readonly user: string;
  readonly conf: string;
}

/** A backend of Cinder. */
export interface BackendFacts extends StoreFacts {
  readonly secretUuid: string;
}

/** The pool of cinder-backup, and who writes there. */
export type BackupFacts = Omit<StoreFacts, "name">;

/** The pool of Nova's own disks, and the secret by which guests reach it. */
export type ComputeFacts = Omit<BackendFacts, "name">;

/** A release: its names, and what it wants. */
export interface Release {
  /** In small letters, as people write it: "zed". */
  readonly name: string;
  /** `<year>.<number>`: "2022.2". */
  readonly version: string;
  glance(stores: readonly StoreFacts[]): Sections;
  cinder(backends: readonly BackendFacts[]): Sections;
  cinderBackup(facts: BackupFacts): Sections;
  nova(facts: ComputeFacts): Sections;
}
