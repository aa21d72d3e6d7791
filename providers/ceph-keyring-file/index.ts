/**
 * The keyring file of one cephx entity on a client host. It is written whole; the key comes from the cluster when it is written, and is in no
 * state, diff or log.
 * @see https://docs.ceph.com/en/latest/rados/operations/user-management/#keyring-management
 */
import type * as pulumi from "@pulumi/pulumi";
import { CLUSTERS_KEY, findKey, keySource, keyToWrite } from "../clients/cluster-key.js";
import { refuseUnreadable } from "../clients/key-reader.js";
import { filesOf, type Change, type Look } from "../clients/files/index.js";
import { heldAs } from "../clients/files/held.js";
import { keyringState, keyringText, refuseForeign, type KeyringState } from "./content.js";
import { isHeldBy } from "../ownership/options-file.js";
import { claimed, fileClaim, meetOwners, releaseOf, thingOf, type Claimed } from "../ownership/things.js";
import { printRecord } from "../ownership/record.js";
import { holding, letGo, type Held } from "../ownership/holder-records.js";
import { actingOwner } from "../ownership/acting-owner.js";
import {
  absolutePath,
  OWNERS_GROUP,
  checkOwner,
  clusterName,
  clusterRule,
  entityName,
  fileMode,
  generation,
  host,
  onDelete,
  userName,
  type Cluster,
  type Host,
  type OnDelete,
} from "../kernel/common.js";
import type { Artifact, Observed, Reach } from "../kernel/contract.js";
import { isUnknown, UNKNOWN, type Props } from "../kernel/json.js";
import { typed } from "../kernel/recorded.js";
import { ArtifactResource, type Args } from "../kernel/resource.js";
import { defaulted, either, object, oneOf, optional, type Report, type Shape } from "../kernel/shape.js";
import { isWritten } from "../kernel/written.js";

/** A keyring file, as a program describes it. */
export interface CephKeyringFileInputs {
  /** The machine that the file is on. Changing it replaces. */
  host: Host;
  /** The cluster that the entity is of; `admin` is needed unless `keyFrom` is given. */
  cluster: Cluster;
  /** `client.<name>`; it must be in the cluster. */
  entity: string;
  /** Hand the entity's `keyGeneration` over: a rotation then shows here, in a preview too. The key itself is followed in any case. */
  keyGeneration?: number;
  /** Owner of the file: the user that the service runs as, by name or number. */
  owner: string;
  /** Group of the file, by name or number. @default the owner's login group */
  group: string;
  /** Mode of the file, four octal digits. @default "0640" */
  mode: string;
  /** Absolute path. Changing it replaces. @default /etc/ceph/<cluster name>.<entity>.keyring, where clients look for it */
  path: string;
  /** A keyring file, `{ host, path }`, to take the key from: for people without a cluster admin. @default the cluster itself */
  keyFrom?: KeyFrom;
  /** Not for programs: stands for the key, so that another one in the file shows as a difference. */
  content: typeof CLUSTERS_KEY;
  /** What a destroy does with the file. @default one that we made is removed, one that was there stays */
  onDelete?: OnDelete;
}

/** A keyring file to read a key from. */
export interface KeyFrom {
  readonly host: Host;
  /** Absolute path. */
  readonly path: string;
}

const shape: Shape<CephKeyringFileInputs> = {
  host,
  cluster: clusterRule,
  entity: entityName,
  keyGeneration: optional(generation),
  owner: userName,
  group: defaulted(either(userName, oneOf(OWNERS_GROUP), "a group: a name or a number"), OWNERS_GROUP),
  mode: defaulted(fileMode, "0640"),
  path: defaulted(absolutePath, ""),
  keyFrom: optional(object<KeyFrom>({ host, path: absolutePath })),
  content: defaulted(oneOf(CLUSTERS_KEY), CLUSTERS_KEY),
  onDelete,
};

const pathFor = ({ cluster, entity }: CephKeyringFileInputs): string =>
  [cluster, cluster.name, entity].some(isUnknown)
    ? UNKNOWN
    : `/etc/ceph/${clusterName(cluster)}.${entity}.keyring`;

const check = (inputs: CephKeyringFileInputs, report: Report): CephKeyringFileInputs => {
  const { cluster, keyFrom, path } = inputs;
  if (keyFrom === undefined && !isUnknown(cluster) && cluster.admin === undefined)
    report(["cluster", "admin"], undefined, "names a host to ask for the key; or give keyFrom");
  const { owner, group } = inputs;
  checkOwner(group === OWNERS_GROUP ? { owner } : { owner, group }, report);
  return { ...inputs, path: path === "" ? pathFor(inputs) : path };
};

const groupOf = ({ holder, loginGroup }: Look, desired: string): string => {
  if (holder === undefined) return "";
  return desired === OWNERS_GROUP && holder.group === loginGroup
    ? OWNERS_GROUP
    : heldAs(desired, { name: holder.group, number: holder.gid });
};

interface KeyringLook {
  readonly look: Look;
  readonly key: string | undefined;
}

const observed = (inputs: CephKeyringFileInputs, { look, key }: KeyringLook): Observed => {
  const { entity, owner, group } = inputs;
  const state = keyringState(look, { entity, key, record: thingOf(inputs.host, look) });
  const { holder } = look;
  const held = holder && {
    owner: heldAs(owner, { name: holder.user, number: holder.uid }),
    group: groupOf(look, group),
    mode: holder.mode,
  };
  return {
    managed: { content: state.content, ...held },
    facts: state.fingerprint === undefined ? {} : { keyFingerprint: state.fingerprint },
  };
};

const lookAt = async (reach: Reach, inputs: CephKeyringFileInputs): Promise<KeyringLook> => {
  const files = filesOf(reach, inputs.host);
  const [look, key] = await Promise.all([
    files.look(inputs.path, inputs.owner),
    findKey(reach, keySource(inputs)),
  ]);
  return { look, key };
};

/** The record while the write is under way, and after it. */
const recordsFor = ({ during, after }: Claimed, entity: string, before: readonly string[] = []) => ({
  first: printRecord({ ...during, names: [...new Set([...before, entity])] }),
  then: printRecord({ ...after, names: [entity] }),
});

const heldBy = (inputs: CephKeyringFileInputs): Held => {
  const { host: machine, path } = inputs;
  return { source: keySource(inputs), at: { kind: "keyring", host: machine, path } };
};

/** Where the key is right and the rights are not, its layout stays: what has not changed restarts nobody. */
const bytesFor = ({ content }: KeyringState, { bytes }: Look, text: string): string =>
  content === CLUSTERS_KEY && bytes !== undefined ? bytes : text;

const changeFor =
  (reach: Reach, inputs: CephKeyringFileInputs, key: string) =>
  (look: Look): Change | undefined => {
    const { entity, owner, group, mode } = inputs;
    const record = thingOf(inputs.host, look);
    const state = keyringState(look, { entity, key, record });
    refuseForeign(inputs.host, look, state);
    const [isThere, makes] = [look.kind === "file", keyringText(entity, key)];
    const next = claimed(actingOwner(reach), look, { host: inputs.host, isThere, makes });
    const { first, then } = recordsFor(next, entity, record?.names);
    const wanted = { owner, mode, ...(group === OWNERS_GROUP ? {} : { group }) };
    const isGroup = group !== OWNERS_GROUP || look.holder?.group === look.loginGroup;
    if (state.content === CLUSTERS_KEY && isHeldBy(look, wanted) && isGroup)
      return look.record === then ? undefined : { first: then };
    return { to: { bytes: bytesFor(state, look, makes) }, ...wanted, first, then };
  };

const removeFile = async (reach: Reach, inputs: CephKeyringFileInputs): Promise<undefined> => {
  const files = filesOf(reach, inputs.host);
  let note: string | undefined;
  await files.change(await files.look(inputs.path), (look) => {
    const record = thingOf(inputs.host, look);
    const release = releaseOf(actingOwner(reach), look, inputs);
    if (release === "nothing") {
      if (record === undefined && look.kind === "file")
        note = `${inputs.path} on ${inputs.host} stays: no record there says that it is ours`;
      return undefined;
    }
    const { foreign } = keyringState(look, { entity: inputs.entity, key: undefined, record });
    const isLeft = release === "forget" || foreign.length > 0 || look.kind !== "file";
    if (look.kind === "absent" || !isLeft)
      return { ...(isLeft ? {} : { to: "removed" as const }), then: null };
    const why =
      foreign.length > 0
        ? `it holds another entity (${foreign.join(", ")})`
        : "it was there before, or is to be kept";
    note = `${inputs.path} on ${inputs.host} stays: ${why}`;
    return { then: null };
  });
  if (note !== undefined) reach.note(note);
};

const remove = (reach: Reach, inputs: CephKeyringFileInputs): Promise<void> =>
  letGo(reach, heldBy(inputs), () => removeFile(reach, inputs));

export const cephKeyringFile: Artifact<CephKeyringFileInputs, KeyringLook> = {
  kind: "CephKeyringFile",
  shape,
  facts: ["keyFingerprint"],
  policy: ["onDelete"],
  label: ({ path, host: machine }) => `${path} on ${machine}`,
  replacedBy: ({ host: machine, path }) => ({ host: machine, path }),
  id: ({ host: machine, path }) => `${machine}:${path}`,
  claims: ({ host: machine, path }) => [fileClaim(machine, path)],
  check: (inputs, _olds, report) => check(inputs, report),
  writes: ({ host: machine, path }, changed) =>
    isWritten(changed, ["content", "keyGeneration", "entity"]) ? [{ host: machine, path }] : [],
  compared: ({ owner, group, mode, content }): Props => ({ owner, group, mode, content }),
  async observe(reach, inputs) {
    const look = await lookAt(reach, inputs);
    return { found: look.look.kind === "absent" ? undefined : observed(inputs, look), look };
  },
  async apply(reach, inputs, { found, look: { look, key: known } }, prior) {
    const overAnother = found?.managed["content"] === "another key";
    const key = await keyToWrite(reach, keySource(inputs), { found: known, overAnother });
    await meetOwners(reach, [{ record: thingOf(inputs.host, look) }]);
    await refuseUnreadable(reach, inputs, key);
    const files = filesOf(reach, inputs.host);
    const before = prior && heldBy(typed(cephKeyringFile, prior));
    const held = { ...heldBy(inputs), before, key };
    const made = await holding<KeyringLook>(reach, held, async ({ key: now, made: written }) => ({
      key: now,
      look: await files.change(written?.look ?? look, changeFor(reach, inputs, now)),
    }));
    return observed(inputs, made);
  },
  remove,
};

export type CephKeyringFileArgs = Args<
  Omit<CephKeyringFileInputs, "content" | "group" | "mode" | "path"> & {
    group?: string;
    mode?: string;
    path?: string;
  }
>;

/** The keyring file of one cephx entity on a client host. */
export class CephKeyringFile extends ArtifactResource<CephKeyringFileInputs> {
  /** Absolute path of the file. */
  declare readonly path: pulumi.Output<string>;
  /** Tells one key from another without telling the key. */
  declare readonly keyFingerprint: pulumi.Output<string>;

  constructor(name: string, args: CephKeyringFileArgs, opts?: pulumi.CustomResourceOptions) {
    super(cephKeyringFile, name, args, opts);
  }
}
