import * as pulumi from "@pulumi/pulumi";
import { CephAuthEntity } from "../providers/ceph-auth-entity/index.js";
import { RECOMMENDED_IMAGE_PROPERTIES } from "../providers/image-properties/index.js";
import { ClientCheck } from "../providers/client-check/index.js";
import { CephPool } from "../providers/ceph-pool/index.js";
import { clusterOutputs, storeNames, type ClusterOutput } from "./cluster-outputs.js";
import { asked } from "./hooks.js";
import type { CephOpenStackIntegrationArgs } from "./integration-args.js";
import { handOverProblems } from "./layouts/hand-over.js";
import type { HandOver } from "./layouts/topology.js";
import { refOf } from "./plan/entry.js";
import { handed, handOverOutput } from "./plan/hand-over.js";
import { entityRef, poolRef } from "./plan/names.js";
import { planFor } from "./plan/plan.js";
import { makeAll, resourceIn, type Made } from "./resources.js";
import { cinderUuid, integrationTopology } from "./topology/integration.js";
import { refuse } from "./topology/rules.js";
import type { Topology } from "./topology/topology.js";
import { backendsOf } from "./topology/uses.js";

/** The resources of users and pools: for `dependsOn`, and for what a program does with them itself. */
export interface IntegrationResources {
  /** Pools by key, those that are there already too. */
  readonly pools: Readonly<Record<string, CephPool>>;
  /** Users by what they are for. */
  readonly entities: Readonly<Record<string, CephAuthEntity>>;
}

const resourcesOf = ({ pools, users, name }: Topology, made: Made): IntegrationResources => ({
  pools: Object.fromEntries(
    pools.map(({ key }) => [key, resourceIn(made, poolRef({ name }, key), CephPool)]),
  ),
  entities: Object.fromEntries(
    users.map((user) => [user.key, resourceIn(made, entityRef({ name }, user), CephAuthEntity)]),
  ),
});

const mapped = <T, V>(all: Readonly<Record<string, T>>, one: (item: T) => V): Record<string, V> =>
  Object.fromEntries(Object.entries(all).map(([key, item]) => [key, one(item)]));

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
  /** Names of Glance's stores as its file says them, the default first: `rbd` alone where it has one store (before Train, or `compat: "classic"`). */
  declare readonly glanceStores: pulumi.Output<readonly string[]>;
  /** Names of Cinder's backends: `volume_backend_name` of volume types. */
  declare readonly cinderBackends: pulumi.Output<readonly string[]>;
  /** The clusters of `clusters`, by key. */
  declare readonly clusters: pulumi.Output<Readonly<Record<string, ClusterOutput>>>;
  /** The resources of users and pools, for `dependsOn`. */
  readonly resources: IntegrationResources;
  /** Properties that images want: a SCSI controller that discards, and a guest agent that freezes. */
  declare readonly imageProperties: pulumi.Output<Readonly<Record<string, string>>>;
  /** True after an `up` in which every check of `manage.checks` has passed; false where nothing is checked. */
  declare readonly verified: pulumi.Output<boolean>;

  /** What another tool that writes the hosts is given (layouts "kolla", "osa", "helm", "edpm"): values by its files, and what to run. No key is in it. */
  declare readonly handOver: pulumi.Output<HandOver | undefined>;

  /** @throws RunError that lists everything that is wrong with the plain arguments, before anything is registered */
  constructor(name: string, args: CephOpenStackIntegrationArgs, opts?: pulumi.ComponentResourceOptions) {
    const topology = integrationTopology(name, args);
    const { handOver: to } = topology;
    if (to !== undefined)
      refuse({ kind: "CephOpenStackIntegration", name }, handOverProblems(to.tool, handed(topology)));
    const plan = planFor("CephOpenStackIntegration", topology);
    super("ceph-openstack:index:CephOpenStackIntegration", name, {}, opts);
    const made = makeAll(plan, this, asked(name, args.hooks));
    this.resources = resourcesOf(topology, made);
    this.fsid = pulumi.output(args.cluster.fsid);
    const { monHost, clusters } = clusterOutputs(topology, { plan, made }, (key) => cinderUuid(args, key));
    this.monHost = monHost;
    this.clusters = clusters;
    this.secretUuid = pulumi.output(cinderUuid(args));
    this.pools = pulumi.output(mapped(this.resources.pools, (pool) => pool.name));
    this.entities = pulumi.output(mapped(this.resources.entities, ({ entity }) => entity));
    this.glanceStores = pulumi.output(storeNames(topology));
    this.cinderBackends = pulumi.output(backendsOf(args).map((backend) => backend.name));
    this.imageProperties = pulumi.output<Readonly<Record<string, string>>>(RECOMMENDED_IMAGE_PROPERTIES);
    this.handOver = to === undefined ? pulumi.output(undefined) : handOverOutput(topology, to);
    const proofs = plan.entries
      .filter(({ kind }) => kind === "ClientCheck")
      .map((entry) => resourceIn(made, refOf(entry), ClientCheck));
    this.verified = pulumi.all(proofs.map(({ id }) => id)).apply(() => proofs.length > 0);
    const { fsid, secretUuid: uuid, glanceStores, cinderBackends, imageProperties } = this;
    const named = {
      clusters,
      pools: this.pools,
      entities: this.entities,
      glanceStores,
      cinderBackends,
      imageProperties,
      handOver: this.handOver,
      verified: this.verified,
    };
    this.registerOutputs({ fsid, monHost, secretUuid: uuid, ...named });
  }
}
