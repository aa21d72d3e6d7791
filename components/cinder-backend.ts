import * as pulumi from "@pulumi/pulumi";
import { planFor } from "./plan/plan.js";
import { makeAll } from "./resources.js";
import type { RoleArgs } from "./role-args.js";
import { aloneTopology, readable } from "./topology/alone.js";
import { sectionProblems, uuidProblem } from "./topology/name-rules.js";
import { uuidIn } from "./topology/topology.js";

/** A backend of Cinder in a pool. */
export interface CinderBackendArgs extends RoleArgs {
  /** Name of the backend: its section and `volume_backend_name`. Renaming it orphans volumes. Plain. @default "ceph" */
  backend?: string;
  /** Pool of its volumes. */
  pool: pulumi.Input<string>;
  /** UUID of the libvirt secret on the compute hosts. Plain. @default UUIDv5 of fsid and entity */
  secretUuid?: string;
  /** Also makes it the one backend: `enabled_backends`. @default true */
  enable?: boolean;
}

/** A backend of Cinder in a pool, on every host that runs cinder-volume. */
export class CinderBackend extends pulumi.ComponentResource {
  /** Name of the backend. */
  declare readonly backend: pulumi.Output<string>;
  /** UUID that the compute hosts' libvirt secret must have. */
  declare readonly secretUuid: pulumi.Output<string>;

  constructor(name: string, args: CinderBackendArgs, opts?: pulumi.ComponentResourceOptions) {
    const {
      backend = "ceph",
      pool,
      enable: shared = true,
      secretUuid,
    } = readable({ kind: "CinderBackend", name }, args);
    const problems = [
      ...sectionProblems("cinder backend", [{ name: backend }]),
      ...(secretUuid === undefined ? [] : uuidProblem(secretUuid)),
    ];
    const alone = { kind: "CinderBackend", name, role: "cinder", part: backend, pool, shared } as const;
    const topology = aloneTopology({ ...alone, secretUuid, problems }, args);
    const plan = planFor("CinderBackend", topology);
    super("ceph-openstack:index:CinderBackend", name, {}, opts);
    makeAll(plan, this);
    this.backend = pulumi.output(backend);
    this.secretUuid = pulumi.output(uuidIn(topology));
    this.registerOutputs({ backend: this.backend, secretUuid: this.secretUuid });
  }
}
