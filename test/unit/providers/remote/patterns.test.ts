import { describe, expect, test } from "@jest/globals";
import { matchesList, matchesPattern } from "../../../../providers/remote/patterns";

describe("a pattern", () => {
  test.each([
    ["ctl1", "ctl?", true],
    ["ctl12", "ctl?", false],
    ["a.b.c", "a*c", true],
    ["axb", "a.b", false],
    ["[x]:22", "[x]:22", true],
    ["", "*", true],
    ["CTL1", "ctl1", false],
  ])("%s against %s: %s", (text, pattern, matches) => {
    expect(matchesPattern(text, pattern)).toBe(matches);
  });
});

test("a list matches by one of its patterns unless a negated one matches too", () => {
  expect(matchesList("a1", ["a*", "!a2"])).toBe(true);
  expect(matchesList("a2", ["a*", "!a2"])).toBe(false);
  expect(matchesList("b", ["!a2"])).toBe(false);
  expect(matchesList("b", [])).toBe(false);
});
