import * as pulumi from "@pulumi/pulumi";
import { planFor } from "./plan/plan.js";
import { makeAll } from "./resources.js";
import type { RoleArgs } from "./role-args.js";
import { aloneTopology, readable } from "./topology/alone.js";
import { sectionProblems } from "./topology/name-rules.js";

/** A store of Glance in a pool. */
export interface GlanceStoreArgs extends RoleArgs {
  /** Name of the store: its section and backend name. Plain. @default "rbd" */
  store?: string;
  /** Pool of its images. */
  pool: pulumi.Input<string>;
  /** Also makes it the one backend: `enabled_backends`, `default_backend`, `flavor`. @default true */
  enable?: boolean;
}

/** A store of Glance in a pool, on every host that runs glance-api. */
export class GlanceStore extends pulumi.ComponentResource {
  /** Name of the store. */
  declare readonly store: pulumi.Output<string>;

  constructor(name: string, args: GlanceStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    const { store = "rbd", pool, enable: shared = true } = readable({ kind: "GlanceStore", name }, args);
    const problems = sectionProblems("glance store", [{ name: store }]);
    const alone = { kind: "GlanceStore", name, role: "glance", part: store, pool, shared, problems } as const;
    const plan = planFor("GlanceStore", aloneTopology(alone, args));
    super("ceph-openstack:index:GlanceStore", name, {}, opts);
    makeAll(plan, this);
    this.store = pulumi.output(store);
    this.registerOutputs({ store: this.store });
  }
}
