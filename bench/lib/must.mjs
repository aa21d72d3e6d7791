import { ending, lastLines, run } from "../../scripts/lib/run.mjs";

/** Runs a command that must succeed. @throws Error with its last lines */
export async function must([command, ...args], options = {}) {
  const result = await run(command, args, { deadlineSeconds: 600, ...options });
  if (result.code === 0) return result;
  const last = lastLines(result, 12).join("\n  ");
  throw new Error(`${command} ${args.slice(0, 3).join(" ")} ${ending(result)}\n  ${last}`);
}
