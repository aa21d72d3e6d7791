/**
 * A libvirt secret of the type `ceph` on a compute host: guests reach their disks by its uuid. The key comes from the cluster when it is
 * written, and is in no state, diff or log.
 * @see https://libvirt.org/formatsecret.html#ceph-usage-type
 */
import type * as pulumi from "@pulumi/pulumi";
import { CLUSTERS_KEY, findKey, keySource, keyToWrite } from "../clients/cluster-key.js";
import { refuseUnreadable } from "../clients/key-reader.js";
import { filesOf } from "../clients/files/index.js";
import {
  convergeSecret,
  lookAtSecret,
  originOf,
  releaseSecret,
  secretThing,
  usageOf,
  valueOf,
  type SecretState,
  type SecretTask,
} from "./life.js";
import { meetOwners, thingOf } from "../ownership/things.js";
import { virshOn } from "../clients/libvirt/index.js";
import { defaultUsage, secretUuid } from "../formats/libvirt-secret.js";
import { secretStore } from "../formats/libvirt-uri.js";
import type { Origin } from "../ownership/record.js";
import { holding, letGo, type Held } from "../ownership/holder-records.js";
import { secretRecordName } from "../ownership/key-place.js";
import { actingOwner } from "../ownership/acting-owner.js";
import {
  commandWord,
  libvirtUri,
  uuid,
  absolutePath,
  adopt,
  clusterName,
  clusterRule,
  entityName,
  generation,
  host,
  onDelete,
  type Adopt,
  type Cluster,
  type Host,
  type OnDelete,
} from "../kernel/common.js";
import { isCreating } from "../kernel/compare.js";
import type { Artifact, Observed, Reach } from "../kernel/contract.js";
import { isUnknown, UNKNOWN, type Props } from "../kernel/json.js";
import { typed } from "../kernel/recorded.js";
import { ArtifactResource, type Args } from "../kernel/resource.js";
import { defaulted, list, object, oneOf, optional, text, type Report, type Shape } from "../kernel/shape.js";

/** A libvirt secret, as a program describes it. */
export interface LibvirtSecretInputs {
  /** The machine that libvirt is on. Changing it replaces. */
  host: Host;
  /** The cluster that the entity is of; `admin` is needed unless `keyFrom` is given. */
  cluster: Cluster;
  /** `client.<name>`; it must be in the cluster. */
  entity: string;
  /** Hand the entity's `keyGeneration` over: a rotation then shows here, in a preview too. The key itself is followed in any case. */
  keyGeneration?: number;
  /** A keyring file, `{ host, path }`, to take the key from: for people without a cluster admin. @default the cluster itself */
  keyFrom?: { readonly host: Host; readonly path: string };
  /**
   * UUID by which guests name the secret: `rbd_secret_uuid`. A change is refused: guests hold it.
   * @default UUIDv5 of fsid and entity: the same on every host, known in previews
   */
  uuid: string;
  /** Name of its use, unique on the host. A change is refused. @default "<entity> secret", with the cluster's name before it unless that is "ceph" */
  usage: string;
  /** libvirt's connection. Changing it replaces. @default "qemu:///system" */
  uri: string;
  /** How virsh is started there. For containers: `["docker", "exec", "-i", "nova_libvirt", "virsh"]`. @default ["virsh"] */
  virsh: readonly string[];
  /** Not for programs: stands for the key, so that another value shows as a difference. */
  value: typeof CLUSTERS_KEY;
  /** What a create does with a secret of this uuid that is not recorded as made or adopted by this package. @default "if-identical" */
  adopt?: Adopt;
  /** What a destroy does with it; one that a domain refers to always stays. @default one that we made is undefined, one that was there stays */
  onDelete?: OnDelete;
}

const DERIVED = "";

const shape: Shape<LibvirtSecretInputs> = {
  host,
  cluster: clusterRule,
  entity: entityName,
  keyGeneration: optional(generation),
  keyFrom: optional(object<{ readonly host: Host; readonly path: string }>({ host, path: absolutePath })),
  uuid: defaulted(uuid, DERIVED),
  usage: defaulted(
    text(
      /^[^\u0000-\u001f\u007f<>&'"\s](?:[^\u0000-\u001f\u007f<>&'"]*[^\u0000-\u001f\u007f<>&'"\s])?$/,
      "a name without control characters, <, >, &, quotes or blanks at its ends",
    ),
    DERIVED,
  ),
  uri: defaulted(libvirtUri, "qemu:///system"),
  virsh: defaulted(list(commandWord), ["virsh"]),
  value: defaulted(oneOf(CLUSTERS_KEY), CLUSTERS_KEY),
  adopt,
  onDelete,
};

const uuidFor = ({ cluster, entity }: LibvirtSecretInputs): string =>
  isUnknown(cluster) || isUnknown(cluster.fsid) || isUnknown(entity)
    ? UNKNOWN
    : secretUuid(cluster.fsid, entity);

const usageFor = ({ cluster, entity }: LibvirtSecretInputs): string =>
  isUnknown(cluster) || isUnknown(cluster.name) || isUnknown(entity)
    ? UNKNOWN
    : defaultUsage(clusterName(cluster), entity);

const checkAgainst = (inputs: LibvirtSecretInputs, olds: Props, report: Report): void => {
  if (olds["host"] !== inputs.host || olds["uri"] !== inputs.uri) return;
  const how = "make a second secret beside it, move the guests to that, and take this one away then";
  for (const key of ["uuid", "usage"] as const) {
    // A refresh puts what it found into `usage`; what the last `up` desired is kept hidden.
    const before = olds[`__${key}`];
    if (before !== undefined && !isUnknown(inputs[key]) && inputs[key] !== before)
      report([key], inputs[key], `must stay ${JSON.stringify(before)}: guests and libvirt hold it; ${how}`);
  }
};

const taskFor = (
  reach: Reach,
  { host: machine, uri, uuid, usage, virsh }: LibvirtSecretInputs,
): SecretTask => ({
  host: machine,
  uri,
  uuid,
  usage,
  acting: actingOwner(reach),
  virsh: virshOn(reach.machine(machine), { uri, virsh }),
  command: virsh,
  files: filesOf(reach, machine),
});

const observed = ({ host: machine }: LibvirtSecretInputs, state: SecretState): Observed => {
  const record = thingOf(machine, state.record);
  return {
    managed: { usage: usageOf(state), value: valueOf(state, record) },
    facts: { origin: originOf(record) },
  };
};

const heldBy = (inputs: LibvirtSecretInputs): Held => {
  const { host: machine, uri, uuid } = inputs;
  return { source: keySource(inputs), at: { kind: "secret", host: machine, uri, uuid } };
};

export const libvirtSecret: Artifact<LibvirtSecretInputs, SecretState> = {
  kind: "LibvirtSecret",
  shape,
  facts: ["origin"],
  policy: ["adopt", "onDelete"],
  label: ({ uuid, usage, host: machine }) => `libvirt secret ${uuid} (${usage}) on ${machine}`,
  replacedBy: ({ host: machine, uri }) => ({ host: machine, uri }),
  id: ({ host: machine, uuid }) => `${machine}/${uuid}`,
  claims: ({ host: machine, uri, uuid, usage }) => [
    {
      thing: secretThing({ host: machine, uri, uuid }),
      at: { host: machine, path: secretRecordName({ uri, uuid }), part: "" },
    },
    { thing: `libvirt secret for "${usage}" at ${secretStore(uri)} on ${machine}` },
  ],
  check(inputs, olds, report) {
    const { cluster, keyFrom } = inputs;
    if (keyFrom === undefined && !isUnknown(cluster) && cluster.admin === undefined)
      report(["cluster", "admin"], undefined, "names a host to ask for the key; or give keyFrom");
    const canonical = {
      ...inputs,
      uuid: inputs.uuid === DERIVED ? uuidFor(inputs) : inputs.uuid,
      usage: inputs.usage === DERIVED ? usageFor(inputs) : inputs.usage,
    };
    if (olds !== undefined) checkAgainst(canonical, olds, report);
    return canonical;
  },
  hidden: ({ uuid, usage }) => ({ __uuid: uuid, __usage: usage }),
  compared: ({ usage, value }): Props => ({ usage, value }),
  async observe(reach, inputs) {
    const look = await lookAtSecret(taskFor(reach, inputs), findKey(reach, keySource(inputs)));
    return { found: look.found.secret === undefined ? undefined : observed(inputs, look), look };
  },
  async apply(reach, inputs, { found, look: state }, prior) {
    const overAnother = found?.managed["value"] === "another key";
    const key = await keyToWrite(reach, keySource(inputs), { found: state.key, overAnother });
    await meetOwners(reach, [{ record: thingOf(inputs.host, state.record) }]);
    // Behind another way to virsh guests may have another Ceph than the host.
    if (inputs.virsh.join(" ") === "virsh") await refuseUnreadable(reach, inputs, key);
    const options = {
      creating: isCreating(prior),
      ...(inputs.adopt === undefined ? {} : { adopt: inputs.adopt }),
    };
    const before = prior && heldBy(typed(libvirtSecret, prior));
    const held = { ...heldBy(inputs), before, key };
    const made = await holding<SecretState>(reach, held, ({ key: now, made: written, sending }) =>
      convergeSecret(taskFor(reach, inputs), { ...(written ?? state), key: now }, { ...options, sending }),
    );
    return observed(inputs, made);
  },
  async remove(reach, inputs, state) {
    const desired = typeof state["__usage"] === "string" ? { ...inputs, usage: state["__usage"] } : inputs;
    await letGo(reach, heldBy(inputs), async () => {
      const stays = await releaseSecret(taskFor(reach, desired), inputs.onDelete);
      if (stays === undefined) return undefined;
      reach.note(`libvirt secret ${inputs.uuid} on ${inputs.host} stays: ${stays.why}`);
      return stays.isNeeded ? "still held" : undefined;
    });
  },
};

export type LibvirtSecretArgs = Args<
  Omit<LibvirtSecretInputs, "uuid" | "usage" | "uri" | "virsh" | "value"> &
    Partial<Pick<LibvirtSecretInputs, "uuid" | "usage" | "uri" | "virsh">>
>;

export { secretUuid };

/** A libvirt secret of the type `ceph` on a compute host. */
export class LibvirtSecret extends ArtifactResource<LibvirtSecretInputs> {
  /** UUID by which guests name the secret. */
  declare readonly uuid: pulumi.Output<string>;
  /** Whether this package made the secret or found it. */
  declare readonly origin: pulumi.Output<Origin>;

  constructor(name: string, args: LibvirtSecretArgs, opts?: pulumi.CustomResourceOptions) {
    super(libvirtSecret, name, args, opts);
  }
}
