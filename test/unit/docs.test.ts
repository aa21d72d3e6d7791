import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";

test("the tables of the docs say what the sources say", () => {
  const root = resolve(__dirname, "..", "..");
  const { status, stderr } = spawnSync(process.execPath, ["scripts/docs.mjs", "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
});
