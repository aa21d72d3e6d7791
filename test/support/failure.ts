/** What a verb says when it fails, and "no failure" where it does not. */
export const failure = (doing: Promise<unknown>): Promise<string> =>
  doing.then(
    () => "no failure",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

/** What is thrown; undefined where nothing is. */
export const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
