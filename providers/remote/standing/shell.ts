import { constants } from "node:os";
import { within } from "../deadline.js";
import {
  neverStarted,
  STDERR_BYTES,
  STDOUT_BYTES,
  timedOut,
  tooMuch,
  type Ending,
  type Execution,
} from "../execution.js";
import { Failure } from "../failure.js";
import type { RunResult } from "../machine.js";
import { redact } from "../redact.js";
import { framed, newMark, tapOn, type Framed, type Tap } from "./framed.js";
import { helloMessage, runMessage, type Sent } from "./message.js";

/** A program for a shell that stays, and whose it is. */
export interface Task extends Sent {
  readonly host: string;
  readonly stdin: Uint8Array;
  readonly outlives: boolean;
  readonly seconds: number;
  readonly maxOutputBytes?: number | undefined;
}

/** A shell at the far end that stays and runs one program after another. */
export interface StandingShell {
  readonly execution: Execution;
  /** True once it runs nothing any more. */
  isOver(): boolean;
  /** Asks whether it is there: a program that was sent once may have run. False where it is gone. */
  answers(task: Task): Promise<boolean>;
  /** Runs a program to its end, one at a time. @throws Failure `timeout`, `cut`, `command` (more output than is kept) */
  run(task: Task): Promise<RunResult>;
  /** Nobody uses it for now: whoever does next asks first whether it is there. */
  rest(): void;
  /** Hands its streams to somebody else; it is no shell any more. */
  handOver(): void;
  end(): void;
}

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** As a shell tells of a signal: 128 and its number. */
const endOf = (code: number): Pick<RunResult, "code" | "signal"> => {
  const signal = SIGNALS.get(code - 128);
  return signal === undefined ? { code } : { code: null, signal };
};

const lost = ({ host, name }: Task): Failure =>
  new Failure({
    code: "cut",
    host,
    command: name,
    what: "the shell that ran it has ended before it; it may have been done or not",
    cure: "Run it again: every step can be repeated. Somebody on the machine, or a limit of it, may have ended the shell.",
  });

/** The parts of one shell. */
interface Parts {
  readonly execution: Execution;
  readonly stdout: Tap;
  readonly stderr: Tap;
  state: "idle" | "busy" | "over";
  /** It has said something just now. */
  isProven: boolean;
}

const stop = (parts: Parts): void => {
  parts.state = "over";
  parts.execution.stop();
};

/** Both outputs of a program, in bounds, or what came in their way. */
const outputsOf = (parts: Parts, mark: string, task: Task): Promise<Ending | readonly [Framed, Framed]> =>
  new Promise((resolve) => {
    const bound = (where: string, most: number) => ({
      most,
      flooded: () => resolve({ failure: tooMuch(task, where, most) }),
    });
    const out = framed(parts.stdout, mark, bound("on standard output", task.maxOutputBytes ?? STDOUT_BYTES));
    const err = framed(parts.stderr, mark, bound("on standard error", STDERR_BYTES));
    void Promise.all([out, err]).then(resolve);
    void parts.execution.ended.then(resolve);
  });

const runIn = async (parts: Parts, task: Task): Promise<RunResult> => {
  const mark = newMark();
  parts.state = "busy";
  parts.execution.hold?.(true);
  const outputs = outputsOf(parts, mark, task);
  parts.execution.stdin.write(runMessage({ ...task, mark }));
  const late = (): Ending => ({ failure: timedOut({ ...task, timeoutSeconds: task.seconds }) });
  const end = await within<Ending | readonly [Framed, Framed]>(task.seconds, outputs, late);
  if ("failure" in end || "code" in end) {
    stop(parts);
    throw end.failure ?? lost(task);
  }
  parts.execution.hold?.(false);
  parts.state = "idle";
  parts.isProven = true;
  const [out, err] = end;
  return { ...endOf(out.code), stdout: out.bytes, stderr: redact(err.bytes.toString("utf8")) };
};

const answersIn = async (parts: Parts, task: Task): Promise<boolean> => {
  const { execution, stdout } = parts;
  if (parts.state === "over") return false;
  if (parts.isProven) return true;
  const mark = newMark();
  const answer = framed(stdout, mark, { most: STDERR_BYTES, flooded: () => undefined }).then(() => true);
  execution.stdin.write(helloMessage(mark));
  const gone = execution.ended.then(() => false);
  return within<boolean>(task.seconds, Promise.race([answer, gone]), () => {
    stop(parts);
    throw neverStarted(task, "Look at the machine: it hangs; try `ssh HOST true`.");
  });
};

/** The shell in a process that has said that it is ready. */
export const standingShell = (execution: Execution): StandingShell => {
  const parts: Parts = {
    execution,
    stdout: tapOn(execution.stdout),
    stderr: tapOn(execution.stderr),
    state: "idle",
    isProven: true,
  };
  execution.stdin.on("error", () => undefined);
  void execution.ended.then(() => (parts.state = "over"));
  execution.hold?.(false);
  return {
    execution,
    isOver: () => parts.state === "over",
    answers: (task) => answersIn(parts, task),
    run: (task) => runIn(parts, task),
    rest: () => {
      parts.isProven = false;
    },
    handOver: () => {
      parts.state = "over";
      execution.hold?.(true);
      parts.stdout.detach();
      parts.stderr.detach();
    },
    end: () => {
      parts.state = "over";
      execution.stdin.end();
    },
  };
};
