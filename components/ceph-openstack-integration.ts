import * as pulumi from "@pulumi/pulumi";
import type { CephOpenStackIntegrationArgs } from "./integration-args.js";
import { makeRoles } from "./making-roles.js";
import { adviseOnShared, makeEntities, makeHost, makePools, uuidOf, type Work } from "./making.js";
import { planOf } from "./plan.js";

/** @see https://docs.ceph.com/en/latest/rbd/rbd-openstack/#image-properties */
const IMAGE_PROPERTIES: Readonly<Record<string, string>> = {
  hw_scsi_model: "virtio-scsi",
  hw_disk_bus: "scsi",
  hw_qemu_guest_agent: "yes",
  os_require_quiesce: "yes",
};

/**
 * Makes a Ceph cluster the storage of an OpenStack cloud: pools, users with caps from who uses which pool, ceph.conf and keyrings, libvirt
 * secrets, and the options of Glance, Cinder, cinder-backup and Nova.
 */
export class CephOpenStackIntegration extends pulumi.ComponentResource {
  /** The cluster's fsid. */
  declare readonly fsid: pulumi.Output<string>;
  /** Addresses of the monitors, as `mon_host` holds them. */
  declare readonly monHost: pulumi.Output<string>;
  /** UUID of the libvirt secret on all compute hosts: `rbd_secret_uuid`. */
  declare readonly secretUuid: pulumi.Output<string>;
  /** Names of the pools, by key. */
  declare readonly pools: pulumi.Output<Readonly<Record<string, string>>>;
  /** The entities, by what they are for. */
  declare readonly entities: pulumi.Output<Readonly<Record<string, string>>>;
  /** Names of Glance's stores, the default first. */
  declare readonly glanceStores: pulumi.Output<readonly string[]>;
  /** Names of Cinder's backends: `volume_backend_name` of volume types. */
  declare readonly cinderBackends: pulumi.Output<readonly string[]>;
  /** Properties that images want: a SCSI controller that discards, and a guest agent that freezes. */
  declare readonly imageProperties: pulumi.Output<Readonly<Record<string, string>>>;

  /** @throws RunError that lists everything that is wrong with the plain arguments, before anything is registered */
  constructor(name: string, args: CephOpenStackIntegrationArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planOf(name, args);
    super("ceph-openstack:index:CephOpenStackIntegration", name, {}, opts);
    const work: Work = { name, args, plan, parent: this };
    const pools = makePools(work);
    const entities = makeEntities(work, pools);
    const made = { pools, entities };
    const confs = plan.hosts.map((host) => makeHost(work, made, host));
    makeRoles(work, made);
    adviseOnShared(work, pools);
    this.fsid = pulumi.output(args.cluster.fsid);
    this.monHost = confs[0]?.monitors ?? pulumi.output("");
    this.secretUuid = pulumi.output(uuidOf(work));
    this.pools = pulumi.output(Object.fromEntries(pools));
    this.entities = pulumi.output(
      Object.fromEntries([...entities].map(([key, { entity }]) => [key, entity])),
    );
    this.glanceStores = pulumi.output(plan.stores.map((store) => store.name));
    this.cinderBackends = pulumi.output(plan.backends.map((backend) => backend.name));
    this.imageProperties = pulumi.output(IMAGE_PROPERTIES);
    const { fsid, monHost, secretUuid: uuid, glanceStores, cinderBackends, imageProperties } = this;
    const named = {
      pools: this.pools,
      entities: this.entities,
      glanceStores,
      cinderBackends,
      imageProperties,
    };
    this.registerOutputs({ fsid, monHost, secretUuid: uuid, ...named });
  }
}
