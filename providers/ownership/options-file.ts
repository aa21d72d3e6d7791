/** Options of a file that several write, with the record of who owns them. For every artifact that edits such a file. */
import {
  canonicalKey,
  canonicalSection,
  parseIni,
  problems,
  readOptions,
  type Dialect,
} from "../formats/ini/index.js";
import { optionOf, parseLedger, type Ledger, type OptionName } from "./ledger.js";
import { step, type Owner, type Step, type DesiredSection } from "./ledger-edit.js";
import { Failure } from "../remote/failure.js";
import type { Reach } from "../kernel/contract.js";
import { actingOwner, type Where } from "./acting-owner.js";
import type { Claim } from "./claims.js";
import { defined } from "../clients/defined.js";
import { meetOwners, spotOf } from "./things.js";
import type { Change, Files, Look } from "../clients/files/index.js";

/** How a file comes to be that is not there; undefined: it does not. */
export interface NewFile {
  readonly owner?: string;
  readonly group?: string;
  readonly mode: string;
}

export interface OptionsEdit {
  readonly host: string;
  readonly dialect: Dialect;
  readonly reach: Reach;
  /** What is wanted of each section; made anew for every attempt, from file and record as they stand then. */
  readonly desiredSections: (ledger: Ledger, look: Look) => readonly DesiredSection[];
  readonly newFile?: NewFile;
  /** Enforced on any file. */
  readonly holder?: WantedHolder;
  /** A reason not to touch the file as it is. */
  readonly refuse?: (look: Look) => Failure | undefined;
}

const partOf = ({ section, key }: OptionName): string => `option ${key} of [${section}]`;

/** Whether an option's claim is of this section of its file; that of a whole file is of each. */
export const isOfSection = (part: string, section: string): boolean =>
  part === "" || part.endsWith(` of [${section}]`);

/** The claim of an option: whatever artifact it is of, two resources must not own one. */
export const optionClaim = (
  { host, path }: { readonly host: string; readonly path: string },
  option: OptionName,
): Claim => {
  const part = partOf(option);
  return { thing: `${part} in ${path} on ${host}`, at: { host, path, part } };
};

const whereOf = (host: string, look: Look, option: OptionName): Where => ({
  thing: optionClaim({ host, path: look.path }, option).thing,
  spot: spotOf({ host, look, part: partOf(option) }),
});

/** Whose options of a file are meant: the resource's that asks. */
export const ownerIn = (reach: Reach, host: string, look: Look): Owner => {
  const { titles, letGo } = actingOwner(reach);
  return { titles, letsGo: (option) => letGo(option, whereOf(host, look, option)) === "mine" };
};

/** What a human must know of an edit: options left alone, and what the parser of the service will say of the file. */
export interface Edited {
  readonly look: Look;
  readonly notes: readonly string[];
}

/** The values of options as the service reads them, in order; undefined when there is no such file. */
export const foundOptions = (
  look: Look,
  { dialect, section }: { dialect: Dialect; section: string },
  names: readonly string[],
): ReadonlyMap<string, readonly string[]> | undefined =>
  look.bytes === undefined ? undefined : readOptions(parseIni(look.bytes, dialect), section, names);

const broken = (host: string, path: string, error: unknown): Failure =>
  new Failure({
    code: "refused",
    host,
    what: `${path}: ${error instanceof Error ? error.message : String(error)}`,
    cure: "Nothing was touched; repair the file (or its record) first.",
  });

/** The record of a file that was looked at. @throws Failure when it cannot be understood */
export const ledgerOf = (host: string, look: Look): Ledger => {
  try {
    return parseLedger(look.record, look.real);
  } catch (error) {
    throw broken(host, look.path, error);
  }
};

const namesOf = (dialect: Dialect, desiredSections: readonly DesiredSection[]): OptionName[] =>
  desiredSections.flatMap(({ section, changes }) =>
    changes.map(({ name }) => ({
      section: canonicalSection(dialect, section),
      key: canonicalKey(dialect, name),
    })),
  );

/** @throws Failure `owned` for the first option that another stack has recorded, or a resource that lives on it */
const refuseForeign = ({ dialect, host, reach }: OptionsEdit, look: Look, wanted: Wanted): void => {
  const acting = actingOwner(reach);
  for (const name of namesOf(dialect, wanted.desiredSections)) {
    const record = optionOf(wanted.ledger, name);
    const where = whereOf(host, look, name);
    if (acting.take(record, where) === "another's") throw acting.refusal(record, where, host);
  }
};

/** Where the owners live whose options are wanted here. */
const meetOwnersOf = ({ dialect, host, reach, desiredSections }: OptionsEdit, look: Look): Promise<void> => {
  const ledger = ledgerOf(host, look);
  const names = namesOf(dialect, desiredSections(ledger, look));
  return meetOwners(
    reach,
    names.map((name) => ({ record: optionOf(ledger, name), part: partOf(name) })),
  );
};

interface Wanted {
  readonly desiredSections: readonly DesiredSection[];
  readonly ledger: Ledger;
}

/** @throws Failure where the path is no file, or is not there and is not to be made */
const refuseOther = ({ host, newFile }: OptionsEdit, look: Look): void => {
  if (look.kind === "file" || (look.kind === "absent" && newFile !== undefined)) return;
  const isAbsent = look.kind === "absent";
  throw new Failure({
    code: "conflict",
    host,
    what: `${look.path} is ${isAbsent ? "not there" : "not a file"}`,
    ...(isAbsent
      ? {
          cure: "Install the package that brings it, correct the path, or give `createFile` of ConfigSection.",
        }
      : {}),
  });
};

const stepOf = (edit: OptionsEdit, look: Look, { desiredSections, ledger }: Wanted): Step | undefined => {
  try {
    return step({ bytes: look.bytes, ledger }, desiredSections);
  } catch (error) {
    throw broken(edit.host, look.path, error);
  }
};

/** Owner, group and mode that are wanted. */
export interface WantedHolder {
  readonly owner?: string;
  readonly group?: string;
  readonly mode?: string;
}

const isOneOf = (wanted: string | undefined, ...found: readonly string[]): boolean =>
  wanted === undefined || found.includes(wanted);

/** True when owner, group and mode are as given; a number is compared with the number. */
export const isHeldBy = ({ holder }: Look, { owner, group, mode }: WantedHolder): boolean =>
  holder !== undefined &&
  isOneOf(owner, holder.user, holder.uid) &&
  isOneOf(group, holder.group, holder.gid) &&
  isOneOf(mode, holder.mode);

/** Where an owner is wanted and no group, the group that is there stays: `chown` would take the owner's. */
export const keptGroup = ({ holder }: Look, { owner, group }: WantedHolder): Pick<Change, "group"> =>
  owner === undefined || group !== undefined ? {} : { group: holder?.gid ?? "" };

/** What becomes of the file: it is written again for another owner or mode too, for a file may be swapped under a `chown`. */
const contentOf = (look: Look, bytes: string | null | undefined, holder: WantedHolder): Change["to"] => {
  if (bytes === null) return "removed";
  if (bytes !== undefined) return { bytes };
  return look.bytes === undefined || isHeldBy(look, holder) ? undefined : { bytes: look.bytes };
};

const changeOf = (
  { holder = {}, newFile }: OptionsEdit,
  look: Look,
  next: Step | undefined,
): Change | undefined => {
  const to = contentOf(look, next?.bytes, holder);
  if (next === undefined && to === undefined) return undefined;
  const isMade = look.kind === "absent" && typeof to === "object";
  const others = isMade ? newFile : keptGroup(look, holder);
  return defined({ to, ...others, ...holder, first: next?.first, then: next?.then });
};

/** Gives options of sections the wanted values, and puts back what is wanted no more. @throws Failure `owned`, `refused`, `conflict` and those of a write */
export const editOptions = async (files: Files, look: Look, edit: OptionsEdit): Promise<Edited> => {
  let left: readonly string[] = [];
  await meetOwnersOf(edit, look);
  const after = await files.change(look, (now) => {
    refuseOther(edit, now);
    const refused = edit.refuse?.(now);
    if (refused !== undefined) throw refused;
    const ledger = ledgerOf(edit.host, now);
    const wanted = { ledger, desiredSections: edit.desiredSections(ledger, now) };
    refuseForeign(edit, now, wanted);
    const next = stepOf(edit, now, wanted);
    left = next?.left ?? [];
    return changeOf(edit, now, next);
  });
  return { look: after, notes: [...notes(after, left), ...unreadable(after, edit.dialect)] };
};

const notes = (look: Look, left: readonly string[]): string[] =>
  left.map((key) => `${key} in ${look.path} is left as it is: it was changed since we wrote it`);

const unreadable = (look: Look, dialect: Dialect): string[] => {
  const [first] = look.bytes === undefined ? [] : problems(parseIni(look.bytes, dialect));
  return first === undefined
    ? []
    : [`${look.path} line ${first.line}: ${first.reason}; whoever reads the file may refuse it`];
};

/** Puts back what stood there for everything that `desiredSections` let go; success where nothing is there. */
export const releaseOptions = async (files: Files, look: Look, edit: OptionsEdit): Promise<Edited> => {
  let left: readonly string[] = [];
  const after = await files.change(look, (now) => {
    const ledger = ledgerOf(edit.host, now);
    const next = stepOf(edit, now, { ledger, desiredSections: edit.desiredSections(ledger, now) });
    left = next?.left ?? [];
    return changeOf({ ...edit, holder: {} }, now, next);
  });
  return { look: after, notes: notes(after, left) };
};
