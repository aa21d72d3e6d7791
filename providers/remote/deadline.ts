/** Waits for something, at most so many seconds; what comes later is answered, or thrown, by `late`. */
export const within = async <T>(
  seconds: number,
  doing: Promise<T>,
  late: () => T | Promise<T>,
): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), seconds * 1000);
  });
  try {
    const first = await Promise.race([doing.then((answer) => ({ answer })), deadline]);
    return first === "late" ? await late() : first.answer;
  } finally {
    clearTimeout(timer);
  }
};
