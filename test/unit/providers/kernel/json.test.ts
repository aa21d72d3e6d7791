import { describe, expect, test } from "@jest/globals";
import { holdsUnknown, plainProps, same, UNKNOWN } from "../../../../providers/kernel/json.js";

describe("plain data", () => {
  test.each<[string, unknown, unknown, boolean]>([
    ["key order does not count", { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, true],
    ["list order counts", [1, 2], [2, 1], false],
    ["a missing key counts", { a: 1 }, { a: 1, b: 2 }, false],
    ["text is not a number", "1", 1, false],
    ["an empty list is not an empty map", [], {}, false],
  ])("%s", (_name, a, b, expected) => {
    expect(same(a, b)).toBe(expected);
  });

  test("an unknown is found at any depth", () => {
    expect(holdsUnknown({ a: [{ b: UNKNOWN }] })).toBe(true);
    expect(holdsUnknown({ a: [{ b: "known" }] })).toBe(false);
  });

  test("undefined is dropped, what the wire would lose silently is refused", () => {
    expect(plainProps({ a: undefined, b: null })).toEqual({ b: null });
    expect(() => plainProps({ a: Number.NaN })).toThrow("not plain data");
    expect(() => plainProps({ a: () => 1 })).toThrow("not plain data");
  });
});
