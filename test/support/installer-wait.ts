/** A run that meets another installer: it ends when the run has said that it waits for it. */
import { good } from "./lifecycle";
import type { Outcome, TestStack } from "./engine";

/** @param free ends the other installer */
export const upBehindInstaller = async (
  stack: TestStack,
  free: () => Promise<unknown>,
  { refresh = false } = {},
): Promise<Outcome> => {
  let freeing: Promise<unknown> | undefined;
  const freeOnce = (): void => {
    freeing ??= free();
  };
  let heard = "";
  const up = stack.up({
    refresh,
    onEvent: ({ diagnosticEvent }) => {
      heard += diagnosticEvent?.message ?? "";
      if (heard.includes("another installer")) freeOnce();
    },
  });
  // Where nobody is told of it the installer ends by itself, and the test fails by what was said.
  const last = setTimeout(freeOnce, 60_000);
  const outcome = good(await up);
  clearTimeout(last);
  await freeing;
  return outcome;
};
