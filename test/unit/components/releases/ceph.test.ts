import { expect, test } from "@jest/globals";
import { hasSince, parseCephRelease, poolFieldProblems } from "../../../../components/releases/ceph";

test.each([
  ["pacific", "pacific"],
  ["Reef", "reef"],
  ["16", "pacific"],
  ["16.2.15", "pacific"],
  [" 20.2.4 ", "tentacle"],
])("%j is %s", (text, release) => {
  expect(parseCephRelease(text)).toBe(release);
});

test.each(["", "luminous", "12.2.13", "16-pacific", "1.6", "v16", "toString"])("%j is no release", (text) => {
  expect(parseCephRelease(text)).toBeUndefined();
});

test("a later release has what came before", () => {
  expect(hasSince("reef", "octopus")).toBe(true);
  expect(hasSince("octopus", "octopus")).toBe(true);
  expect(hasSince("nautilus", "octopus")).toBe(false);
});

test("settings of pools that a release has are no problem", () => {
  const spec = { size: 3, bulk: true, pgNumMax: 64, pgAutoscaleMode: "on" };
  expect(poolFieldProblems("pacific", "vms", spec)).toEqual([]);
  expect(poolFieldProblems("octopus", "vms", spec)).toHaveLength(2);
});
