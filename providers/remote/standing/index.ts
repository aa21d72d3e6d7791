/** Programs by a shell that stays: one start of sudo for all programs of a host. */
import type { Link } from "../execution.js";
import type { RunRequest, RunResult } from "../machine.js";
import type { Running, Surroundings } from "../programs.js";
import { openShell } from "./open.js";
import { newMark } from "./framed.js";
import { talkMessage } from "./message.js";
import { shellsOn, type Shells } from "./shells.js";
import type { StandingShell, Task } from "./shell.js";

export interface Unfit {
  readonly unfit: string;
}

/** Bytes of a payload: it becomes a text in the shell before it is the program's input. The stock nova.conf has half a megabyte. */
const PAYLOAD = 2 * 1024 * 1024;

const taskOf = ({ login, commandTimeoutSeconds }: Surroundings, request: RunRequest): Task => ({
  host: login.host,
  name: request.program.name,
  text: request.program.text,
  args: request.args ?? [],
  stdin: Buffer.from(request.stdin ?? ""),
  outlives: request.program.outlives ?? false,
  seconds: request.timeoutSeconds ?? commandTimeoutSeconds,
  maxOutputBytes: request.maxOutputBytes,
});

/** A shell that is there, which one that was not used for a while must prove first. */
const present = async (
  shells: Shells,
  { task, open, much }: { task: Task; open: () => ReturnType<typeof openShell>; much: boolean },
): Promise<StandingShell | Unfit> => {
  for (;;) {
    const opened = await shells.take(open, much);
    if ("unfit" in opened) return opened;
    let isThere = false;
    try {
      isThere = await opened.answers(task);
    } finally {
      if (!isThere) shells.give(opened);
    }
    if (isThere) return opened;
  }
};

interface Wanted {
  readonly request: RunRequest;
  /** It is kept for long: better another shell at once than one that others wait for. */
  readonly much: boolean;
}

const shellFor = (link: Link, around: Surroundings, { request, much }: Wanted) => {
  const become = request.become ?? true;
  const task = taskOf(around, request);
  const shells = shellsOn(link, become ? "root" : "login");
  const open = () => openShell(link, around, { become, name: task.name, seconds: task.seconds });
  return { shells, task, find: () => present(shells, { task, open, much }) };
};

/** Runs a program to its end. @throws Failure `sudo`, `authentication`, `timeout`, `cut`; GONE where nothing was started */
export const runInShell = async (
  link: Link,
  around: Surroundings,
  request: RunRequest,
): Promise<RunResult | Unfit> => {
  const { shells, task, find } = shellFor(link, around, { request, much: false });
  if (task.stdin.length > PAYLOAD) return { unfit: "its input is large" };
  const shell = await find();
  if ("unfit" in shell) return shell;
  try {
    return await shell.run(task);
  } finally {
    shells.give(shell);
  }
};

/** Has a shell become a program that stays; it begins when its output begins. @throws as `runInShell` */
export const talkInShell = async (
  link: Link,
  around: Surroundings,
  request: Omit<RunRequest, "stdin">,
): Promise<Running | Unfit> => {
  const { shells, task, find } = shellFor(link, around, { request, much: true });
  const shell = await find();
  if ("unfit" in shell) return shell;
  shells.handOver(shell);
  const mark = newMark();
  return { execution: shell.execution, marker: mark, message: talkMessage(mark, task) };
};
