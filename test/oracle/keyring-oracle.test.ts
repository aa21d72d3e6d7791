/** The real `ceph-authtool` as the judge of keyrings: of the sandbox's base tree, or where `ORACLE_RUN` says (a command prefix). */
import { expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";

import { keyringText, newKey, readKeyring } from "../../providers/formats/keyring.js";

const SEED = Number(process.env["ORACLE_SEED"] ?? "20260801");
const CASES = Math.ceil(Number(process.env["ORACLE_CASES"] ?? "3000") / 10);
const ENTITY = "client.a";
const root = join(__dirname, "..", "..");

interface Answer {
  readonly read: boolean;
  readonly key: string | null;
}

const isAnswer = (value: unknown): value is Answer =>
  typeof value === "object" && value !== null && "read" in value && "key" in value;

const askAuthtool = (files: readonly string[]): Answer[] => {
  const inBase = [join(root, "sandbox", "sandbox"), "run-in-base"];
  const prefix = process.env["ORACLE_RUN"]?.split(" ").filter((word) => word !== "") ?? inBase;
  const program = readFileSync(join(__dirname, "keyring-oracle.py"), "utf8");
  const [command, ...args] = [...prefix, "/usr/bin/python3", "-c", program] as const;
  const questions = files.map((bytes) =>
    JSON.stringify([Buffer.from(bytes, "latin1").toString("base64"), ENTITY]),
  );
  const input = `${questions.join("\n")}\n`;
  const done = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 2 ** 26 });
  const lines = (done.error === undefined ? done.stdout : "").split("\n").filter((line) => line !== "");
  if (done.status !== 0 || lines.length !== files.length)
    throw new Error(`the oracle failed: ${done.error?.message ?? done.stderr.slice(-1000)}`);
  return lines.map((line): unknown => JSON.parse(line)).filter(isAnswer);
};

const KEY = newKey();
const NO_KEY = Buffer.alloc(12).toString("base64");
const anyKey = fc.oneof(
  { weight: 8, arbitrary: fc.constant(KEY) },
  fc.constantFrom(`"${KEY}"`, `${KEY}  `, `${KEY} ; c`, `${KEY} # c`, `\\\n${KEY}`),
  fc.constantFrom(KEY.slice(0, -4), `${KEY.slice(0, 9)} ${KEY.slice(9)}`, "", "hunter2", `"${KEY}`),
);
const keyLine = fc
  .tuple(fc.constantFrom("\t", "", "  "), fc.constantFrom("key = ", "key=", "key\t=  "), anyKey)
  .map((parts) => parts.join(""));
const fineLine = fc.constantFrom(
  "",
  "# by hand",
  "; by hand",
  '\tcaps mon = "profile rbd"',
  "caps osd = allow rwx",
  "\tcaps_mgr = allow r",
  "auid = 0",
);
const oddLine = fc.constantFrom(
  "Warning: chatter",
  "note = x",
  "KEY = x",
  " [client.b]",
  "[client.b",
  "caps",
  "key",
);
const header = fc.oneof(
  { weight: 8, arbitrary: fc.constant(`[${ENTITY}]`) },
  fc.constantFrom("[client.a.b]", "[mon.]", "[global]", "[client.b] # c", "[notes]", "[osd.0]", "[client]"),
);
const block = fc
  .tuple(
    header,
    fc.array(fc.oneof({ weight: 5, arbitrary: keyLine }, { weight: 5, arbitrary: fineLine }, oddLine), {
      maxLength: 3,
    }),
  )
  .map(([head, lines]) => [head, ...lines]);
const lead = fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom("", "# first") }, oddLine), {
  maxLength: 1,
});
const anyKeyring = fc
  .tuple(
    lead,
    fc.array(block, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("\n", "\n", "\r\n"),
    fc.nat(4),
  )
  .map(([first, blocks, end, open]) => [...first, ...blocks.flat()].join(end) + (open === 0 ? "" : end));

test("a keyring holds the key that ceph-authtool reads, and is called unreadable when that refuses it", () => {
  const files = [keyringText(ENTITY, KEY), ...fc.sample(anyKeyring, { seed: SEED, numRuns: CASES })];
  const answers = askAuthtool(files);
  const wrong = files.flatMap((bytes, at): object[] => {
    const { entries, problem } = readKeyring(bytes);
    const ours = {
      read: problem === undefined,
      key: problem === undefined ? (entries.get(ENTITY)?.key ?? null) : null,
    };
    const judged = answers[at];
    // To ceph-authtool an entity without a key has one of no type.
    const key = judged?.key === NO_KEY ? null : judged?.key;
    return ours.read === judged?.read && ours.key === key ? [] : [{ bytes, ours, judged }];
  });
  expect(wrong).toEqual([]);
  expect(answers.filter(({ key }) => key === KEY).length).toBeGreaterThan(CASES / 10);
  expect(answers.filter(({ read }) => !read).length).toBeGreaterThan(CASES / 10);
}, 300_000);
