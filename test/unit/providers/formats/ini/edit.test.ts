import { describe, expect, test } from "@jest/globals";

import {
  currentLines,
  edit,
  hashOf,
  parseIni,
  restore,
  type Dialect,
} from "../../../../../providers/formats/ini/index.js";
import { deleteOption, setOption } from "../../../../support/ini-edits";

const BOM = "\xef\xbb\xbf";

function set(text: string, dialect: Dialect, name: string, ...values: string[]): string {
  return setOption(text, { dialect, section: "a" }, { name, values });
}

describe("setting an option that is there", () => {
  test.each<[string, Dialect, string, string[], string]>([
    ["keeps its spelling and its blanks", "oslo", "[a]\nk  :v  \n", ["w"], "[a]\nk  :w  \n"],
    ["keeps the comment behind it", "ceph", "[a]\n\tk =  v  ; c\n", ["w"], "[a]\n\tk =  w  ; c\n"],
    ["keeps the comment behind an empty value", "ceph", "[a]\nk = # c\n", ["w"], "[a]\nk = w # c\n"],
    [
      "drops the lines that continued it",
      "oslo",
      "[a]\nk = v\n  more\n\nl = 1\n",
      ["w"],
      "[a]\nk = w\n\nl = 1\n",
    ],
    [
      "drops a continuation and keeps its comment",
      "ceph",
      "[a]\nk = v \\\n more # c\n",
      ["w"],
      "[a]\nk = w # c\n",
    ],
    ["keeps the line end of the line", "oslo", "[a]\r\nk = v\r\nl = 1\n", ["w"], "[a]\r\nk = w\r\nl = 1\n"],
    ["keeps a missing final newline", "oslo", "[a]\nk = v", ["w"], "[a]\nk = w"],
    [
      "adds a missing final newline, without which Ceph refuses the file",
      "ceph",
      "[a]\nk = v",
      ["w"],
      "[a]\nk = w\n",
    ],
    ["leaves a comment at the end without its newline", "ceph", "[a]\nk = v\n# c", ["w"], "[a]\nk = w\n# c"],
    [
      "deletes repetitions, which would win",
      "oslo",
      "[a]\nk = 1\nl = 0\nk = 2\n[A]\nk = 3\n",
      ["9"],
      "[a]\nk = 9\nl = 0\n[A]\n",
    ],
    [
      "gives repetitions their values in order",
      "oslo",
      "[a]\nk = 1\nl = 0\nk = 2\n",
      ["1", "3", "4"],
      "[a]\nk = 1\nl = 0\nk = 3\nk = 4\n",
    ],
    [
      "writes nothing when the value is right, however it is written",
      "oslo",
      '[a]\nk  = "v"\n  \n',
      ["v"],
      '[a]\nk  = "v"\n  \n',
    ],
    ["writes an empty value without a trailing blank problem", "oslo", "[a]\nk = v\n", [""], "[a]\nk = \n"],
    ["takes $& for what it is", "oslo", "[a]\nk = v\n", ["$&$1$$"], "[a]\nk = $&$1$$\n"],
    ["keeps a BOM", "oslo", `${BOM}# c\n[a]\nk = 1\n`, ["2"], `${BOM}# c\n[a]\nk = 2\n`],
  ])("%s (%s)", (_, dialect, before, values, after) => {
    expect(set(before, dialect, "k", ...values)).toBe(after);
  });

  test("finds it under another spelling of Ceph's, and keeps that", () => {
    expect(set("[a]\nrbd cache = 1\n", "ceph", "rbd_cache", "2")).toBe("[a]\nrbd cache = 2\n");
  });
});

describe("setting an option that is not there puts it", () => {
  test.each<[string, Dialect, string, string]>([
    [
      "below its commented default",
      "oslo",
      "[a]\n# Prose about k = 2.\n#k = 1\n\n#l = 1\n",
      "[a]\n# Prose about k = 2.\n#k = 1\nk = v\n\n#l = 1\n",
    ],
    [
      "below a run of commented defaults",
      "oslo",
      "[a]\n#k = 1\n#k = 2\n\n",
      "[a]\n#k = 1\n#k = 2\nk = v\n\n",
    ],
    [
      "below what continues a commented default",
      "oslo",
      "[a]\n#k = 1\n#    2\n\n",
      "[a]\n#k = 1\n#    2\nk = v\n\n",
    ],
    [
      "below a default with a blank only where that ends a comment",
      "oslo",
      "[a]\n# k = 1\n# prose\nl = 1\n\n# k = 2\n\n",
      "[a]\n# k = 1\n# prose\nl = 1\n\n# k = 2\nk = v\n\n",
    ],
    [
      "not at the default of another section",
      "oslo",
      "[b]\n#k = 1\n[a]\nl = 1\n",
      "[b]\n#k = 1\n[a]\nl = 1\nk = v\n",
    ],
    [
      "not at an option whose name it only begins with",
      "oslo",
      "[a]\n#kk = 1\n#k_k = 1\nl = 1\n",
      "[a]\n#kk = 1\n#k_k = 1\nl = 1\nk = v\n",
    ],
    [
      "behind the last option, before blanks and the comment of the next section",
      "oslo",
      "[a]\nl = 1\n\n# about b\n[b]\n",
      "[a]\nl = 1\nk = v\n\n# about b\n[b]\n",
    ],
    [
      "behind the lines that continue the last option",
      "oslo",
      "[a]\nl = 1\n  more\n[b]\n",
      "[a]\nl = 1\n  more\nk = v\n[b]\n",
    ],
    ["behind the header of an empty section", "oslo", "[a]\n\n[b]\n", "[a]\nk = v\n\n[b]\n"],
    [
      "in the last block of the section that has options",
      "oslo",
      "[a]\nl = 1\n[b]\n[a]\n",
      "[a]\nl = 1\nk = v\n[b]\n[a]\n",
    ],
    ["in the style of the section", "oslo", "[a]\nl=1\n", "[a]\nl=1\nk=v\n"],
    ["never with a colon", "oslo", "[a]\nl: 1\n", "[a]\nl: 1\nk = v\n"],
    ["with the line end of its neighbour", "oslo", "[a]\r\nl = 1\r\n", "[a]\r\nl = 1\r\nk = v\r\n"],
    ["with the indentation of its neighbour", "ceph", "[a]\n\tl = 1\n", "[a]\n\tl = 1\n\tk = v\n"],
    ["behind a last line without its end", "oslo", "[a]\nl = 1", "[a]\nl = 1\nk = v"],
    ["behind a last line without its end", "ceph", "[a]\nl = 1", "[a]\nl = 1\nk = v\n"],
    ["in a new section at the end", "oslo", "[b]\nl = 1\n", "[b]\nl = 1\n\n[a]\nk = v\n"],
    [
      "in a new section behind the blank line that is there",
      "oslo",
      "[b]\nl = 1\n\n",
      "[b]\nl = 1\n\n[a]\nk = v\n",
    ],
    [
      "in a new section behind a last line without its end",
      "ceph",
      "[b]\nl = 1",
      "[b]\nl = 1\n\n[a]\nk = v\n",
    ],
    ["in a new section of an empty file", "ceph", "", "[a]\nk = v\n"],
    ["in a section of another case", "oslo", "[A]\nl = 1\n", "[A]\nl = 1\nk = v\n"],
  ])("%s (%s)", (_, dialect, before, after) => {
    expect(set(before, dialect, "k", "v")).toBe(after);
  });

  test("in the order given", () => {
    const changes = ["z", "y", "x"].map((name) => ({ name, values: [name] }));
    expect(edit("", { dialect: "oslo", section: "a" }, changes).bytes).toBe("[a]\nz = z\ny = y\nx = x\n");
  });

  test("in [DEFAULT] when that is meant, not in [default]", () => {
    expect(
      setOption("[default]\n", { dialect: "oslo", section: "DEFAULT" }, { name: "k", values: ["v"] }),
    ).toBe("[default]\n\n[DEFAULT]\nk = v\n");
  });

  test("one line for each value", () => {
    expect(set("[a]\n", "oslo", "k", "1", "2")).toBe("[a]\nk = 1\nk = 2\n");
  });
});

test("deleting takes every occurrence with what continues it, and nothing else", () => {
  const text = "[a]\n#k = 1\nk = 1\n  more\nl = 1\n[b]\nk = 1\n[a]\nk = 2\n";
  expect(deleteOption(text, { dialect: "oslo", section: "a" }, "k")).toBe(
    "[a]\n#k = 1\nl = 1\n[b]\nk = 1\n[a]\n",
  );
  expect(deleteOption("[b]\n", { dialect: "oslo", section: "a" }, "k")).toBe("[b]\n");
});

test("the hash tells whether the lines are still ours", () => {
  const target = { dialect: "oslo", section: "a" } as const;
  const made = edit("[a]\nl = 1\n", target, [{ name: "k", values: ["1", "2"] }]);
  const hash = (bytes: string): string => hashOf(currentLines(parseIni(bytes, "oslo"), "a", "k"));
  expect(made.written).toEqual([{ name: "k", hash: hash(made.bytes) }]);
  expect(hash(made.bytes.replace("l = 1", "l = 5"))).toBe(hash(made.bytes));
  expect(hash(made.bytes.replace(/\n/g, "\r\n"))).toBe(hash(made.bytes));
  expect(hash(made.bytes.replace("k = 2", "k = 3"))).not.toBe(hash(made.bytes));
  expect(hash(`${made.bytes}k = 2\n`)).not.toBe(hash(made.bytes));
  expect(hash("[a]\n")).toBe(hashOf([]));
});

test("a stock file of ten thousand lines is edited and put back byte for byte", () => {
  const option = (at: number): string =>
    `# Help text of option ${String(at)}\n# (string value)\n#option_${String(at)} = <None>\n\n`;
  const stock = `[DEFAULT]\n\n${Array.from({ length: 2500 }, (_, at) => option(at)).join("")}\n[a]\n`;
  const changes = Array.from({ length: 15 }, (_, at) => ({
    name: `option_${String(at * 100)}`,
    values: ["x"],
  }));
  const made = edit(stock, { dialect: "oslo", section: "DEFAULT" }, changes);
  const back = restore(made.bytes, { dialect: "oslo", section: "DEFAULT" }, made.original);
  expect(made.bytes).toContain("#option_1400 = <None>\noption_1400 = x\n\n# Help text of option 1401\n");
  expect(back).toBe(stock);
});
