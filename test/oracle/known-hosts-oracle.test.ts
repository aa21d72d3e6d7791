/** Host keys get the verdict of the real client: random known_hosts files, judged by `ssh` at a server that shows keys of three types. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { availableParallelism } from "node:os";
import { utils } from "ssh2";
import { anyKnown, type KnownCase } from "../support/known-hosts-arbitraries";
import { agree, byOurs, bySsh, type Judgement } from "../support/known-hosts-trial";
import { newKey, sshServer, type KeyPair, type SshServer } from "../support/ssh-server";

const SEED = Number(process.env["SSH_SEED"] ?? 20261127);
const MANY = Number(process.env["SSH_KNOWN_HOSTS"] ?? 150);

const rsa = (): KeyPair => utils.generateKeyPairSync("rsa", { bits: 2048, comment: "test" });
const keys = {
  shown: [newKey(), newKey("ecdsa"), rsa()],
  others: [newKey(), newKey("ecdsa"), rsa()],
};

interface Outcome {
  readonly one: KnownCase;
  readonly ours: Judgement;
  readonly judge: Judgement;
}

const outcomes: Outcome[] = [];
let server: SshServer;

const run = async (one: KnownCase): Promise<Outcome> => {
  const [ours, judge] = await Promise.all([byOurs(one, server), bySsh(one, server)]);
  return { one, ours, judge };
};

const count = (verdict: string): number => outcomes.filter(({ judge }) => judge.verdict === verdict).length;

const KINDS = ["accepted", "unknown", "changed", "revoked", "weak", "no algorithm"];

beforeAll(async () => {
  server = await sshServer({ hostKeys: keys.shown });
  const left = fc.sample(anyKnown(keys), { seed: SEED, numRuns: MANY });
  const work = async (): Promise<void> => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) outcomes.push(await run(one));
  };
  await Promise.all(Array.from({ length: availableParallelism() * 2 }, work));
  for (const kind of KINDS) process.stderr.write(`${count(kind)} × ${kind}\n`);
}, 14_400_000);

afterAll(() => server.close());

/** With as few lines as it takes. */
const shrunk = async (outcome: Outcome): Promise<Outcome> => {
  let least = outcome;
  for (const name of ["config", "k1", "k2", "g"] as const) {
    for (const [at] of least.one.files[name].split("\n").entries()) {
      const lines = least.one.files[name].split("\n");
      const text = lines.map((line, n) => (n === at ? "" : line)).join("\n");
      if (text === least.one.files[name]) continue;
      const less = await run({ ...least.one, files: { ...least.one.files, [name]: text } });
      if (!agree(less.one, less.ours, less.judge)) least = less;
    }
  }
  return least;
};

/** For people: files as lines, and what became of them where that is what differs. */
const told = ({ one, ours, judge }: Outcome): object => {
  const lines = (files: Readonly<Record<string, string>>): string =>
    Object.entries(files)
      .filter(([, text]) => text.trim() !== "")
      .map(([name, text]) => `${name}: ${JSON.stringify(text.replace(/^\n+|(?<=\n)\n+/g, ""))}`)
      .join("\n");
  const isSame = ours.verdict === judge.verdict;
  return {
    host: one.host,
    files: lines(one.files),
    ours: isSame ? lines(ours.files) : ours.verdict,
    judge: isSame ? lines(judge.files) : judge.verdict,
  };
};

test("a host key gets the verdict that ssh gives it, and is written down as ssh does", async () => {
  const wrong = outcomes.filter(({ one, ours, judge }) => !agree(one, ours, judge));
  const examples = [];
  for (const one of wrong.slice(0, 10)) examples.push(told(await shrunk(one)));
  expect({ seed: SEED, wrong: wrong.length, examples }).toEqual({ seed: SEED, wrong: 0, examples: [] });
}, 600_000);

test.each(["accepted", "unknown", "changed", "revoked"])("some keys are %s", (verdict) => {
  expect(count(verdict)).toBeGreaterThan(MANY / 200);
});
