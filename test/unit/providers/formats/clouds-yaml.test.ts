import { expect, test } from "@jest/globals";
import { parseYaml } from "../../../../providers/formats/clouds-yaml";

/** What it is said to lack; "" where it can be read. */
const problemOf = (password: string): string => {
  const { problem } = parseYaml(`clouds:\n  prod:\n    password: ${password}\n    username: glance\n`);
  return typeof problem === "string" ? problem : "";
};

test.each([
  "*hunter2",
  "!hunter2",
  "!hun!ter2",
  "!<hunter2>",
  "!hunter^2",
  "!!hunter2",
  "@hunter2",
  "{hunter2",
  '"hunter\\q2"',
])("a password that is no YAML (%s) is told by its line, without a word of it", (password) => {
  const problem = problemOf(password);
  expect(problem).toMatch(/^is no YAML in line [345]: [a-z]/);
  expect(problem).not.toMatch(/hun|ter2|\^2|q2/);
});

test("every scalar is the text that stands there", () => {
  expect(parseYaml("password: 0123\nverify: false\nsecret: 'yes'\n")).toEqual({
    password: "0123",
    verify: "false",
    secret: "yes",
  });
});
