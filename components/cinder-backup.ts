import * as pulumi from "@pulumi/pulumi";
import { advise } from "./advice.js";
import { fileOwner } from "./layout.js";
import { clientFiles, type KeyringWish } from "./client-files.js";
import { settle, type RoleArgs } from "./role.js";
import { merged, writeSections } from "./sections.js";

/** cinder-backup in a pool. */
export interface CinderBackupArgs extends RoleArgs {
  /** Pool of the backups. */
  pool: pulumi.Input<string>;
  /** Users of the volumes that are backed up: a differential backup reads their pools with their keys. @default none */
  volumeUsers?: readonly Pick<KeyringWish, "user" | "entity">[];
}

/** cinder-backup in a pool, on every host that runs it. */
export class CinderBackup extends pulumi.ComponentResource {
  constructor(name: string, args: CinderBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    const { pool, user, cluster, volumeUsers = [] } = args;
    const settled = settle({ kind: "CinderBackup", name }, args);
    super("ceph-openstack:index:CinderBackup", name, {}, opts);
    const { release, layout, conf, prefix, entity, clientFiles: withFiles, judged } = settled;
    const sections = merged(release.cinderBackup({ pool, user, conf }), args.options);
    const owner = fileOwner(layout.users.cinder);
    const keyrings = [{ user, entity }, ...volumeUsers].map((one) => ({ ...one, ...owner }));
    const file = { prefix, role: "cinder-backup", path: layout.cinderConf, sections, ...judged } as const;
    advise(this, "cinder", { ...judged, sections });
    for (const host of args.hosts) {
      if (withFiles) clientFiles(prefix, { host, cluster, keyrings }, this);
      writeSections({ ...file, host }, this);
    }
    this.registerOutputs({});
  }
}
