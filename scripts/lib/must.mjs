import { ending, lastLines, run } from "./run.mjs";

/**
 * Runs a command that must succeed; options as of `run`.
 * @param {string[]} command the command and its arguments
 * @throws Error with what it said last
 */
export async function must([command, ...args], options = {}) {
  const result = await run(command, args, { deadlineSeconds: 600, ...options });
  if (result.code === 0) return result;
  const last = lastLines(result, 15).join("\n  ");
  throw new Error(`${command} ${args.slice(0, 3).join(" ")} ${ending(result)}:\n  ${last}`);
}
