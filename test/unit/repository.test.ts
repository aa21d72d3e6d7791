/** What must stand in no file of the repository. */
import { expect, test } from "@jest/globals";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const self = "test/unit/repository.test.ts";

/** Tracked files that hold the text; git exits 1 when there is none. */
const holding = (text: string): string[] => {
  const args = [
    "-c",
    "safe.directory=*",
    "grep",
    "--fixed-strings",
    "--files-with-matches",
    "-I",
    "-e",
    text,
    "--",
    ".",
    `:!${self}`,
  ];
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  if (status !== 0 && status !== 1) throw new Error(stderr);
  return stdout.split("\n").filter((line) => line !== "");
};

test.each([
  ["/work/", "a path of one machine"],
  ["registry.npmjs", "a host that a mirror stands in for"],
  ["../shared", "a folder beside the repository"],
])("no file names %s: %s", (text) => {
  expect(holding(text)).toEqual([]);
});

test("the search itself finds what is there", () => {
  expect(holding("Apache License")).toContain("LICENSE");
});

test("the lock file binds nobody to a host, and nothing that is made is tracked", () => {
  expect(readFileSync(join(root, "package-lock.json"), "utf8")).not.toContain('"resolved"');
  const tracked = execFileSync("git", ["-c", "safe.directory=*", "ls-files"], {
    cwd: root,
    encoding: "utf8",
  }).split("\n");
  expect(
    tracked.filter((path) => /^(node_modules|dist|coverage|\.pulumi-home)\/|\.(tgz|log)$/.test(path)),
  ).toEqual([]);
});
