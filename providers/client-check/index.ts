/**
 * The proof that a service can do with Ceph what it must, and not what it must not: as its own user, with its own ceph.conf, keyring and key, by the
 * bindings that it uses itself. It leaves nothing.
 * @see https://docs.ceph.com/en/latest/rbd/rbd-openstack/
 */
import type * as pulumi from "@pulumi/pulumi";
import {
  clusterName,
  commandWord,
  libvirtUri,
  uuid,
  absolutePath,
  boolean,
  clusterRule,
  entityName,
  fsidOf,
  host,
  onDelete,
  userName,
  type Cluster,
  type Host,
  type OnDelete,
} from "../kernel/common.js";
import type { Artifact, Observed } from "../kernel/contract.js";
import { word } from "../kernel/scalar.js";
import { holdsUnknown, type Props } from "../kernel/json.js";
import { ArtifactResource, type Args } from "../kernel/resource.js";
import {
  defaulted,
  integer,
  list,
  map,
  object,
  oneOf,
  optional,
  text,
  type Report,
  type Rule,
  type Shape,
} from "../kernel/shape.js";
import { broken, brokenLinks, WORKS, type PoolSets } from "./life.js";
import type { SecretWay } from "./program.js";

/** What an entity must be able to do. */
export interface ClientCan extends PoolSets {
  /** Pools from whose protected snapshots images are cloned into every pool of `write`: Glance's, for Cinder and Nova. */
  readonly clone?: readonly string[];
}

/** A libvirt secret, and how it is asked for. A uuid alone stands for one with every default. */
export interface ClientCheckSecret {
  /** UUID of the secret: `rbd_secret_uuid`, the output of a LibvirtSecret. */
  readonly uuid: string;
  /** libvirt's connection. @default "qemu:///system" */
  readonly uri?: string;
  /** How virsh is started. For containers: `["docker", "exec", "nova_libvirt", "virsh"]`. @default ["virsh"] */
  readonly virsh?: readonly string[];
}

/** A check, as a program describes it. A pool may be given with a namespace: "volumes/project". */
export interface ClientCheckInputs {
  /** The machine that the service is on. Changing it replaces. */
  host: Host;
  /** The cluster. With `admin` a refused key is told apart: another one, an entity that is gone, caps that lack. */
  cluster: Cluster;
  /** `client.<name>`, as the service is configured. Changing it replaces. */
  entity: string;
  /** Pools by what must be possible in them: `read` lists and reads images; `write` creates, writes, reads back, snapshots, protects and removes a scratch image; `clone` clones from a protected snapshot there. */
  can: ClientCan;
  /** Pools by what must be refused. What is allowed all the same is an error, and is taken away again. */
  cannot?: PoolSets;
  /** The service's unix user, by name or number. @default with a `prefix` as whom the container's processes run; else the owner of the keyring, unless that is root */
  user?: string;
  /** The ceph.conf that the service reads. @default /etc/ceph/<cluster name>.conf */
  conf?: string;
  /** The keyring that it reads. @default where Ceph itself looks: `key`, `keyfile` or `keyring` in its conf, else /etc/ceph/<cluster name>.<entity>.keyring and so on */
  keyring?: string;
  /** Put before the program, to run it where the service runs: `["docker", "exec", "cinder_volume"]`. @default nothing */
  prefix?: readonly string[];
  /** Absolute path of a python3 that has the modules `rados` and `rbd`. @default /usr/bin/python3, then the one on PATH */
  python?: string;
  /** On computes: the uuid of libvirt's secret of the entity, whose value must open the pools of `can`. @default not checked */
  libvirtSecret?: SecretWay;
  /** Only the way of guests, by `libvirtSecret`: for a compute that has no keyring of the entity. Without a ceph.conf of the cluster there, `cluster.admin` says where its monitors are. @default false */
  guestsOnly?: boolean;
  /** Whether the entity has mgr caps on the pools that it writes, which is so from Octopus on. @default true */
  manager: boolean;
  /** What a refresh does: `look` connects and lists; `write` does the whole check. @default "look" */
  refresh: "look" | "write";
  /** Time that the whole check may take, in seconds; one step of it gets 20. @default 120 */
  timeoutSeconds: number;
  /** Whatever the way depends on, by names of your own: a change of one checks again. @default nothing */
  triggers?: Readonly<Record<string, string>>;
  /** Not for programs: stands for the proof, so that what a refresh finds broken shows as a difference. */
  verified: typeof WORKS;
  /** As on every artifact; there is nothing to remove. */
  onDelete?: OnDelete;
}

const pools = optional(
  list(text(/^[^/\s]+(?:\/[^/\s]+)?$/, 'a pool, or a pool and a namespace: "volumes/project"'), {
    empty: true,
  }),
);
const anyText = text(/^[^\u0000-\u001f\u007f]*$/, "a text without control characters");

const secretObject = object<SecretWay>({
  uuid,
  uri: defaulted(libvirtUri, "qemu:///system"),
  virsh: defaulted(list(commandWord), ["virsh"]),
});

/** A uuid alone stands for one with every default. */
const secretWay: Rule<SecretWay> = {
  check: (value, path, report) =>
    secretObject.check(typeof value === "string" ? { uuid: value } : value, path, report),
};

const shape: Shape<ClientCheckInputs> = {
  host,
  cluster: clusterRule,
  entity: entityName,
  can: object<ClientCan>({ read: pools, write: pools, clone: pools }),
  cannot: optional(object<PoolSets>({ read: pools, write: pools })),
  user: optional(userName),
  conf: optional(absolutePath),
  keyring: optional(absolutePath),
  prefix: optional(list(commandWord, { empty: true })),
  python: optional(absolutePath),
  libvirtSecret: optional(secretWay),
  guestsOnly: optional(boolean),
  manager: defaulted(boolean, true),
  refresh: defaulted(oneOf("look", "write"), "look"),
  timeoutSeconds: defaulted(integer(10, 3600), 120),
  triggers: optional(map(word, anyText)),
  verified: defaulted(oneOf(WORKS), WORKS),
  onDelete,
};

const checkPools = ({ can, cannot }: ClientCheckInputs, report: Report): void => {
  if (holdsUnknown(can) || holdsUnknown(cannot)) return;
  const { read = [], write = [], clone = [] } = can;
  if (read.length + write.length + clone.length === 0)
    report(["can"], can, "names at least one pool in `read` or `write`");
  if (clone.length > 0 && write.length === 0)
    report(["can", "write"], write, "names the pools that are cloned into where `clone` is given");
  checkAgainst(cannot, { read: [...read, ...write, ...clone], write }, report);
};

/** What no guest has. */
const SERVICES_OWN = ["user", "keyring", "cannot"] as const;

const checkGuests = (inputs: ClientCheckInputs, report: Report): void => {
  if (inputs.guestsOnly !== true) return;
  if (inputs.libvirtSecret === undefined)
    report(
      ["libvirtSecret"],
      undefined,
      "says by which secret guests open the pools where `guestsOnly` is true",
    );
  for (const name of SERVICES_OWN)
    if (inputs[name] !== undefined)
      report([name], inputs[name], "is the service's, and not looked at where `guestsOnly` is true");
};

/** Who writes or clones reads. */
const checkAgainst = (cannot: PoolSets | undefined, can: Required<PoolSets>, report: Report): void => {
  for (const kind of ["read", "write"] as const)
    for (const pool of cannot?.[kind] ?? [])
      if (can[kind].includes(pool))
        report(
          ["cannot", kind],
          pool,
          `must not name a pool that must be ${kind === "read" ? "read" : "written"}`,
        );
};

const found = (verified: string): Observed => ({ managed: { verified }, facts: {} });

export const clientCheck: Artifact<ClientCheckInputs> = {
  kind: "ClientCheck",
  shape,
  facts: [],
  policy: ["refresh", "timeoutSeconds", "onDelete"],
  label: ({ cluster, entity, host: machine }) => {
    const name = clusterName(cluster);
    return `check of ${entity}${name === "ceph" ? "" : ` of cluster ${name}`} on ${machine}`;
  },
  replacedBy: ({ host: machine, cluster, entity }) => ({ host: machine, cluster: fsidOf(cluster), entity }),
  id: ({ host: machine, cluster, entity }) => `${machine}/${fsidOf(cluster)}/${entity}`,
  claims: () => [],
  check(inputs, _olds, report) {
    checkPools(inputs, report);
    checkGuests(inputs, report);
    return inputs;
  },
  compared: ({ verified }): Props => ({ verified }),
  async observe(reach, inputs) {
    // A create or update checks all of it at once, in `apply`: there is nothing that could be there before.
    if (reach.lives) return { found: undefined, look: undefined };
    const links = await brokenLinks(reach, inputs, inputs.refresh);
    const verified = links.length === 0 ? WORKS : links.map(({ what }) => what).join("; ");
    return { found: found(verified), look: undefined };
  },
  async apply(reach, inputs) {
    const links = await brokenLinks(reach, inputs, "write");
    if (links.length > 0) throw broken(inputs.host, links);
    return found(WORKS);
  },
  remove: () => Promise.resolve(),
};

export type ClientCheckArgs = Args<
  Omit<ClientCheckInputs, "manager" | "refresh" | "timeoutSeconds" | "verified" | "libvirtSecret"> &
    Partial<Pick<ClientCheckInputs, "manager" | "refresh" | "timeoutSeconds">> & {
      libvirtSecret?: string | ClientCheckSecret;
    }
>;

/** The proof that a service reaches its pools with its own key. */
export class ClientCheck extends ArtifactResource<ClientCheckInputs> {
  /** "yes" where everything was proven; after a refresh that found otherwise, what is broken. */
  declare readonly verified: pulumi.Output<string>;

  constructor(name: string, args: ClientCheckArgs, opts?: pulumi.CustomResourceOptions) {
    super(clientCheck, name, args, opts);
  }
}
