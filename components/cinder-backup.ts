import * as pulumi from "@pulumi/pulumi";
import { planFor } from "./plan/plan.js";
import { makeAll } from "./resources.js";
import type { RoleArgs, VolumeUser } from "./role-args.js";
import { aloneTopology, readable } from "./topology/alone.js";

/** cinder-backup in a pool. */
export interface CinderBackupArgs extends RoleArgs {
  /** Pool of the backups. */
  pool: pulumi.Input<string>;
  /** Users of the volumes that are backed up: a differential backup reads their pools with their keys. @default none */
  volumeUsers?: readonly VolumeUser[];
}

/** cinder-backup in a pool, on every host that runs it. */
export class CinderBackup extends pulumi.ComponentResource {
  constructor(name: string, args: CinderBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    const { pool, volumeUsers: others = [] } = readable({ kind: "CinderBackup", name }, args);
    const alone = { kind: "CinderBackup", name, role: "cinder-backup", pool, others } as const;
    const plan = planFor("CinderBackup", aloneTopology(alone, args));
    super("ceph-openstack:index:CinderBackup", name, {}, opts);
    makeAll(plan, this);
    this.registerOutputs({});
  }
}
