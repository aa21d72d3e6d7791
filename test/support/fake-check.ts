/**
 * A way into a container, as a check's `prefix`, behind which no Ceph is: the program is not run, its plan is noted, and an answer that the test has
 * chosen is given in its place.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer, Plan } from "../../providers/client-check/program";

const SCRIPT = String.raw`#!/bin/sh
dir=$(dirname "$0")
code=$(cat "$dir/code" 2>/dev/null || echo 0)
for plan; do :; done
[ "$code" != 0 ] || printf '%s\n' "$plan" >>"$dir/plans"
echo "a line of the container's own"
[ "$code" != 0 ] || cat "$dir/answer"
[ "$code" = 0 ] || echo "Error: No such container: cinder_volume" >&2
exit "$code"
`;

export interface FakeCheck {
  readonly command: string;
  /** Where plans are noted. */
  readonly log: string;
  /** Plans so far, oldest first. */
  plans(): Plan[];
  answers(answer: Partial<Answer>): void;
  /** From now on it says nothing and ends so. */
  ends(code: number): void;
}

/** Puts the stand-in into a directory; it answers that all is right. */
export const fakeCheck = (dir: string): FakeCheck => {
  mkdirSync(dir, { recursive: true });
  const command = join(dir, "exec");
  writeFileSync(command, SCRIPT, { mode: 0o755 });
  const answers = (answer: Partial<Answer>): void =>
    writeFileSync(
      join(dir, "answer"),
      `${JSON.stringify({ problems: [], notes: [], facts: {}, ...answer })}\n`,
    );
  answers({});
  const log = join(dir, "plans");
  return {
    command,
    log,
    plans: () =>
      existsSync(log)
        ? readFileSync(log, "utf8")
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as Plan)
        : [],
    answers,
    ends: (code) => writeFileSync(join(dir, "code"), String(code)),
  };
};
