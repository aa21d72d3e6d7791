import { describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import {
  decide,
  type Case,
  type Party,
  type Title,
  type Verdict,
} from "../../../../providers/ownership/decision";
import { ownerOf } from "../../../support/run-of";

const [A, B] = [ownerOf("a"), ownerOf("b")];
const [OTHER, RENAMED] = [ownerOf("b", "site/other"), ownerOf("a", "site/was")];

type Row = readonly [string, Title | undefined, Verdict, (Partial<Party & Case> | undefined)?];

const of = (to: Case["to"], record: Title | undefined, more: Partial<Party & Case> = {}): Verdict => {
  const { owner = A, token = "t1", lives = to === "take", takeOverFrom, holder, isClaimed = false } = more;
  const party = { owner, token: "token" in more ? more.token : token, lives, takeOverFrom };
  return decide(party, { to, record, holder, isClaimed });
};

describe("to have a thing", () => {
  test.each<Row>([
    ["without a record", undefined, "nobody's"],
    ["recorded by this very create", { owner: A, token: "t1" }, "mine"],
    [
      "recorded by a create that was killed, or by what --replace replaces",
      { owner: A, token: "t0" },
      "mine",
    ],
    ["recorded for a resource that was renamed", { owner: B, token: "t0" }, "mine"],
    ["on which its owner lives, under another name", { owner: B, token: "t0" }, "another's", { holder: B }],
    ["on which another lives that has recorded nothing yet", undefined, "another's", { holder: B }],
    ["of another stack", { owner: OTHER, token: "t0" }, "another's"],
    ["of a stack that is taken over", { owner: OTHER, token: "t0" }, "mine", { takeOverFrom: "site/other" }],
  ])("%s", (...[, record, verdict, more]: Row) => {
    expect(of("take", record, more)).toBe(verdict);
  });
});

describe("to let a thing go", () => {
  test.each<Row>([
    ["without a record", undefined, "nobody's"],
    ["recorded by this create", { owner: A, token: "t1" }, "mine"],
    ["recorded by this create under the name of before", { owner: B, token: "t1" }, "mine"],
    ["recorded by this create in a stack that was renamed", { owner: RENAMED, token: "t1" }, "mine"],
    ["that a newer create of this resource has", { owner: A, token: "t2" }, "handed over"],
    ["that a newer create was taking when it was killed", { owner: A, token: "t2", before: ["t1"] }, "mine"],
    ["that another resource of this stack has", { owner: B, token: "t2" }, "handed over"],
    ["that another stack has", { owner: OTHER, token: "t2" }, "another's"],
    ["that a check of this run has claimed", { owner: A, token: "t1" }, "handed over", { isClaimed: true }],
    ["by its name, where there is no token", { owner: A, token: "t2" }, "mine", { token: undefined }],
    ["by its name, where the record has none", { owner: A }, "mine"],
    [
      "by its former name in a stack that is taken over, where there is no token",
      { owner: RENAMED },
      "mine",
      { takeOverFrom: "site/was" },
    ],
    ["in an update, which is not the old half", { owner: A, token: "t2" }, "mine", { lives: true }],
    ["in an update, another's of this stack", { owner: B, token: "t2" }, "handed over", { lives: true }],
  ])("%s", (...[, record, verdict, more]: Row) => {
    expect(of("let go", record, more)).toBe(verdict);
  });
});

describe("nothing else compares owners", () => {
  const providers = join(__dirname, "../../../../providers");
  /** Lines of the sources outside `ownership/` that match. */
  const lines = (pattern: string, ...more: readonly string[]): string[] => {
    const args = ["-rEn", pattern, providers, "--include=*.ts", "--exclude-dir=ownership", ...more];
    try {
      return execFileSync("grep", args, { encoding: "utf8" })
        .split("\n")
        .filter((line) => line !== "");
    } catch {
      return [];
    }
  };

  test.each([
    [
      String.raw`[oO]wner\??\.?\w* *[!=]==|[!=]== *\w*\.?[oO]wner\b`,
      ["--exclude=verbs.ts", "--exclude=held.ts"],
    ],
    [String.raw`(stackOf|formerOwner)\(`, []],
    [String.raw`takeOverFrom`, ["--exclude-dir=remote", "--exclude=explicit-provider.ts"]],
  ])("%s", (pattern, more) => {
    const found = lines(pattern, ...more).filter(
      (line) => !/holder|=== undefined|!== undefined|typeof/.test(line),
    );
    expect(found).toEqual([]);
  });

  test("the search finds what there is to find", () => {
    expect(lines("acting.letGo").length).toBeGreaterThan(1);
  });
});
