/**
 * Stack traces while a resource is registered. The SDK takes one for each of four promises of each property, for whoever hunts leaks of promises, and finds
 * the sources of every frame: more work than all else in a program.
 */

export interface Stopped {
  /** Traces are taken again. */
  resume(): void;
  /**
   * An error that came meanwhile, with the place in the program where the resource is made; one that has a trace, as it was made before, keeps it.
   * @param made the class of the resource, which the trace leaves out
   */
  retraced(error: unknown, made: NewableFunction): unknown;
}

const hasTrace = ({ stack }: Error): boolean => /\n\s+at /.test(stack ?? "");

/** No stack traces until they are resumed; those of a hunt for leaks stay. */
export const stopTraces = (): Stopped => {
  const { stackTraceLimit } = Error;
  if (!process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) Error.stackTraceLimit = 0;
  const resume = (): void => {
    Error.stackTraceLimit = stackTraceLimit;
  };
  return {
    resume,
    retraced: (error, made) => {
      resume();
      if (error instanceof Error && Object.isExtensible(error) && !hasTrace(error))
        Error.captureStackTrace(error, made);
      return error;
    },
  };
};
