import { expect, test } from "@jest/globals";
import { merged, only } from "../../../../components/topology/sections";

test.each([
  ["another section is added", { b: { y: 2 } }, { a: { x: 1 }, b: { y: 2 } }],
  ["another option is added", { a: { y: 2 } }, { a: { x: 1, y: 2 } }],
  ["the same option is replaced", { a: { x: 2 } }, { a: { x: 2 } }],
  ["nothing changes nothing", undefined, { a: { x: 1 } }],
])("sections over sections: %s", (_name, second, expected) => {
  expect(merged({ a: { x: 1 } }, second)).toEqual(expected);
});

test("only the wanted sections are left", () => {
  expect(only({ a: { x: 1 }, b: { y: 2 } }, (section) => section === "b")).toEqual({ b: { y: 2 } });
});
