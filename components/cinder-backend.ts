import * as pulumi from "@pulumi/pulumi";
import { advise } from "./advice.js";
import { fileOwner } from "./layout.js";
import { secretUuid } from "../providers/libvirt-secret/index.js";
import { clientFiles } from "./client-files.js";
import { sectionProblems, uuidProblem } from "./name-rules.js";
import { settle, type RoleArgs } from "./role.js";
import { merged, only, writeSections } from "./sections.js";

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
    const { backend = "ceph", pool, user, cluster, enable = true } = args;
    const problems = [
      ...sectionProblems("cinder backend", [{ name: backend }]),
      ...(args.secretUuid === undefined ? [] : uuidProblem(args.secretUuid)),
    ];
    const settled = settle({ kind: "CinderBackend", name, problems }, args);
    super("ceph-openstack:index:CinderBackend", name, {}, opts);
    const { release, layout, conf, prefix, entity, clientFiles: withFiles, judged } = settled;
    const uuid = args.secretUuid ?? secretUuid(cluster.fsid, `client.${user}`);
    const all = merged(release.cinder([{ name: backend, pool, user, conf, secretUuid: uuid }]), args.options);
    const sections = enable ? all : only(all, (section) => section === backend);
    const owner = fileOwner(layout.users.cinder);
    const file = { prefix, role: "cinder", path: layout.cinderConf, sections, ...judged } as const;
    if (enable) advise(this, "cinder", { ...judged, sections: all });
    for (const host of args.hosts) {
      if (withFiles) clientFiles(prefix, { host, cluster, keyrings: [{ user, entity, ...owner }] }, this);
      writeSections({ ...file, host }, this);
    }
    this.backend = pulumi.output(backend);
    this.secretUuid = pulumi.output(uuid);
    this.registerOutputs({ backend: this.backend, secretUuid: this.secretUuid });
  }
}
