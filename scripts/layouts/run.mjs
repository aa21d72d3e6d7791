// A program that must succeed.
import { run } from "../lib/run.mjs";

/** @returns standard output */
export async function must(program, args, { seconds, ...options }) {
  const result = await run(program, args, { deadlineSeconds: seconds, ...options });
  if (result.code === 0) return result.stdout;
  const said = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-30).join("\n");
  throw new Error(`${program} ${args.slice(0, 3).join(" ")} … ended with ${result.code}:\n${said}`);
}
