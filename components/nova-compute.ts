import * as pulumi from "@pulumi/pulumi";
import type { Adopt } from "../providers/kernel/common.js";
import { planFor } from "./plan/plan.js";
import { makeAll } from "./resources.js";
import type { RoleArgs } from "./role-args.js";
import { aloneTopology, readable } from "./topology/alone.js";
import { uuidProblem } from "./topology/name-rules.js";
import { uuidIn } from "./topology/topology.js";

/** Nova's disks in a pool. */
export interface NovaComputeArgs extends RoleArgs {
  /** Pool of the guests' own disks. */
  pool: pulumi.Input<string>;
  /** UUID of the libvirt secret. Guests hold it: it is chosen once. Plain. @default UUIDv5 of fsid and entity */
  secretUuid?: string;
  /** What an up does with a secret of that UUID that is not recorded as made or adopted by this package. Plain. @default "if-identical" */
  adopt?: Adopt;
  /** Directories for the guests' admin sockets and logs, and the options that use them. @default false */
  directories?: boolean;
}

/** Nova's disks in a pool, on every host that runs nova-compute. */
export class NovaCompute extends pulumi.ComponentResource {
  /** UUID of the libvirt secret, the same on every host. */
  declare readonly secretUuid: pulumi.Output<string>;

  constructor(name: string, args: NovaComputeArgs, opts?: pulumi.ComponentResourceOptions) {
    const { pool, directories = false, secretUuid, adopt } = readable({ kind: "NovaCompute", name }, args);
    const problems = secretUuid === undefined ? [] : uuidProblem(secretUuid);
    const alone = { kind: "NovaCompute", name, role: "nova", pool, directories, problems } as const;
    const topology = aloneTopology({ ...alone, secretUuid, adopt }, args);
    const plan = planFor("NovaCompute", topology);
    super("ceph-openstack:index:NovaCompute", name, {}, opts);
    makeAll(plan, this);
    this.secretUuid = pulumi.output(uuidIn(topology));
    this.registerOutputs({ secretUuid: this.secretUuid });
  }
}
