/**
 * A directory on a host: owner, group, mode, and where it lies in memory the line by which a boot makes it anew.
 * @see https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html
 */
import type * as pulumi from "@pulumi/pulumi";
import { filesOf, type Change, type Look } from "../clients/files/index.js";
import { heldFor } from "../clients/files/held.js";
import { isHeldBy, keptGroup } from "../ownership/options-file.js";
import { dropOwnFile, isAsWanted, putOwnFile, type OwnFile } from "./tmpfiles-file.js";
import {
  changedRecord,
  claimed,
  fileClaim,
  meetOwners,
  notADirectory,
  recordsOf,
  releaseOf,
  thingOf,
  whereOf,
  type Release,
} from "../ownership/things.js";
import { isVolatile, tmpfilesPath, tmpfilesText } from "../formats/tmpfiles.js";
import { actingOwner, type ActingOwner } from "../ownership/acting-owner.js";
import {
  absolutePath,
  checkOwner,
  fileMode,
  host,
  onDelete,
  userName,
  type Host,
  type OnDelete,
} from "../kernel/common.js";
import { FAILED } from "../kernel/compare.js";
import type { Artifact, Observed, Reach } from "../kernel/contract.js";
import { isUnknown, plainProps, UNKNOWN, type Props } from "../kernel/json.js";
import { ArtifactResource, type Args } from "../kernel/resource.js";
import { boolean, optional, type Shape } from "../kernel/shape.js";

/** A directory, as a program describes it. What is left out is not managed. */
export interface DirectoryInputs {
  /** The machine that it is on. Changing it replaces. */
  host: Host;
  /** Absolute path; the directory above must be there. Changing it replaces. */
  path: string;
  /** Owner, by name or number. @default not managed; root for one that is made */
  owner?: string;
  /** Group, by name or number. @default not managed; the owner's login group for one that is made */
  group?: string;
  /** Four octal digits. @default not managed; "0755" for one that is made */
  mode?: string;
  /** A line in tmpfiles.d, so that a reboot keeps it. @default true under /run and /var/run, else false */
  tmpfiles?: boolean;
  /** What a destroy does with it: `remove` takes an empty one away. @default one that we made is removed, one that was there stays */
  onDelete?: OnDelete;
}

const shape: Shape<DirectoryInputs> = {
  host,
  path: absolutePath,
  owner: optional(userName),
  group: optional(userName),
  mode: optional(fileMode),
  tmpfiles: optional(boolean),
  onDelete,
};

interface DirectoryLook {
  readonly look: Look;
  /** The look at the tmpfiles.d file, where there is to be one. */
  readonly line?: Look;
}

/** The group that a boot gives the directory: where none is desired, the one that it has beside its owner. */
const groupAtBoot = ({ owner, group }: DirectoryInputs, { kind, holder, loginGroup }: Look) => {
  if (group !== undefined || owner === undefined) return group;
  return kind !== "directory" || holder?.group === loginGroup ? loginGroup : holder?.gid;
};

const lineFile = (inputs: DirectoryInputs, look: Look): OwnFile => ({
  host: inputs.host,
  path: tmpfilesPath(inputs.path),
  text: tmpfilesText(inputs.path, {
    owner: inputs.owner,
    group: groupAtBoot(inputs, look),
    mode: inputs.mode,
  }),
  holder: { owner: "root", group: "root", mode: "0644" },
});

const found = (inputs: DirectoryInputs, { look, line }: DirectoryLook): Observed => {
  const managed = heldFor(look, inputs);
  if (line === undefined) return { managed, facts: {} };
  const tmpfiles = isAsWanted(line, lineFile(inputs, look));
  return { managed: { ...managed, tmpfiles }, facts: {} };
};

const lookAt = async (reach: Reach, inputs: DirectoryInputs): Promise<DirectoryLook> => {
  const files = filesOf(reach, inputs.host);
  const look = files.look(inputs.path, inputs.owner);
  if (inputs.tmpfiles !== true) return { look: await look };
  const [directory, line] = await Promise.all([look, files.look(tmpfilesPath(inputs.path))]);
  return { look: directory, line };
};

const changeFor =
  (reach: Reach, { host: machine, owner, group, mode }: DirectoryInputs) =>
  (look: Look): Change | undefined => {
    const isThere = look.kind === "directory";
    if (!isThere && look.kind !== "absent") throw notADirectory(machine, look);
    const next = claimed(actingOwner(reach), look, { host: machine, isThere });
    const given = Object.fromEntries(
      Object.entries({ owner, group, mode }).filter(([, value]) => value !== undefined),
    );
    if (!isThere) return { to: "directory", owner: "root", mode: "0755", ...given, ...recordsOf(next) };
    if (isHeldBy(look, given)) return changedRecord(look, next);
    return { to: "directory", ...keptGroup(look, given), ...given, ...recordsOf(next) };
  };

const dropLine = (reach: Reach, { host: machine, path, onDelete: policy }: DirectoryInputs): Promise<void> =>
  dropOwnFile(filesOf(reach, machine), actingOwner(reach), {
    host: machine,
    path: tmpfilesPath(path),
    ...(policy === "keep" ? { onDelete: policy } : {}),
  });

const apply: Artifact<DirectoryInputs, DirectoryLook>["apply"] = async (
  reach,
  inputs,
  { look: before },
  prior,
) => {
  const files = filesOf(reach, inputs.host);
  await meetOwners(reach, [{ record: thingOf(inputs.host, before.look) }]);
  const look = await files.change(before.look, changeFor(reach, inputs));
  if (before.line === undefined) {
    if (prior !== undefined && mayHaveLine(prior)) await dropLine(reach, inputs);
    return found(inputs, { look });
  }
  const file = lineFile(inputs, look);
  return found(inputs, {
    look,
    line: await putOwnFile(files, actingOwner(reach), { look: before.line, file }),
  });
};

/** What failed half-way has recorded what it saw last: there may be a line that it says nothing of. */
const mayHaveLine = (state: Props): boolean => state["tmpfiles"] === true || FAILED in state;

const leftWhy = (
  acting: ActingOwner,
  look: Look,
  { host: machine, release }: { readonly host: string; readonly release: Release },
): string => {
  if (release === "remove") return "it is not empty";
  if (release === "forget") return "it was there before, or is to be kept";
  return acting.whyLeft(thingOf(machine, look), whereOf(machine, look));
};

const remove = async (reach: Reach, inputs: DirectoryInputs, state: Props): Promise<void> => {
  const files = filesOf(reach, inputs.host);
  const acting = actingOwner(reach);
  let why: string | undefined;
  const after = await files.change(await files.look(inputs.path), (look) => {
    const release = releaseOf(acting, look, inputs);
    why = leftWhy(acting, look, { host: inputs.host, release });
    if (release === "nothing") return undefined;
    return { ...(release === "remove" ? { to: "no-directory" as const } : {}), then: null };
  });
  if (after.kind === "directory" && why !== undefined)
    reach.note(`${inputs.path} on ${inputs.host} stays: ${why}`);
  if (mayHaveLine(state)) await dropLine(reach, inputs);
};

export const directory: Artifact<DirectoryInputs, DirectoryLook> = {
  kind: "Directory",
  shape,
  facts: [],
  policy: ["onDelete"],
  label: ({ path, host: machine }) => `${path} on ${machine}`,
  replacedBy: ({ host: machine, path }) => ({ host: machine, path }),
  id: ({ host: machine, path }) => `${machine}:${path}`,
  claims: ({ host: machine, path }) => [fileClaim(machine, path)],
  check: (inputs, _olds, report) => {
    checkOwner(inputs, report);
    const derived: Props = { tmpfiles: isUnknown(inputs.path) ? UNKNOWN : isVolatile(inputs.path) };
    return { ...derived, ...inputs };
  },
  compared: ({ owner, group, mode, tmpfiles }) => {
    const line = tmpfiles === false ? undefined : tmpfiles;
    return plainProps({ owner, group, mode, tmpfiles: line });
  },
  async observe(reach, inputs) {
    const look = await lookAt(reach, inputs);
    return { found: look.look.kind === "absent" ? undefined : found(inputs, look), look };
  },
  apply,
  remove,
};

export type DirectoryArgs = Args<DirectoryInputs>;

/** A directory on a host. */
export class Directory extends ArtifactResource<DirectoryInputs> {
  /** Absolute path. */
  declare readonly path: pulumi.Output<string>;

  constructor(name: string, args: DirectoryArgs, opts?: pulumi.CustomResourceOptions) {
    super(directory, name, args, opts);
  }
}
