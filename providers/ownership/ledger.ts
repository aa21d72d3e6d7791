/**
 * The record that lies on a host for one file that several write: per option who owns it, what stood there before the first write, and hashes
 * of what we wrote. Pure. It is what lets a killed run be repeated, and two stacks put back what was there before either of them.
 */
import type { MadeSection, Original } from "../formats/ini/index.js";
import type { Title } from "./decision.js";

/** One option that we own. */
export interface OptionRecord extends Title {
  /** As the dialect compares it. */
  readonly section: string;
  /** As the dialect compares it. */
  readonly key: string;
  readonly original: Original;
  /** Hashes of the lines that count as ours: two while a write is under way, and none where the option is taken away. */
  readonly wrote: readonly string[];
}

/** A section that we made. */
export interface SectionRecord {
  readonly section: string;
  readonly made: MadeSection;
}

export interface Ledger {
  readonly version: 1;
  /** The real path, for people. */
  readonly path: string;
  /** True when we made the file. */
  readonly made: boolean;
  readonly sections: readonly SectionRecord[];
  readonly options: readonly OptionRecord[];
}

/** The ledger of a file that has no record. */
export const emptyLedger = (path: string): Ledger => ({
  version: 1,
  path,
  made: false,
  sections: [],
  options: [],
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** True when it is a ledger of this version; what stands in one was written by this library, under a name that only root can write. */
const isLedger = (value: unknown): value is Ledger =>
  isRecord(value) &&
  value["version"] === 1 &&
  Array.isArray(value["options"]) &&
  Array.isArray(value["sections"]);

/**
 * Reads a record.
 * @throws Error when it is of a version that this one does not know, or broken: without it nothing can be put back
 */
export const parseLedger = (text: string | undefined, path: string): Ledger => {
  if (text === undefined) return emptyLedger(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("the host's record of this file is broken");
  }
  if (!isLedger(value))
    throw new Error("the host's record of this file was written by a newer version, or is broken");
  return value;
};

/** The record's text; null when there is nothing to record. */
export const printLedger = (ledger: Ledger): string | null =>
  ledger.options.length === 0 ? null : `${JSON.stringify(ledger)}\n`;

/** Names one option of a file: section and key as the dialect compares them. */
export interface OptionName {
  readonly section: string;
  readonly key: string;
}

export const optionOf = (ledger: Ledger, { section, key }: OptionName): OptionRecord | undefined =>
  ledger.options.find((option) => option.section === section && option.key === key);

/** The ledger with these options recorded, in place of what it held of them. */
export const withOptions = (ledger: Ledger, options: readonly OptionRecord[]): Ledger => {
  const isNew = (old: OptionRecord) =>
    !options.some(({ section, key }) => old.section === section && old.key === key);
  return { ...ledger, options: [...ledger.options.filter(isNew), ...options].sort(byName) };
};

/** The ledger without these options; sections that no option is left in go with them. */
export const withoutOptions = (ledger: Ledger, options: readonly OptionRecord[]): Ledger => {
  const left = ledger.options.filter((option) => !options.includes(option));
  const isUsed = ({ section }: SectionRecord) => left.some((option) => option.section === section);
  return { ...ledger, options: left, sections: ledger.sections.filter(isUsed) };
};

const byName = (a: OptionRecord, b: OptionRecord): number => {
  const [one, other] = [`${a.section}\0${a.key}`, `${b.section}\0${b.key}`];
  return one < other ? -1 : one > other ? 1 : 0;
};
