/** A real monitor as the judge of caps: the one of the sandbox, or where `CAPS_ORACLE_RUN` says (a command prefix). */
import { describe, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";

import { capsText, checkCaps, parseCaps, type CapsType } from "../../providers/formats/caps/index.js";
import { anyCaps, brokenCaps } from "../support/caps-arbitraries.js";

/** Slips that a check must see: refused, and not only by us. */
const SLIPS: Record<CapsType, readonly string[]> = {
  mon: ["allow q", "allow wr", "allow rwxx", "profile", "allow service r"],
  osd: ["allow rwxx", "allow rwxx pool=vms", "allow wr", "allow q pool=vms", "profile rbd pols=vms"],
  mgr: ["allow rwxx", "allow wr", "allow module x"],
  mds: ["allow wr", "allow q", "allow rw paht=/a"],
};

const SEED = Number(process.env["ORACLE_SEED"] ?? "20260801");
const CASES = Number(process.env["ORACLE_CASES"] ?? "500");
const root = join(__dirname, "..", "..");

interface Judgement {
  readonly taken: boolean;
  readonly stored: string | null;
}

function askMonitor(type: CapsType, texts: readonly string[]): Judgement[] {
  const sandbox = [join(root, "sandbox", "sandbox"), "exec", "ceph1"];
  const prefix = process.env["CAPS_ORACLE_RUN"]?.split(" ") ?? sandbox;
  const program = readFileSync(join(__dirname, "caps-oracle.py"), "utf8");
  const [command, ...args] = [...prefix, "/usr/bin/python3", "-c", program] as const;
  const input = texts.map((text) => `${JSON.stringify([type, text])}\n`).join("");
  const done = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 2 ** 26 });
  const lines = done.error === undefined ? done.stdout.split("\n").filter((line) => line !== "") : [];
  if (done.status !== 0 || lines.length !== texts.length) {
    const said = done.error?.message ?? done.stderr.slice(-1000);
    throw new Error(
      `the monitor answered ${String(lines.length)} of ${String(texts.length)} questions: ${said}`,
    );
  }
  return lines.map((line) => {
    const [code, stored]: unknown[] = JSON.parse(line);
    return { taken: code === 0, stored: typeof stored === "string" ? stored : null };
  });
}

describe.each<CapsType>(["mon", "osd", "mgr", "mds"])("caps of %s, judged by a real monitor", (type) => {
  const usual = fc.sample(anyCaps(type), { seed: SEED, numRuns: CASES });
  const broken = fc.sample(brokenCaps(type), { seed: SEED, numRuns: CASES });
  const texts = [...usual, ...broken];

  test("what it takes is taken by us, and it takes our canonical form and stores the same value", () => {
    const canonical = texts.map((text) => capsText(parseCaps(type, text)));
    const given = askMonitor(type, texts);
    const sent = askMonitor(type, canonical);
    const wrong = texts.flatMap((text, at) => {
      if (given[at]?.taken !== true) return [];
      const stored = sent[at]?.stored ?? "";
      const reason = checkCaps(type, text);
      const fits =
        reason === undefined &&
        sent[at]?.taken === true &&
        capsText(parseCaps(type, stored)) === canonical[at];
      return fits ? [] : [{ text, canonical: canonical[at], reason, stored }];
    });
    expect(wrong).toEqual([]);
    expect(given.filter(({ taken }) => taken).length).toBeGreaterThan(CASES / 2);
  }, 120_000);

  test("slips of the pen are refused by both", () => {
    const slips = SLIPS[type];
    expect(slips.filter((text) => checkCaps(type, text) === undefined)).toEqual([]);
    expect(slips.filter((_, at) => askMonitor(type, slips)[at]?.taken === true)).toEqual([]);
  }, 120_000);

  test("what we call malformed it refuses", () => {
    const malformed = broken.filter((text) => checkCaps(type, text) !== undefined);
    const judged = askMonitor(type, malformed);
    expect(malformed.filter((_, at) => judged[at]?.taken === true)).toEqual([]);
    expect(malformed.length).toBeGreaterThan(0);
  }, 120_000);
});
