import { afterEach, expect, test } from "@jest/globals";
import { CephPool } from "../../index";
import { registered } from "../support/mocks";

const cluster = { fsid: "11111111-2222-4333-8444-555555555555", admin: "mon1" };
const { prepareStackTrace, stackTraceLimit } = Error;
afterEach(() => {
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  delete process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
});

/** Frames of all stack traces that are taken while a pool is registered. */
const framesOfPool = async (): Promise<number> => {
  let frames = 0;
  await registered(() => {
    Error.prepareStackTrace = (_error, sites) => {
      frames += sites.length;
      return "";
    };
    const pool = new CephPool("vms", { cluster });
    Error.prepareStackTrace = prepareStackTrace;
    return pool;
  });
  return frames;
};

test("no stack trace is taken for each property of a resource that is registered", async () => {
  // One may be: of a configuration that is read.
  expect(await framesOfPool()).toBeLessThanOrEqual(stackTraceLimit);
});

test("who hunts leaks of promises has them all", async () => {
  process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "true";
  expect(await framesOfPool()).toBeGreaterThan(10 * stackTraceLimit);
});

test("an error of the SDK's has the trace of its place in the program, and later ones have theirs", async () => {
  await registered(() => {
    const nameless = () => new CephPool("", { cluster });
    expect(nameless).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/name/),
        stack: expect.stringMatching(/nameless/),
      }),
    );
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
    return new CephPool("vms", { cluster });
  });
});

test("an error that was made before keeps its trace, and one that cannot be changed comes as it is", async () => {
  await registered(() => {
    const earlier = new Error("earlier");
    const { stack } = earlier;
    const broken: Error[] = [earlier, Object.freeze(new Error("frozen"))];
    for (const error of broken) {
      const failing = () =>
        new CephPool(
          "vms",
          { cluster },
          {
            transformations: [
              () => {
                throw error;
              },
            ],
          },
        );
      expect(failing).toThrow(error);
    }
    expect(earlier.stack).toBe(stack);
    return new CephPool("vms", { cluster });
  });
});
