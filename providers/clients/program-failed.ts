/** The failure of a program of ours that should not fail; exit codes of a shell are no errnos, and named as such they would be named wrongly. */
import { Failure } from "../remote/failure.js";
import type { RunResult } from "../remote/machine.js";
import { defined } from "./defined.js";

/** What to do, by what standard error holds; the first that fits counts. */
export type Cures = readonly (readonly [RegExp, string])[];

export const programFailed = (
  { host, command, cures }: { readonly host: string; readonly command: string; readonly cures: Cures },
  { code, stderr }: Pick<RunResult, "code" | "stderr">,
): Failure =>
  new Failure({
    code: "command",
    host,
    command,
    what: code === null ? "was ended by a signal" : `failed with exit code ${code}`,
    stderr,
    ...defined({ cure: cures.find(([pattern]) => pattern.test(stderr))?.[1] }),
  });
