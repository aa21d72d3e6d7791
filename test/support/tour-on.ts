/** The tour on hosts and a cluster of another release of the distribution, in a sandbox of its own. */
import { afterAll, beforeAll, jest } from "@jest/globals";
import { sandboxBeside } from "./sandbox-beside";

/** @param suite the release's code name */
export const tourOn = (suite: string): void => {
  let place: Awaited<ReturnType<typeof sandboxBeside>> | undefined;
  beforeAll(async () => {
    place = await sandboxBeside(suite, { SANDBOX_SUITE: suite, SANDBOX_CEPH_SUITE: suite });
  }, 1_600_000);
  // Hooks run in the order in which they are said: the tour's lie between.
  jest.requireActual("../generations/tour.test");
  afterAll(async () => {
    await place?.destroy();
  }, 300_000);
};
