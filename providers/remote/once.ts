/** Asks once; a failure is not kept. */
export const onceGood = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let answer: Promise<T> | undefined;
  return () => {
    const current = answer ?? ask();
    answer = current;
    current.catch(() => {
      if (answer === current) answer = undefined;
    });
    return current;
  };
};
