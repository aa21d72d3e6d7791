/** What every client of the cluster needs on its host: a ceph.conf, and the keyring files of the users that it runs as. */
import type * as pulumi from "@pulumi/pulumi";
import { CephConfigFile } from "../providers/ceph-config-file/index.js";
import { CephKeyringFile } from "../providers/ceph-keyring-file/index.js";
import type { Cluster, Host } from "../providers/kernel/common.js";
import type { FileOwner } from "./layout.js";

/** A cephx user, as the entity's resource knows it. */
export interface Entity {
  /** `client.<name>` */
  readonly entity: pulumi.Input<string>;
  readonly keyGeneration?: pulumi.Input<number>;
}

/** A keyring file that a host needs. */
export interface KeyringWish extends FileOwner {
  /** Without `client.`: part of the resource's name. */
  readonly user: string;
  readonly entity: Entity;
}

/** What one host needs. */
export interface HostWish {
  readonly host: Host;
  readonly cluster: Cluster;
  readonly keyrings: readonly KeyringWish[];
  /** Options of the ceph.conf, by section. */
  readonly confOptions?: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;
}

/** `<prefix>-<host>-conf` and `<prefix>-<host>-keyring-<user>`. */
export const clientFiles = (prefix: string, wish: HostWish, parent: pulumi.Resource): CephConfigFile => {
  const { host, cluster, keyrings, confOptions } = wish;
  const conf = new CephConfigFile(
    `${prefix}-${host}-conf`,
    { host, cluster, ...(confOptions === undefined ? {} : { options: confOptions }) },
    { parent },
  );
  for (const { user, entity, owner, group } of keyrings)
    new CephKeyringFile(
      `${prefix}-${host}-keyring-${user}`,
      { host, cluster, ...entity, owner, ...(group === undefined ? {} : { group }) },
      { parent },
    );
  return conf;
};
