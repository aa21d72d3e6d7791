/**
 * The real parsers, as the judge of ours. They run where `ORACLE_RUN` says (a command prefix, "" for this machine), else
 * in a copy of the sandbox's base tree. A judge that is missing fails the test.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Question {
  readonly parser: "oslo" | "oslo-service" | "rados" | "ceph-conf";
  /** The bytes of the file (latin1). */
  readonly bytes: string;
  readonly lookups: readonly (readonly [section: string, option: string])[];
}

export type Answer = { readonly values: readonly (readonly string[] | null)[] } | { readonly error: string };

const root = join(__dirname, "..", "..");

/** Asks many questions in one process. */
export function askOracle(questions: readonly Question[]): Answer[] {
  const prefix = process.env["ORACLE_RUN"]?.split(" ").filter((word) => word !== "") ?? [
    join(root, "sandbox", "sandbox"),
    "run-in-base",
  ];
  const program = readFileSync(join(root, "test", "oracle", "ini-oracle.py"), "utf8");
  const [command, ...args] = [...prefix, "/usr/bin/python3", "-c", program] as const;
  const input = questions.map(({ parser, bytes, lookups }) =>
    JSON.stringify({ parser, content: Buffer.from(bytes, "latin1").toString("base64"), lookups }),
  );
  const done = spawnSync(command, args, {
    input: `${input.join("\n")}\n`,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const lines = (done.error === undefined ? done.stdout : "").split("\n").filter((line) => line !== "");
  if (done.status !== 0 || lines.length !== questions.length) {
    const said = done.error?.message ?? done.stderr.slice(-2000);
    throw new Error(
      `the oracle (${command}) answered ${String(lines.length)} of ${String(questions.length)} questions: ${said}`,
    );
  }
  return lines.map(answerOf);
}

function answerOf(line: string): Answer {
  const answer: unknown = JSON.parse(line);
  if (typeof answer === "object" && answer !== null) {
    if ("values" in answer && Array.isArray(answer.values)) return { values: answer.values };
    if ("error" in answer && typeof answer.error === "string") return { error: answer.error };
  }
  throw new Error("the oracle gave an answer that is none");
}
