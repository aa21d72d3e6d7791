/** What life-cycle tests share: stacks that reach the sandbox, one of every artifact, and looks that tell whether a thing was touched. */
import * as pulumi from "@pulumi/pulumi";
import {
  CephAuthEntity,
  CephConfigFile,
  CephKeyringFile,
  CephPool,
  ConfigSection,
  Directory,
  LibvirtSecret,
} from "../../index";
import { newStack, site, type Outcome, type TestStack } from "./engine";
import { ceph, on } from "./hosts";

/** @throws Error with everything that was printed, when the run failed */
export const good = (outcome: Outcome): Outcome => {
  if (outcome.error === undefined) return outcome;
  // A summary shows the beginning, and the engine says at its end what went wrong.
  const errors = outcome.output.split("\n").filter((line) => line.trimStart().startsWith("error:"));
  throw new Error([...errors, outcome.output].join("\n"));
};

export const cluster = () => ({ fsid: site().fsid, admin: "mon1" });

interface LifeOptions {
  /** Added to the environment of the provider's process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly project?: string;
  /** Where the provider's process starts, and so finds the package. @default here */
  readonly folder?: string;
}

/** A stack of an inline program that reaches the sandbox's hosts. */
export const lifeStack = (
  name: string,
  program: () => unknown,
  { env = {}, ...more }: LifeOptions = {},
): Promise<TestStack> =>
  newStack(name, program, { ...more, env: { CEPH_OPENSTACK_SSH_CONFIG: site().sshConfig, ...env } });

/** Steps as `op name`, sorted; those of component resources are left out. */
export const steps = ({ steps: all }: Outcome): string[] =>
  all
    .filter(({ type }) => type !== "Group")
    .map(({ op, name }) => `${op} ${name}`)
    .sort();

/** What a `refresh` found to differ: `name property …`, sorted. The engine calls the step by what it does to state. */
export const drifted = ({ steps: all }: Outcome): string[] =>
  all.map(({ name, properties }) => [name, ...properties].join(" ")).sort();

/** The resources of a stack by name: URN and everything recorded. */
export const resources = async (
  stack: Pick<TestStack, "export">,
): Promise<ReadonlyMap<string, { urn: string; outputs: Readonly<Record<string, unknown>> }>> => {
  const { deployment } = JSON.parse(await stack.export()) as {
    deployment: { resources?: { urn: string; outputs?: Record<string, unknown> }[] };
  };
  const all = deployment.resources ?? [];
  return new Map(all.map(({ urn, outputs = {} }) => [urn.split("::").at(-1) ?? "", { urn, outputs }]));
};

export const CINDER = "/etc/cinder/cinder.conf";

/** The files that `hostArtifacts` are in, on cmp1. */
export const FILES = [
  "/etc/ceph/ceph.client.life.keyring",
  "/etc/ceph/ceph.conf",
  "/etc/libvirt/secrets/*",
  "/etc/nova/nova.conf",
  "/run/life",
  "/etc/tmpfiles.d/*life*",
];

interface Making {
  /** Options of the resource of that kind. */
  readonly opts?: (kind: string) => pulumi.CustomResourceOptions;
  readonly entity: pulumi.Input<string>;
  readonly keyGeneration?: pulumi.Input<number>;
  /** Other values, for an update of each. */
  readonly changed?: boolean;
}

/** One of every artifact of a host, on cmp1, named `<prefix>-<artifact>`. */
export const hostArtifacts = (
  prefix: string,
  { opts = () => ({}), entity, keyGeneration = 1, changed = false }: Making,
): void => {
  const host = "cmp1";
  const key = { host, cluster: cluster(), entity, keyGeneration };
  const path = FILES[0] ?? "";
  new CephKeyringFile(
    `${prefix}-keyring`,
    { ...key, path, owner: "nova", mode: changed ? "0600" : "0640" },
    opts("keyring"),
  );
  new LibvirtSecret(`${prefix}-secret`, key, opts("secret"));
  const options = { "client.life": { rbd_cache: !changed, rbd_cache_size: 1024 } };
  new CephConfigFile(`${prefix}-conf`, { host, cluster: cluster(), options }, opts("conf"));
  const cpu = changed ? "custom" : "none";
  new ConfigSection(
    `${prefix}-section`,
    { host, path: "/etc/nova/nova.conf", section: "libvirt", options: { images_type: "rbd", cpu_mode: cpu } },
    opts("section"),
  );
  new Directory(
    `${prefix}-directory`,
    { host, path: "/run/life", owner: "nova", mode: changed ? "0700" : "0750" },
    opts("directory"),
  );
};

/** One of every artifact, on the cluster and on cmp1, named `<prefix>-<artifact>`. A destroy removes the pool. */
export const oneOfEach = (
  prefix: string,
  { opts = () => ({}), generation = 1 }: Pick<Making, "opts"> & { generation?: number } = {},
): void => {
  const pool = new CephPool(
    `${prefix}-pool`,
    { cluster: cluster(), name: "life", size: 2, pgNum: 8, pgAutoscaleMode: "off", onDelete: "remove" },
    opts("pool"),
  );
  const caps = { mon: "profile rbd", osd: pulumi.interpolate`profile rbd pool=${pool.name}` };
  const { entity, keyGeneration } = new CephAuthEntity(
    `${prefix}-entity`,
    { cluster: cluster(), entity: "client.life", caps, keyGeneration: generation },
    opts("entity"),
  );
  hostArtifacts(prefix, { opts, entity, keyGeneration });
};

/** A group of resources, as a program may make one. */
export class Group extends pulumi.ComponentResource {
  constructor(name: string) {
    super("lifecycle:index:Group", name);
  }
}

/** Inode, times, owner, mode and content of files on a host: equal as long as nobody touches them. */
export const fileFacts = (host: "ctl1" | "vol1" | "cmp1" | "cmp2", ...paths: string[]): Promise<string> =>
  on(
    host,
    `for f in ${paths.join(" ")}; do stat -c '%n %i %y %z %U %G %a' $f; sha256sum $f; done 2>&1 || true`,
  );

/** What a pool and an entity are: number and settings, key and caps. */
export const clusterFacts = (pool: string, entity: string): Promise<string> =>
  ceph(
    `ceph osd pool ls detail | grep "'${pool}'" | sed 's/ autoscale_mode.*//; s/ pg_num.*//'; ceph auth get ${entity} 2>&1`,
  );

/** Deletes pools that a test has left, and puts the switch back. In the database, which every generation has. */
export const removePools = async (...pools: string[]): Promise<void> => {
  const remove = (pool: string) => `ceph osd pool rm ${pool} ${pool} --yes-i-really-really-mean-it`;
  const repeated = pools.map((pool) => `for try in 1 2 3 4 5; do ${remove(pool)} && break; sleep 1; done`);
  const name = "mon mon_allow_pool_delete";
  await ceph(`ceph config set ${name} true; ${repeated.join("; ")}; ceph config rm ${name}`);
};

/** Records that are left in the cluster and on the hosts. */
export const records = async (): Promise<string> => {
  const list = "ls -A /var/lib/pulumi-ceph-openstack/* 2>/dev/null || true";
  const all = await Promise.all([
    ceph("ceph config-key ls | grep pulumi || true"),
    on("vol1", list),
    on("cmp1", list),
  ]);
  return all.join("");
};
