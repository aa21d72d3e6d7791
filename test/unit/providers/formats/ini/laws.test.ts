import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import {
  currentLines,
  edit as editFile,
  hashOf,
  parseIni,
  problems,
  readOptions,
  restore,
  type Dialect,
  type Original,
} from "../../../../../providers/formats/ini/index.js";
import { anyFile, changesOf, NAMES } from "../../../../support/ini-arbitraries.js";

/** An edit; files in which a line is another's in the other dialect are refused, which is a law of its own. */
const edit: typeof editFile = (...given) => {
  try {
    return editFile(...given);
  } catch (error) {
    fc.pre(!String(error).includes("looks like a line of its own"));
    throw error;
  }
};

const RUNS = { seed: 20260701, numRuns: 400 };

function editable(bytes: string, dialect: Dialect): boolean {
  return problems(parseIni(bytes, dialect)).every(
    (problem) => problem.reason === "the last line lacks its line end",
  );
}

describe.each<Dialect>(["oslo", "ceph"])("laws of the %s dialect", (dialect) => {
  const file = anyFile(dialect).filter((bytes) => editable(bytes, dialect));
  const section = fc.constantFrom(...NAMES.sections);
  const changes = changesOf(dialect);

  test("an edit without changes gives back every byte of any input", () => {
    const junk = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    });
    fc.assert(
      fc.property(fc.oneof(junk, anyFile(dialect)), section, (bytes, name) => {
        fc.pre(!problems(parseIni(bytes, dialect)).some((problem) => problem.ambiguous));
        expect(edit(bytes, { dialect, section: name }, []).bytes).toBe(bytes);
        expect(restore(bytes, { dialect, section: name }, [])).toBe(bytes);
      }),
      RUNS,
    );
  });

  test("what was set is read back, and other options read as before", () => {
    fc.assert(
      fc.property(file, section, changes, (bytes, name, wanted) => {
        const after = parseIni(edit(bytes, { dialect, section: name }, wanted).bytes, dialect);
        const before = readAll(bytes, dialect);
        for (const change of wanted) {
          const values = change.values === null || change.values.length === 0 ? undefined : change.values;
          expect(readOptions(after, name, [change.name]).get(change.name)).toEqual(values);
          before.delete(keyOf(dialect, name, change.name));
        }
        const others = readAll(edit(bytes, { dialect, section: name }, wanted).bytes, dialect);
        for (const change of wanted) others.delete(keyOf(dialect, name, change.name));
        expect(others).toEqual(before);
        expect(problems(after)).toEqual(
          stillUnclosed(dialect, bytes, edit(bytes, { dialect, section: name }, wanted).bytes),
        );
      }),
      RUNS,
    );
  });

  test("a line that is somebody else's in either dialect survives, or the edit is refused", () => {
    const kept = (content: string, reading: Dialect, name: string, wanted: readonly { name: string }[]) => {
      const doc = parseIni(content, reading);
      const own = new Set(wanted.flatMap((change) => ownLines(doc, name, change.name)));
      return doc.elements.flatMap(({ kind, first }) => {
        const isTheirs = (kind === "entry" || kind === "comment") && !own.has(first);
        return isTheirs ? [(doc.lines[first]?.text ?? "").trim()] : [];
      });
    };
    const other = dialect === "oslo" ? "ceph" : "oslo";
    let edited = 0;
    fc.assert(
      fc.property(anyFile(dialect), section, changes, (bytes, name, wanted) => {
        fc.pre(editable(bytes, dialect));
        const now = edit(bytes, { dialect, section: name }, wanted)
          .bytes.split(/[\r\n]+/)
          .map((line) => line.trim());
        edited += 1;
        for (const reading of [dialect, other] as const)
          for (const line of kept(bytes, reading, name, wanted).filter((text) => !isOurs(text, wanted)))
            expect(now).toContain(line);
      }),
      RUNS,
    );
    expect(edited).toBeGreaterThan(RUNS.numRuns / 2);
  });

  test("a second edit with the same values changes nothing", () => {
    fc.assert(
      fc.property(file, section, changes, (bytes, name, wanted) => {
        const once = edit(bytes, { dialect, section: name }, wanted).bytes;
        expect(edit(once, { dialect, section: name }, wanted).bytes).toBe(once);
      }),
      RUNS,
    );
  });

  test("lines of other options, comments and blanks keep their bytes and their order", () => {
    fc.assert(
      fc.property(file, section, changes, (bytes, name, wanted) => {
        const texts = (content: string): string[] => {
          const doc = parseIni(content, dialect);
          const own = new Set(wanted.flatMap((change) => ownLines(doc, name, change.name)));
          return doc.lines.filter((_, index) => !own.has(index)).map((line) => line.text);
        };
        const made = edit(bytes, { dialect, section: name }, wanted);
        const kept = texts(bytes);
        const now = texts(made.bytes);
        const added = made.madeSection === false ? 0 : made.madeSection.blank ? 2 : 1;
        expect(now.slice(0, now.length - added)).toEqual(kept);
      }),
      RUNS,
    );
  });

  test("restoring after one edit, in any order of the options, gives back every byte", () => {
    fc.assert(
      fc.property(file, section, changes, fc.boolean(), (bytes, name, wanted, reversed) => {
        const made = edit(bytes, { dialect, section: name }, wanted);
        const entries = reversed ? [...made.original].reverse() : made.original;
        expect(
          restore(made.bytes, { dialect, section: name, removeSection: made.madeSection }, entries),
        ).toBe(bytes);
      }),
      RUNS,
    );
  });

  test("restoring after several edits gives back what was there before the first", () => {
    fc.assert(
      fc.property(file, section, fc.array(changes, { minLength: 2, maxLength: 4 }), (bytes, name, rounds) => {
        let now = bytes;
        let removeSection: ReturnType<typeof edit>["madeSection"] = false;
        const record = new Map<string, Original>();
        for (const round of rounds) {
          const made = edit(now, { dialect, section: name, recorded: [...record.values()] }, round);
          for (const original of made.original) record.set(original.name, original);
          now = made.bytes;
          removeSection = removeSection === false ? made.madeSection : removeSection;
        }
        expect(restore(now, { dialect, section: name, removeSection }, [...record.values()].reverse())).toBe(
          bytes,
        );
      }),
      RUNS,
    );
  });

  test("restoring one option after the other leaves those that wait, and ends with every byte as it was", () => {
    fc.assert(
      fc.property(file, section, changes, fc.nat(), (bytes, name, wanted, seed) => {
        const made = edit(bytes, { dialect, section: name }, wanted);
        const order = [...made.original].sort((a, b) => rank(a.name, seed) - rank(b.name, seed));
        let now = made.bytes;
        for (const [at, entry] of order.entries()) {
          const isLast = at === order.length - 1;
          const waiting = order.slice(at + 1).map((other) => other.name);
          const before = readOptions(parseIni(now, dialect), name, waiting);
          now = restore(now, { dialect, section: name, removeSection: isLast ? made.madeSection : false }, [
            entry,
          ]);
          expect(readOptions(parseIni(now, dialect), name, waiting)).toEqual(before);
        }
        // side by side with a repetition of another option, one name does not say where it stood
        const isRepeated = made.original.some((entry) => (entry.lines?.length ?? 0) > 1);
        expect(isRepeated ? sorted(now) : now).toEqual(isRepeated ? sorted(bytes) : bytes);
      }),
      RUNS,
    );
  });

  test("the hash that an edit gives is the hash of the lines that the option has", () => {
    fc.assert(
      fc.property(file, section, changes, (bytes, name, wanted) => {
        const made = edit(bytes, { dialect, section: name }, wanted);
        const doc = parseIni(made.bytes, dialect);
        for (const { name: option, hash } of made.written) {
          expect(hash).toBe(hashOf(currentLines(doc, name, option)));
        }
      }),
      { ...RUNS, numRuns: 300 },
    );
  });
});

/** A line of an option that is changed, however it is spelt. */
function isOurs(text: string, wanted: readonly { name: string }[]): boolean {
  const key = (text.split(/[=:]/)[0] ?? "").trim().replace(/[ \t]+/g, "_");
  return wanted.some(({ name }) => name.replace(/[ \t]+/g, "_") === key);
}

function sorted(bytes: string): string[] {
  return bytes.split(/[\r\n]+/).sort();
}

function rank(name: string, seed: number): number {
  return (NAMES.keys.indexOf(name) * 7919 + seed) % 13;
}

function keyOf(dialect: Dialect, section: string, name: string): string {
  const group = dialect === "oslo" && section !== "DEFAULT" ? section.toLowerCase() : section;
  return JSON.stringify([group, dialect === "ceph" ? name.replace(/[ \t]+/g, "_") : name]);
}

function readAll(bytes: string, dialect: Dialect): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const block of parseIni(bytes, dialect).blocks) {
    for (const entry of block.entries) {
      const key = keyOf(dialect, block.section, entry.key);
      all.set(key, [...(all.get(key) ?? []), entry.value]);
    }
  }
  return all;
}

function ownLines(doc: ReturnType<typeof parseIni>, section: string, name: string): number[] {
  const wanted = keyOf(doc.dialect, section, name);
  return doc.blocks.flatMap((block) =>
    block.entries
      .filter((entry) => keyOf(doc.dialect, block.section, entry.key) === wanted)
      .flatMap((entry) => [...Array(entry.last - entry.first + 1).keys()].map((at) => entry.first + at)),
  );
}

/** A ceph.conf without its final newline gets it with the first change, and keeps lacking it when there is none. */
function stillUnclosed(dialect: Dialect, before: string, after: string): ReturnType<typeof problems> {
  return after === before ? problems(parseIni(before, dialect)) : [];
}
