/**
 * Stack traces while a resource is registered. The SDK takes one for each of four promises of each property, for whoever hunts leaks of promises, and finds
 * the sources of every frame: more work than all else in a program.
 */

export interface Stopped {
  /** Traces are taken again. */
  resume(): void;
  /** An error that came meanwhile, with the trace of the place in the program. */
  retraced(error: unknown): unknown;
}

/** No stack traces until they are resumed; those of a hunt for leaks stay. */
export const stopTraces = (): Stopped => {
  const { stackTraceLimit } = Error;
  if (!process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) Error.stackTraceLimit = 0;
  const resume = (): void => {
    Error.stackTraceLimit = stackTraceLimit;
  };
  return {
    resume,
    retraced: (error) => {
      resume();
      if (error instanceof Error) Error.captureStackTrace(error);
      return error;
    },
  };
};
