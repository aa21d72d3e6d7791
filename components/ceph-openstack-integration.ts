import * as pulumi from "@pulumi/pulumi";
import { CephAuthEntity } from "../providers/ceph-auth-entity/index.js";
import { CephConfigFile } from "../providers/ceph-config-file/index.js";
import { CephPool } from "../providers/ceph-pool/index.js";
import type { CephOpenStackIntegrationArgs } from "./integration-args.js";
import { entityRef, poolRef } from "./plan/names.js";
import { planOf } from "./plan/plan.js";
import { makeAll, resourceIn } from "./resources.js";
import { cinderUuid, integrationTopology } from "./topology/integration.js";
import { backendsOf, storesOf } from "./topology/uses.js";

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
    const topology = integrationTopology(name, args);
    const plan = planOf(topology);
    super("ceph-openstack:index:CephOpenStackIntegration", name, {}, opts);
    const made = makeAll(plan, this);
    const [conf] = [...made.values()].filter((resource) => resource instanceof CephConfigFile);
    const poolNamed = (key: string) => resourceIn(made, poolRef(topology, key), CephPool).name;
    const entityNamed = (user: string) => resourceIn(made, entityRef(topology, user), CephAuthEntity).entity;
    this.fsid = pulumi.output(args.cluster.fsid);
    this.monHost = conf?.monitors ?? pulumi.output("");
    this.secretUuid = pulumi.output(cinderUuid(args));
    this.pools = pulumi.output(Object.fromEntries(topology.pools.map(({ key }) => [key, poolNamed(key)])));
    this.entities = pulumi.output(
      Object.fromEntries(topology.users.map(({ key, name: user }) => [key, entityNamed(user)])),
    );
    this.glanceStores = pulumi.output(storesOf(args).map((store) => store.name));
    this.cinderBackends = pulumi.output(backendsOf(args).map((backend) => backend.name));
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
