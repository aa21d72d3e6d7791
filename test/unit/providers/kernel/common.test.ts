import { expect, test } from "@jest/globals";
import { checkOwner } from "../../../../providers/kernel/common";
import { UNKNOWN } from "../../../../providers/kernel/json";

const problems = (given: { owner?: string; group?: string }): string[] => {
  const said: string[] = [];
  checkOwner(given, (path, _value, allowed) => said.push(`${path.join(".")}: ${allowed}`), ["createFile"]);
  return said;
};

test("an owner by number asks for the group: a host may have no such user", () => {
  expect(problems({ owner: "42407" })).toEqual([
    'createFile.group: must be given where the owner is a number, "42407"',
  ]);
});

test.each([{}, { owner: "cinder" }, { owner: "42407", group: "42407" }, { owner: UNKNOWN }])(
  "%j asks for nothing",
  (given) => {
    expect(problems(given)).toEqual([]);
  },
);
