import { afterEach, describe, expect, test } from "@jest/globals";
import { parseConfig, splitWords } from "../../../../../providers/remote/ssh/config";
import { glob } from "../../../../../providers/remote/ssh/glob";
import { keywordTable, treatmentOf } from "../../../../../providers/remote/ssh/keywords";
import { stage } from "../../../../support/ssh-operator";

const { who, clear } = stage();
afterEach(clear);

describe("words of a line", () => {
  test.each<[string, string[] | undefined]>([
    ["a b\tc", ["a", "b", "c"]],
    ['"a b" c', ["a b", "c"]],
    ["'a b'", ["a b"]],
    ['a"b c"d', ["ab cd"]],
    ["a\\ b", ["a b"]],
    ["a\\nb", ["a\\nb"]],
    ['"a\\"b"', ['a"b']],
    ['"it\'s"', ["it's"]],
    ["a # b", ["a"]],
    ["a#b", ["a#b"]],
    ['"#" b', ["#", "b"]],
    ["# all", []],
    ['""', [""]],
    ["", []],
    ['"a', undefined],
    ["a 'b", undefined],
    ['"a\\"', undefined],
  ])("%j are %j", (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });
});

test("a line is a keyword in any case, its words, and its rest as it stands", () => {
  expect(parseConfig('\n# c\n  ProxyCommand = nc "%h" # x\r\n"Port" 22\n', "f")).toEqual([
    { keyword: "proxycommand", args: ["nc", "%h"], rest: 'nc "%h" # x', where: "f line 3" },
    { keyword: "port", args: ["22"], rest: "22", where: "f line 4" },
  ]);
});

test("patterns of Include find files in order, hidden ones only when they are asked for", async () => {
  const one = who();
  for (const name of ["d1/b.conf", "d1/a.conf", "d2/c.conf", "d1/.h.conf", "d1/x.txt"]) one.write(name, "");
  const found = await glob(`${one.home}/d?/*.conf`);
  expect(found).toEqual(["d1/a.conf", "d1/b.conf", "d2/c.conf"].map((name) => `${one.home}/${name}`));
  expect(await glob(`${one.home}/d1/.*`)).toEqual([`${one.home}/d1/.h.conf`]);
  expect(await glob(`${one.home}/none/*`)).toEqual([]);
});

test("every keyword has one treatment, whatever its case", () => {
  const table = keywordTable();
  expect(new Set(table.map(([name]) => name.toLowerCase())).size).toBe(table.length);
  expect(treatmentOf("hostname")).toEqual({ kind: "honoured" });
  expect(treatmentOf("frobnicate")).toBeUndefined();
});
