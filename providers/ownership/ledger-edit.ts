/**
 * Taking over, changing and letting go of options of a shared file, with its record. Pure. A cut between any two of the three writes that a
 * `Step` asks for (record, file, record) leaves a state from which the same step, or a release, ends as if there had been no cut.
 */
import {
  canonicalKey,
  canonicalSection,
  currentLines,
  edit,
  hashOf,
  parseIni,
  restore,
  type Change,
  type Dialect,
  type IniDocument,
  type Original,
} from "../formats/ini/index.js";
import type { Title } from "./decision.js";
import {
  optionOf,
  printLedger,
  withoutOptions,
  withOptions,
  type Ledger,
  type OptionRecord,
} from "./ledger.js";

/** A file as it stands: its bytes (latin1; undefined when it is not there) and its record. */
export interface Standing {
  readonly bytes: string | undefined;
  readonly ledger: Ledger;
}

/** Whose options are meant, by the decision whose a thing is. */
export interface Owner {
  /** What is recorded of an option that is taken: while the write is under way, and after it. */
  titles(record: Title | undefined): { readonly during: Title; readonly after: Title };
  /** True for a recorded option that is this owner's to let go, and that nobody who lives has claimed. */
  letsGo(option: OptionRecord): boolean;
}

/** What one owner wants of one section. */
export interface DesiredSection extends Owner {
  readonly dialect: Dialect;
  readonly section: string;
  /** The wanted values; options of this owner that are not among them are let go. */
  readonly changes: readonly Change[];
  /** Let go without putting anything back. */
  readonly forget?: boolean;
}

/** What to write, in this order. */
export interface Step {
  /** The record before the file; undefined: as it is. */
  readonly first: string | null | undefined;
  /** The file's bytes; null: it goes; undefined: as it is. */
  readonly bytes: string | null | undefined;
  /** The record after the file; undefined: as it is. */
  readonly then: string | null | undefined;
  /** Options whose value is not ours any more: left as they are. */
  readonly left: readonly string[];
}

const linesOf = (doc: IniDocument, { section, key }: OptionRecord): string[] =>
  currentLines(doc, section, key);

/** True when the option has the very lines that it had before our first write. */
const isOriginal = (doc: IniDocument, option: OptionRecord): boolean => {
  const lines = (option.original.lines ?? []).flatMap((piece) => piece.lines.map((line) => line.text));
  return hashOf(linesOf(doc, option)) === hashOf(lines);
};

interface Released extends Standing {
  readonly bytes: string;
  readonly left: readonly string[];
}

/** The last line, where it has no line end. */
const openLine = (bytes: string): string | undefined => /[^\r\n]+$/.exec(bytes)?.[0];

/** A file whose last line has no line end keeps it so, though the line put back had one where it stood. */
const asOpen = (before: string, after: string): string =>
  openLine(before) === undefined ? after : after.replace(/(?:\r\n|\r|\n)$/, "");

/** Puts back what stood there for these options of one section, where what stands there is ours. */
const release = (
  { bytes = "", ledger }: Standing,
  desired: DesiredSection,
  options: readonly OptionRecord[],
): Released => {
  const { dialect, section } = desired;
  const doc = parseIni(bytes, dialect);
  const ours = options.filter((option) => option.wrote.includes(hashOf(linesOf(doc, option))));
  const left = options
    .filter((option) => !ours.includes(option) && !isOriginal(doc, option))
    .map(({ key }) => key);
  const without = withoutOptions(ledger, options);
  const after = desired.changes.length > 0 ? { ...without, sections: ledger.sections } : without;
  if (desired.forget === true) return { bytes, ledger: after, left: [] };
  const made = ledger.sections.find((item) => item.section === canonicalSection(dialect, section))?.made;
  const isLast = made !== undefined && after.sections.length < ledger.sections.length;
  // What stands as it stood stays untouched: its line end may have changed with what was written below it.
  const originals = ours.filter((option) => !isOriginal(doc, option)).map(({ original }) => original);
  const restored = restore(bytes, { dialect, section, removeSection: isLast ? made : false }, originals);
  return { bytes: asOpen(bytes, restored), ledger: after, left };
};

/** The records of the changed options: while the write is under way, and after it. */
const recordsOf = (
  ledger: Ledger,
  { dialect, section, titles }: DesiredSection,
  edited: { original: readonly Original[]; written: readonly { name: string; hash: string }[] },
): { first: OptionRecord[]; then: OptionRecord[] } => {
  const records = edited.written.flatMap(({ name, hash }, at) => {
    const original = edited.original[at];
    if (original === undefined) return [];
    const place = { section: canonicalSection(dialect, section), key: canonicalKey(dialect, name) };
    const old = optionOf(ledger, place);
    const { during, after } = titles(old);
    const wrote = [...new Set([...(old?.wrote ?? []), hash])];
    return [
      {
        first: { ...place, ...during, original, wrote },
        then: { ...place, ...after, original, wrote: [hash] },
      },
    ];
  });
  return { first: records.map(({ first }) => first), then: records.map(({ then }) => then) };
};

/** Options of this owner in this section that are not wanted any more and that nobody takes. */
const dropped = (ledger: Ledger, desired: DesiredSection): OptionRecord[] => {
  const { dialect, section, changes } = desired;
  const wanted = new Set(changes.map(({ name }) => canonicalKey(dialect, name)));
  return ledger.options.filter(
    (option) =>
      option.section === canonicalSection(dialect, section) &&
      !wanted.has(option.key) &&
      desired.letsGo(option),
  );
};

interface TakenOver extends Standing {
  readonly bytes: string;
  readonly during: Ledger;
}

/** Gives the options their values, and records what stood there. `base` is the record that the first write must not lose anything of. */
const takeOver = ({ bytes = "", ledger }: Standing, desired: DesiredSection, base: Ledger): TakenOver => {
  const { dialect, section, changes } = desired;
  if (changes.length === 0) return { bytes, ledger, during: base };
  const name = canonicalSection(dialect, section);
  const recorded = ledger.options.filter((option) => option.section === name).map(({ original }) => original);
  const edited = edit(bytes, { dialect, section, recorded }, changes);
  const records = recordsOf(ledger, desired, edited);
  const made = edited.madeSection === false ? [] : [{ section: name, made: edited.madeSection }];
  const withSection = (book: Ledger): Ledger => ({
    ...book,
    sections: [...book.sections.filter((item) => made.length === 0 || item.section !== name), ...made],
  });
  return {
    bytes: edited.bytes,
    during: withSection(withOptions(base, records.first)),
    ledger: withSection(withOptions(ledger, records.then)),
  };
};

const unlessSame = <T>(next: T, now: unknown): T | undefined => (next === now ? undefined : next);

const isBlank = (bytes: string): boolean => /^\s*$/.test(bytes);

/** The file and its record after all desiredSections, and the record that counts in between. */
const fold = (
  standing: Standing,
  desiredSections: readonly DesiredSection[],
): TakenOver & { left: string[] } => {
  const { bytes = "", ledger } = standing;
  let now: TakenOver = { bytes, ledger, during: ledger };
  const left: string[] = [];
  for (const desired of desiredSections) {
    const released = release(now, desired, dropped(now.ledger, desired));
    left.push(...released.left);
    now = takeOver(released, desired, now.during);
  }
  return { ...now, left };
};

/**
 * The step from a file as it stands to what one owner desiredSections of sections of it; undefined when there is nothing to do.
 * @throws Error that names the rule, never a value, when something cannot be written or the file hides where a section begins
 */
export const step = (standing: Standing, desiredSections: readonly DesiredSection[]): Step | undefined => {
  const { ledger: before } = standing;
  const isNew = standing.bytes === undefined && desiredSections.some(({ changes }) => changes.length > 0);
  const base: Ledger = isNew ? { ...before, made: true } : before;
  const { bytes, ledger, during, left } = fold({ ...standing, ledger: base }, desiredSections);
  const isGone = base.made && ledger.options.length === 0 && isBlank(bytes);
  const noFile = standing.bytes === undefined && !isNew;
  const [old, first, then] = [printLedger(before), printLedger(during), printLedger(ledger)];
  const result: Step = {
    first: unlessSame(first, old),
    bytes: noFile ? undefined : unlessSame(isGone ? null : bytes, standing.bytes),
    then: unlessSame(then, first),
    left,
  };
  const isNothing = [result.first, result.bytes, result.then].every((part) => part === undefined);
  return isNothing ? undefined : result;
};
