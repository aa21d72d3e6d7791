/** What a verb says when it fails, and "no failure" where it does not. */
export const failure = (doing: Promise<unknown>): Promise<string> =>
  doing.then(
    () => "no failure",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
