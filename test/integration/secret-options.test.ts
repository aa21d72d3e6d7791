/** secretOptions of a ConfigSection: neither what is desired nor what somebody put in its place is in state, output or events. On this machine itself. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { ConfigSection } from "../../index.js";
import { newStack, type Outcome, type TestStack } from "../support/engine.js";

const DESIRED = "canary-of-the-program";
const FOUND = "canary-of-somebody-else";
const folder = mkdtempSync(join(tmpdir(), "secret-options-"));
const path = join(folder, "service.conf");
const STOCK = "[database]\nmax_pool_size = 5\n";

let stack: TestStack;
afterAll(async () => {
  await stack.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** The SDK's own debug messages repeat what the engine answers to the program, in clear: those are the program's, not ours. */
const shownEvents = (events: string): string => {
  const all = JSON.parse(events) as { diagnosticEvent?: { severity: string } }[];
  return JSON.stringify(all.filter(({ diagnosticEvent }) => diagnosticEvent?.severity !== "debug"));
};

const silent = (outcome: Outcome): Outcome => {
  if (outcome.error !== undefined) throw outcome.error;
  for (const canary of [DESIRED, FOUND])
    expect([outcome.output.includes(canary), shownEvents(outcome.events).includes(canary)]).toEqual([
      false,
      false,
    ]);
  return outcome;
};

test("a secret option is set, its drift shows as [secret], is repaired and put back, and is nowhere in clear", async () => {
  writeFileSync(path, STOCK);
  stack = await newStack("secretoptions", () => {
    const secretOptions = { connection: DESIRED };
    new ConfigSection("db", { host: "localhost", path, section: "database", secretOptions });
  });
  silent(await stack.up());
  const written = readFileSync(path, "utf8");
  expect(written).toContain(`connection = ${DESIRED}`);
  writeFileSync(path, written.replace(DESIRED, FOUND));
  const preview = silent(await stack.preview({ refresh: true, diff: true }));
  expect(preview.output).toContain("secretOptions: [secret] => [secret]");
  silent(await stack.refresh());
  expect((await stack.stored()).includes(FOUND)).toBe(false);
  silent(await stack.up());
  expect(readFileSync(path, "utf8")).toBe(written);
  expect((await stack.stored()).includes(DESIRED)).toBe(false);
  silent(await stack.destroy());
  expect(readFileSync(path, "utf8")).toBe(STOCK);
}, 120_000);
