import * as pulumi from "@pulumi/pulumi";
import { advise } from "./advice.js";
import { fileOwner } from "./layout.js";
import { clientFiles } from "./client-files.js";
import { sectionProblems } from "./name-rules.js";
import { settle, type RoleArgs } from "./role.js";
import { merged, only, writeSections } from "./sections.js";

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
    const { store = "rbd", pool, user, enable = true, cluster } = args;
    const problems = sectionProblems("glance store", [{ name: store }]);
    const settled = settle({ kind: "GlanceStore", name, problems }, args);
    super("ceph-openstack:index:GlanceStore", name, {}, opts);
    const { release, layout, conf, prefix, entity, clientFiles: withFiles, judged } = settled;
    const all = merged(release.glance([{ name: store, pool, user, conf }]), args.options);
    const sections = enable ? all : only(all, (section) => section === store);
    const owner = fileOwner(layout.users.glance);
    const file = { prefix, role: "glance", path: layout.glanceConf, sections, ...judged } as const;
    if (enable) advise(this, "glance", { ...judged, sections: all });
    for (const host of args.hosts) {
      if (withFiles) clientFiles(prefix, { host, cluster, keyrings: [{ user, entity, ...owner }] }, this);
      writeSections({ ...file, host }, this);
    }
    this.store = pulumi.output(store);
    this.registerOutputs({ store: this.store });
  }
}
