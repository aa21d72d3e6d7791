/**
 * Named options in one section of an INI file that others write too; every other byte stays.
 * @see https://docs.openstack.org/oslo.config/latest/configuration/format.html
 */
import type * as pulumi from "@pulumi/pulumi";
import { filesOf, type Look } from "../clients/files/index.js";
import {
  editOptions,
  foundOptions,
  releaseOptions,
  type OptionsEdit,
  optionClaim,
  ownerIn,
} from "../ownership/options-file.js";
import {
  canonicalValue,
  foundSection,
  linesOf,
  type CanonicalValue,
  type OptionValue,
} from "../formats/ini/values.js";
import {
  canonicalKey,
  canonicalSection,
  dialectOf,
  literalValue,
  type Dialect,
} from "../formats/ini/index.js";
import type { Project } from "../formats/openstack/index.js";
import type { DesiredSection } from "../ownership/ledger-edit.js";
import type { Claim } from "../ownership/claims.js";
import {
  absolutePath,
  fileMode,
  host,
  onDelete,
  userName,
  type Host,
  type OnDelete,
} from "../kernel/common.js";
import type { Artifact, Observed, Reach } from "../kernel/contract.js";
import { isUnknown, plainProps, type Props } from "../kernel/json.js";
import { ArtifactResource, type Args } from "../kernel/resource.js";
import { word } from "../kernel/scalar.js";
import { defaulted, list, map, object, oneOf, optional, secret, text, type Shape } from "../kernel/shape.js";
import { isWritten } from "../kernel/written.js";
import { rememberGiven } from "../remote/redact.js";
import { checkSectionInputs, entriesOf, itemsOf } from "./check.js";
import { doubts } from "./doubts.js";
import { writtenDoubts } from "./written-doubts.js";
import { asDesired, otherSpellings } from "./spelling.js";
import { value } from "./value.js";

export { value };

/** Options of one section, as a program describes them. */
export interface ConfigSectionInputs {
  /** The machine that the file is on. Changing it replaces. */
  host: Host;
  /** Absolute path of the file; links are followed where root owns them. Changing it replaces. */
  path: string;
  /** Name of the section, without brackets; one that is not there is made at the end of the file. Changing it replaces. */
  section: string;
  /**
   * The options with their values. A list is written comma-joined on one line; `{ repeated: [...] }` as one line each (MultiOpt). `$name` substitutes. Numbers and
   * booleans become the file's text. An option left out later is put back as it was. @default none
   */
  options?: Readonly<Record<string, OptionValue>>;
  /** Options whose values are secrets: encrypted in state, never shown in a preview, an error or a log; read back literally, `$` too. @default none */
  secretOptions?: Readonly<Record<string, string>>;
  /** Options that must not be set; put back when they are left out here later. @default none */
  absent?: readonly string[];
  /** The grammar of the file. @default "ceph" for /etc/ceph/*.conf and files named after Ceph, else "oslo"; in doubt it must be given */
  dialect?: Dialect;
  /** Make the file where it is not there. Counts only then. @default a file that is not there is an error */
  createFile?: CreateFile;
  /** Whose file it is: then options are held against what that release has, what is doubtful is a warning in every preview, and a boolean in another spelling (`True`) is no difference. @default nothing is said */
  readBy?: ReadBy;
  /** `keep`: a destroy leaves the options as they are. `remove`: they are put back as they were. @default "remove" */
  onDelete?: OnDelete;
}

/** Owner, group and mode of a file that is made. */
export interface CreateFile {
  /** @default "root" */
  readonly owner?: string;
  /** @default the owner's group */
  readonly group?: string;
  /** Four octal digits. @default "0644", and "0640" where there are secretOptions */
  readonly mode?: string;
}

/** The service that reads a file. */
export interface ReadBy {
  /** `glance`, `cinder` (cinder-backup too), `nova`. */
  readonly service: Project;
  /** OpenStack's release, by name or number: "zed", "2022.2". */
  readonly release: string;
  /** Options about which nothing is said: `name` in any section, `section/name`, or `[section]`. @default none */
  readonly silence?: readonly string[];
}

const shape: Shape<ConfigSectionInputs> = {
  host,
  path: absolutePath,
  section: word,
  options: defaulted(map(word, value), {}),
  secretOptions: optional(secret(map(word, text(/^/, "text")))),
  absent: optional(list(word, { empty: true })),
  dialect: optional(oneOf("oslo", "ceph")),
  createFile: optional(
    object<CreateFile>({ owner: optional(userName), group: optional(userName), mode: optional(fileMode) }),
  ),
  readBy: optional(
    object<ReadBy>({
      service: oneOf("glance", "cinder", "nova"),
      release: word,
      silence: optional(list(word, { empty: true })),
    }),
  ),
  onDelete,
};

const label = ({ host: machine, path, section }: ConfigSectionInputs) => `${path} [${section}] on ${machine}`;

const dialectFor = ({ dialect, path }: ConfigSectionInputs): Dialect => dialect ?? dialectOf(path);

const claimOf = (inputs: ConfigSectionInputs, name: string): Claim => {
  const dialect = dialectFor(inputs);
  const section = canonicalSection(dialect, inputs.section);
  return optionClaim(inputs, { section, key: canonicalKey(dialect, name) });
};

/** A refresh may have put an `absent` option that is set among the options: it is none of them. */
const valuesOf = (inputs: ConfigSectionInputs) => {
  const absent = itemsOf(inputs.absent);
  const options = entriesOf(inputs.options).filter(([name]) => !absent.includes(name));
  return {
    options: options.map(([name, given]): [string, CanonicalValue] => [name, canonicalValue(given)]),
    secretOptions: entriesOf(inputs.secretOptions),
    absent,
  };
};

const namesOf = (inputs: ConfigSectionInputs): string[] => {
  const { options, secretOptions, absent } = valuesOf(inputs);
  return [...[...options, ...secretOptions].map(([name]) => name), ...absent];
};

const compared = ({ options = {}, secretOptions }: ConfigSectionInputs): Props =>
  plainProps({ options, ...(secretOptions === undefined ? {} : { secretOptions }) });

const foundIn = (look: Look, inputs: ConfigSectionInputs) =>
  foundOptions(look, { dialect: dialectFor(inputs), section: inputs.section }, namesOf(inputs));

const observed = (inputs: ConfigSectionInputs, look: Look): Observed | undefined => {
  const found = foundIn(look, inputs);
  if (found === undefined) return undefined;
  const values = valuesOf(inputs);
  const read = asDesired(inputs, values.options, found);
  const { options, secretOptions } = foundSection(dialectFor(inputs), read, values);
  const managed = { options, ...(inputs.secretOptions === undefined ? {} : { secretOptions }) };
  return { managed: plainProps(managed), facts: {} };
};

const newFile = ({ createFile, secretOptions }: ConfigSectionInputs) =>
  createFile === undefined
    ? {}
    : { newFile: { owner: "root", mode: secretOptions === undefined ? "0644" : "0640", ...createFile } };

/** The edit that gives the section what `changes` say, and lets go of what else is recorded for this owner. */
const editFor = (
  reach: Reach,
  inputs: ConfigSectionInputs,
  more: (look: Look) => Pick<DesiredSection, "changes" | "forget">,
): OptionsEdit => {
  const [machine, dialect] = [inputs.host, dialectFor(inputs)];
  const desiredSections = (_: unknown, look: Look) => [
    { dialect, section: inputs.section, ...more(look), ...ownerIn(reach, machine, look) },
  ];
  return { host: machine, dialect, reach, desiredSections, ...newFile(inputs) };
};

const wanted = (inputs: ConfigSectionInputs, look: Look): DesiredSection["changes"] => {
  const { options, secretOptions, absent } = valuesOf(inputs);
  const spelled = otherSpellings(inputs, options, foundIn(look, inputs));
  return [
    ...options.map(([name, given]) => ({ name, values: spelled.get(name) ?? linesOf(given) })),
    ...secretOptions.map(([name, given]) => ({ name, values: [literalValue(dialectFor(inputs), given)] })),
    ...absent.map((name) => ({ name, values: null })),
  ];
};

/** A service may print what it cannot read, and its last words stand in our errors. */
const lookAt = (reach: Reach, { host: machine, path, secretOptions }: ConfigSectionInputs): Promise<Look> => {
  rememberGiven(secretOptions);
  return filesOf(reach, machine).look(path);
};

export const configSection: Artifact<ConfigSectionInputs, Look> = {
  kind: "ConfigSection",
  shape,
  facts: [],
  policy: ["onDelete", "createFile", "readBy"],
  aside: ["readBy"],
  label,
  replacedBy: ({ host: machine, path, section }) => ({ host: machine, path, section }),
  id: ({ host: machine, path, section }) => `${machine}:${path}#[${section}]`,
  claims: (inputs) => namesOf(inputs).map((name) => claimOf(inputs, name)),
  check: (inputs, _olds, report) => checkSectionInputs(inputs, report),
  warnings: ({ readBy, ...inputs }) =>
    readBy === undefined || isUnknown(readBy) ? [] : doubts(readBy, inputs, valuesOf(inputs)),
  writes: ({ host: machine, path, section }, changed) =>
    isWritten(changed, ["options", "secretOptions"]) ? [{ host: machine, path, section }] : [],
  compared,
  async observe(reach, inputs) {
    const look = await lookAt(reach, inputs);
    return { found: observed(inputs, look), look };
  },
  async apply(reach, inputs, { look: before }) {
    const edit = editFor(reach, inputs, (now) => ({ changes: wanted(inputs, now) }));
    const { look, notes } = await editOptions(filesOf(reach, inputs.host), before, edit);
    const readers = { ...valuesOf(inputs), isOslo: dialectFor(inputs) === "oslo", readBy: inputs.readBy };
    const strange = writtenDoubts(readers, look).map((text) => `${label(inputs)} ${text}`);
    [...notes, ...strange].forEach((text) => reach.note(text));
    return observed(inputs, look) ?? { managed: {}, facts: {} };
  },
  async remove(reach, inputs) {
    const files = filesOf(reach, inputs.host);
    const edit = editFor(reach, inputs, () => ({ changes: [], forget: inputs.onDelete === "keep" }));
    const { notes } = await releaseOptions(files, await lookAt(reach, inputs), edit);
    notes.forEach((text) => reach.note(text));
  },
};

export type ConfigSectionArgs = Args<ConfigSectionInputs>;

/** Named options in one section of an INI file that others write too. */
export class ConfigSection extends ArtifactResource<ConfigSectionInputs> {
  /** Absolute path of the file. */
  declare readonly path: pulumi.Output<string>;
  /** Name of the section. */
  declare readonly section: pulumi.Output<string>;
  /** The options, as the file's text. */
  declare readonly options: pulumi.Output<Readonly<Record<string, CanonicalValue>>>;

  constructor(name: string, args: ConfigSectionArgs, opts?: pulumi.CustomResourceOptions) {
    super(configSection, name, args, opts);
  }
}
