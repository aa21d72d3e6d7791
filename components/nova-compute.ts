import * as pulumi from "@pulumi/pulumi";
import { Directory } from "../providers/directory/index.js";
import type { Host } from "../providers/kernel/common.js";
import { LibvirtSecret, secretUuid } from "../providers/libvirt-secret/index.js";
import { clientFiles, type HostWish } from "./client-files.js";
import { advise } from "./advice.js";
import { fileOwner, type Layout } from "./layout.js";
import { uuidProblem } from "./name-rules.js";
import { settle, type RoleArgs } from "./role.js";
import { merged, writeSections } from "./sections.js";

/** Nova's disks in a pool. */
export interface NovaComputeArgs extends RoleArgs {
  /** Pool of the guests' own disks. */
  pool: pulumi.Input<string>;
  /** UUID of the libvirt secret. Guests hold it: it is chosen once. Plain. @default UUIDv5 of fsid and entity */
  secretUuid?: string;
  /** Directories for the guests' admin sockets and logs, and the options that use them. @default false */
  directories?: boolean;
}

// Not below /run/ceph, where Ceph's documentation has it: ceph-common makes that 0770 ceph:ceph at every boot, and QEMU's user cannot enter.
const SOCKETS = "/run/ceph-guests";
const LOGS = "/var/log/qemu";

/**
 * What guests' librbd wants to be seen by, where the directories are there.
 * @see https://docs.ceph.com/en/latest/rbd/rbd-openstack/#configuring-nova
 */
export const guestOptions: NonNullable<HostWish["confOptions"]> = {
  client: {
    admin_socket: `${SOCKETS}/$cluster-$type.$id.$pid.$cctid.asok`,
    log_file: `${LOGS}/qemu-guest-$pid.log`,
  },
};

const guestDirectories = (
  prefix: string,
  { host, qemu }: { host: Host; qemu: Layout["qemu"] },
  parent: pulumi.Resource,
) => {
  for (const [which, path] of [
    ["sockets", SOCKETS],
    ["logs", LOGS],
  ] as const)
    new Directory(
      `${prefix}-${host}-nova-directory-${which}`,
      { host, path, mode: "0770", ...qemu },
      { parent },
    );
};

/** Nova's disks in a pool, on every host that runs nova-compute. */
export class NovaCompute extends pulumi.ComponentResource {
  /** UUID of the libvirt secret, the same on every host. */
  declare readonly secretUuid: pulumi.Output<string>;

  constructor(name: string, args: NovaComputeArgs, opts?: pulumi.ComponentResourceOptions) {
    const { pool, user, cluster, directories = false } = args;
    const problems = args.secretUuid === undefined ? [] : uuidProblem(args.secretUuid);
    const settled = settle({ kind: "NovaCompute", name, problems }, args);
    super("ceph-openstack:index:NovaCompute", name, {}, opts);
    const { release, layout, conf, prefix, entity, clientFiles: withFiles, judged } = settled;
    const uuid = args.secretUuid ?? secretUuid(cluster.fsid, `client.${user}`);
    const sections = merged(release.nova({ pool, user, conf, secretUuid: uuid }), args.options);
    const keyrings = [{ user, entity, ...fileOwner(layout.users.nova) }];
    const file = { prefix, role: "nova", path: layout.novaConf, sections, ...judged } as const;
    advise(this, "nova", { ...judged, sections });
    for (const host of args.hosts) {
      if (withFiles)
        clientFiles(
          prefix,
          { host, cluster, keyrings, ...(directories ? { confOptions: guestOptions } : {}) },
          this,
        );
      if (directories) guestDirectories(prefix, { host, qemu: layout.qemu }, this);
      new LibvirtSecret(`${prefix}-${host}-secret`, { host, cluster, ...entity, uuid }, { parent: this });
      writeSections({ ...file, host }, this);
    }
    this.secretUuid = pulumi.output(uuid);
    this.registerOutputs({ secretUuid: this.secretUuid });
  }
}
