/** An engine that dies before the program of its run has begun: the run says so, and nothing else fails. */
import { setImmediate } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { newStack } from "../support/engine";
import { killEngines } from "../support/engine-kill";

/** The SDK listens for as long as it carries out a program. */
const aProgramRuns = (): boolean => process.listenerCount("unhandledRejection") > 0;

test("a killed engine fails its run, and nothing is left of the program", async () => {
  let begun = 0;
  const stack = await newStack("gone", () => {
    begun += 1;
  });
  try {
    const run = stack.up();
    while (!aProgramRuns()) await setImmediate();
    expect(killEngines()).toBe(1);
    expect((await run).error).toBeDefined();
    while (aProgramRuns()) await setImmediate();
    expect(begun).toBe(0);
  } finally {
    await stack.remove();
  }
});
