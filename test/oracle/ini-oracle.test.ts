import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import {
  edit,
  parseIni,
  problems,
  readOptions,
  restore,
  type Change,
  type Dialect,
} from "../../providers/formats/ini/index.js";
import { anyFile, changesOf, NAMES, type Names } from "../support/ini-arbitraries.js";
import { askOracle, type Answer, type Question } from "../support/ini-oracle.js";

const SEED = Number(process.env["ORACLE_SEED"] ?? "20260801");
const MANY = Number(process.env["ORACLE_CASES"] ?? "3000");

/** One `ceph-conf` process per lookup: fewer cases. */
const SOME = Math.ceil(MANY / 60);

/** Options of Ceph that are plain strings and start nothing; librados looks up none that it does not know. */
const RADOS: Names = {
  sections: ["global", "client", "client.cinder"],
  keys: ["rgw_zone", "rgw realm", "crush_location", "client_mountpoint"],
};

const FEW: Names = { sections: ["client.cinder", "new"], keys: ["rbd_pool", "rbd cache", "a"] };

interface Judge {
  readonly parser: Question["parser"];
  readonly dialect: Dialect;
  readonly names: Names;
  readonly cases: number;
}

const JUDGES: readonly Judge[] = [
  { parser: "oslo", dialect: "oslo", names: NAMES, cases: MANY },
  { parser: "rados", dialect: "ceph", names: RADOS, cases: MANY },
  {
    parser: "ceph-conf",
    dialect: "ceph",
    names: FEW,
    cases: SOME,
  },
];

type Read = readonly (readonly string[] | null)[];

describe.each(JUDGES)("judged by the real parser: $parser", (judge) => {
  const { parser, dialect, names, cases } = judge;
  const lookups = lookupsOf(judge);
  const ask = (files: readonly string[]): Answer[] => {
    return askOracle(files.map((bytes) => ({ parser, bytes, lookups })));
  };
  const defaults = (): Read => valuesOf(ask([""])[0]);

  test("a file reads as the real parser reads it, and is called broken when that refuses it", () => {
    const files = fc.sample(anyFile(dialect, names, true), { seed: SEED, numRuns: cases });
    const none = defaults();
    const answers = ask(files);
    const wrong = files.flatMap((bytes, at): object[] => {
      const answer = answers[at];
      const isBroken = problems(parseIni(bytes, dialect)).length > 0;
      if (answer === undefined || "error" in answer) return isBroken ? [] : [{ bytes, answer }];
      const ours = asRead(judge, bytes, none);
      return !isBroken && same(ours, answer.values) ? [] : [{ bytes, answer, ours, isBroken }];
    });
    expect(wrong).toEqual([]);
    expect(answers.filter((answer) => "values" in answer).length).toBeGreaterThan(cases / 4);
    expect(answers.filter((answer) => "error" in answer).length).toBeGreaterThan(cases / 20);
  }, 600_000);

  test("an edit gives the wanted values, leaves those of others, and is undone to the byte", () => {
    const one = fc.record({
      bytes: anyFile(dialect, names).filter((bytes) => isEditable(bytes, dialect)),
      section: fc.constantFrom(...names.sections),
      changes: changesOf(dialect, names),
    });
    const all = fc.sample(one, { seed: SEED + 1, numRuns: cases });
    const made = all.flatMap((sample) => {
      const edited = editUnlessSwallowing(dialect, sample);
      return edited === undefined ? [] : [{ sample, edited }];
    });
    // What is refused, so that no line of somebody else goes with a value, is few.
    expect(made.length).toBeGreaterThan(cases * 0.8);
    const samples = made.map(({ sample }) => sample);
    const edited = made.map(({ edited: one }) => one);
    const none = defaults();
    const before = ask(samples.map(({ bytes }) => closed(bytes, dialect)));
    const after = ask(edited.map(({ bytes }) => bytes));
    const wrong = samples.flatMap((sample, at) => {
      const made = edited[at];
      if (made === undefined) return [sample];
      const wanted = asWanted(judge, sample, { before: valuesOf(before[at]), none });
      const found = made.bytes === sample.bytes ? valuesOf(before[at]) : valuesOf(after[at]);
      const target = { dialect, section: sample.section, removeSection: made.madeSection };
      const isUndone = restore(made.bytes, target, made.original) === sample.bytes;
      return same(found, wanted) && isUndone ? [] : [{ ...sample, now: made.bytes, found, wanted, isUndone }];
    });
    expect(wrong).toEqual([]);
  }, 600_000);
});

/** The edit; undefined where it is refused because a line that looks like somebody else's would go with a value. */
function editUnlessSwallowing(
  dialect: Dialect,
  { bytes, section, changes }: { bytes: string; section: string; changes: Change[] },
) {
  try {
    return edit(bytes, { dialect, section }, changes);
  } catch (error) {
    if (error instanceof Error && error.message.includes("looks like a line of its own")) return undefined;
    throw error;
  }
}

function lookupsOf({ names, parser }: Judge): [string, string][] {
  const options = [...new Set(names.keys.map((key) => (parser === "oslo" ? key : key.replace(/ /g, "_"))))];
  const sections = parser === "rados" ? ["client.cinder"] : names.sections;
  return sections.flatMap((section) => options.map((option): [string, string] => [section, option]));
}

/** What the judge would say of a file as we read it. */
function asRead(judge: Judge, bytes: string, none: Read): Read {
  const doc = parseIni(bytes, judge.dialect);
  return lookupsOf(judge).map(([section, option], at) => {
    // a client of Ceph looks in its own section first, then in those of its type and of all
    const sections = judge.parser === "rados" ? ["client.cinder", "client", "global"] : [section];
    const found = sections
      .map((name) => readOptions(doc, name, [option]).get(option))
      .find((values) => values !== undefined);
    const values = judge.dialect === "ceph" ? found?.slice(-1) : found;
    return values ?? none[at] ?? null;
  });
}

/** What the judge must say after an edit: from what it said before, not from our own reading. */
function asWanted(
  judge: Judge,
  sample: { bytes: string; section: string; changes: Change[] },
  { before, none }: { before: Read; none: Read },
): Read {
  if (judge.parser === "rados")
    return asRead(
      judge,
      edit(sample.bytes, { dialect: "ceph", section: sample.section }, sample.changes).bytes,
      none,
    );
  const group = (name: string): string =>
    judge.dialect === "oslo" && name !== "DEFAULT" ? name.toLowerCase() : name;
  return lookupsOf(judge).map(([section, option], at) => {
    const change = sample.changes.find(
      ({ name }) => (judge.dialect === "oslo" ? name : name.replace(/ /g, "_")) === option,
    );
    if (change === undefined || group(section) !== group(sample.section)) return before[at] ?? null;
    return change.values;
  });
}

function isEditable(bytes: string, dialect: Dialect): boolean {
  return problems(parseIni(closed(bytes, dialect), dialect)).length === 0;
}

/** Ceph refuses a file without its final newline, whose values we want to compare all the same. */
function closed(bytes: string, dialect: Dialect): string {
  return dialect === "ceph" && bytes !== "" && !/[\r\n]$/.test(bytes) ? `${bytes}\n` : bytes;
}

function valuesOf(answer: Answer | undefined): Read {
  return answer !== undefined && "values" in answer ? answer.values : [[JSON.stringify(answer)]];
}

function same(one: Read, other: Read): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
