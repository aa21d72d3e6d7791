import { performance } from "node:perf_hooks";

/**
 * Prints one line of progress on standard error, so that standard output stays free for results.
 * @param {string} who the script that speaks, such as "engine"
 * @param {string} text one line
 */
export function say(who, text) {
  process.stderr.write(`${who}: ${text}\n`);
}

/**
 * Seconds as a person says them: "8 s", "3 min 12 s".
 * @param {number} seconds
 */
export function duration(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return seconds < 9.95 ? `${seconds.toFixed(1)} s` : `${whole} s`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}

/**
 * Runs one long step: says what it does and how long it usually takes, shows that it is alive every `everySeconds`,
 * and says how long it took. A failure is passed on unchanged.
 * @template T
 * @param {{ who: string, doing: string, usually?: string, status?: () => string, everySeconds?: number }} step
 *   `status` tells how far the step is, for the lines in between
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(step, work) {
  const start = performance.now();
  const passed = () => (performance.now() - start) / 1000;
  say(step.who, `${step.doing}${step.usually ? ` (usually ${step.usually})` : ""} …`);
  const beat = setInterval(
    () => {
      const status = step.status?.() ?? "";
      say(step.who, `  still ${step.doing}, ${duration(passed())}${status ? `: ${status}` : ""}`);
    },
    (step.everySeconds ?? 15) * 1000,
  );
  try {
    const result = await work();
    say(step.who, `  done in ${duration(passed())}`);
    return result;
  } finally {
    clearInterval(beat);
  }
}
