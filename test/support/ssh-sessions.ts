/** What the test's ssh server does with the channels that a client opens. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Connection, ServerChannel } from "ssh2";
import { constants } from "node:os";
import { READY } from "../../providers/remote/standing/text";
import { received, type Received } from "./received";
import { messageReader, standingShell } from "./standing-messages";
import type { Answer, Internals, Talk } from "./ssh-server";

/** Not by `for await`: that destroys the channel at the end of its input, and with it the answer. */
const readAll = (channel: ServerChannel): Promise<Buffer> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    channel.on("data", (chunk: Buffer) => chunks.push(chunk));
    channel.once("end", () => resolve(Buffer.concat(chunks)));
  });

const finish = (channel: ServerChannel, { code, signal }: Pick<Answer, "code" | "signal">): void => {
  if (signal === undefined) channel.exit(code ?? 0);
  else channel.exit(signal.replace(/^SIG/, ""));
  channel.end();
};

/** A program begins, in a channel of its own or in a shell that stays. True where the connection was cut instead. */
const counted = ({ server }: Internals, command: string): boolean => {
  server.counts.commands += 1;
  server.commands.push(command);
  const { cutAt, counts } = server;
  if (cutAt?.when !== "before" || counts.commands < cutAt.command) return false;
  server.cut();
  return true;
};

/** A program has ended. True where the connection was cut, and nobody hears of it. */
const isCutAfter = ({ server }: Internals): boolean => {
  const { cutAt, counts } = server;
  if (cutAt?.when !== "after" || counts.commands < cutAt.command) return false;
  server.cut();
  return true;
};

/** Milliseconds. */
const LEFT = 5000;

/** As sshd does where a channel goes: the ends of the process are closed, and nothing is killed. Of a test nothing may stay for long. */
const leave = (child: ChildProcessByStdio<Writable, Readable, Readable>): void => {
  child.stdin.destroy();
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  }, LEFT);
  timer.unref();
  child.once("exit", () => clearTimeout(timer));
};

/** What is told of the bytes that go in and come out. */
interface Ears {
  readonly input?: (chunk: Buffer) => void;
  readonly output?: (chunk: Buffer) => void;
}

/** A channel, and the connection that it goes with. */
interface Session {
  readonly channel: ServerChannel;
  readonly connection: Connection;
}

const byShell = (
  { options }: Internals,
  { line, channel, connection, ears = {} }: Session & { readonly line: string; readonly ears?: Ears },
  done: (end: Answer) => void,
): void => {
  const [shell = "/bin/sh", ...flags] = options.shell ?? [];
  const child = spawn(shell, [...flags, "-c", line], {
    env: options.env ?? process.env,
    detached: true,
    stdio: "pipe",
  });
  child.stdin.on("error", () => {});
  channel.on("error", () => {});
  if (ears.input !== undefined) channel.on("data", ears.input);
  if (ears.output !== undefined) child.stdout.on("data", ears.output);
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  channel.stderr.on("error", () => {});
  channel.on("close", () => leave(child));
  connection.on("close", () => leave(child));
  child.on("close", (code, signal) => done(signal === null ? { code } : { signal }));
};

const converse = (channel: ServerChannel, marker: string, { greeting, answer }: Talk): void => {
  const say = (line: string): void => {
    if (channel.writable) channel.write(`${line}\n`);
  };
  channel.on("error", () => {});
  channel.stderr.write(`${marker}\n`);
  say(marker);
  say(greeting);
  createInterface({ input: channel })
    .on("line", (line) => void answer(line).then((answered) => answered !== undefined && say(answered)))
    .on("close", () => {
      if (!channel.writable) return;
      channel.exit(0);
      channel.end();
    });
};

const answered = async (inside: Internals, program: Received, stdin: Buffer): Promise<Answer> => {
  const scripted = await inside.options.answer?.(program, stdin);
  if (scripted === undefined) throw new Error(`no answer for ${program.name} ${program.args.join(" ")}`);
  return scripted;
};

/** As a shell tells of a signal: 128 and its number. */
const digits = ({ code, signal }: Answer): string => {
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1];
  return String(number === undefined ? (code ?? 0) : 128 + number).padStart(3, "0");
};

/** A shell that stays, without a shell: its programs are answered. */
const standing = (inside: Internals, channel: ServerChannel, shell: Received): void => {
  const run = async (program: Received, stdin: Buffer): Promise<void> => {
    if (counted(inside, program.line)) return;
    const answer = await answered(inside, program, stdin);
    if (isCutAfter(inside) || !channel.writable) return;
    const end = `${program.marker} ${digits(answer)}\n`;
    channel.stderr.write(`${answer.stderr ?? ""}${end}`);
    channel.write(answer.stdout ?? "");
    channel.write(end);
  };
  const talk = async (program: Received): Promise<void> => {
    if (counted(inside, program.line)) return;
    const told = await inside.options.converse?.(program);
    if (told === undefined) throw new Error(`nobody to talk to: ${program.name}`);
    channel.off("data", hear);
    converse(channel, program.marker, told);
  };
  const hear = messageReader(shell, (message) => {
    if (message.verb === "run") void run(message.program, message.stdin);
    else if (message.verb === "talk") void talk(message.program);
    else channel.write(`${message.answer}\n`);
  });
  channel.on("error", () => {});
  channel.on("data", hear);
  channel.once("end", () => channel.writable && finish(channel, { code: 0 }));
  channel.stderr.write(`${shell.marker}\n`);
  channel.write(`${shell.marker}\n${READY}\n`);
};

/** The ends of programs in the output of a shell: a mark that was sent, and three digits. */
const endsIn = (marks: Set<string>, ended: () => void) => {
  let tail = "";
  return (chunk: Buffer): void => {
    tail = (tail + chunk.toString("latin1")).slice(-100);
    for (const mark of marks) if (tail.includes(`${mark} `) && marks.delete(mark)) ended();
  };
};

/** A shell that stays, by a real shell: each of its programs counts, and the connection can be cut at each. */
const standingByShell = (inside: Internals, session: Session, shell: Received): void => {
  const marks = new Set<string>();
  const input = messageReader(shell, (message) => {
    if (message.verb === "hello") return;
    if (message.verb === "run") marks.add(message.program.marker);
    counted(inside, shell.line);
  });
  const output = endsIn(marks, () => isCutAfter(inside));
  const ears = { input, output };
  byShell(inside, { ...session, line: shell.line, ears }, (end) => finish(session.channel, end));
};

const execute = async (inside: Internals, line: string, session: Session): Promise<void> => {
  const { channel } = session;
  const { answer } = inside.options;
  inside.server.counts.starts += 1;
  const shell = standingShell(line);
  if (shell !== undefined && answer === undefined) return standingByShell(inside, session, shell);
  if (shell !== undefined) return standing(inside, channel, shell);
  if (counted(inside, line)) return;
  const done = (end: Answer): void => {
    if (!isCutAfter(inside)) finish(channel, end);
  };
  if (answer === undefined) return byShell(inside, { ...session, line }, done);
  const program = received(line);
  const talk = await inside.options.converse?.(program);
  if (talk !== undefined) return converse(channel, program.marker, talk);
  channel.on("error", () => {});
  const scripted = await answered(inside, program, await readAll(channel));
  channel.stderr.write(`${program.marker}\n${scripted.stderr ?? ""}`);
  channel.write(`${program.marker}\n`);
  channel.write(scripted.stdout ?? "");
  done(scripted);
};

/** Session channels and the commands in them. */
export const serveSessions = (inside: Internals, connection: Connection): void => {
  const { counts } = inside.server;
  let open = 0;
  connection.setMaxListeners(0);
  connection.on("session", (accept, reject) => {
    if (inside.options.deafTo === "session") return;
    if (open >= (inside.options.maxSessions ?? 10)) {
      counts.refusedChannels += 1;
      return reject();
    }
    open += 1;
    counts.channels += 1;
    counts.openChannels += 1;
    counts.mostChannels = Math.max(counts.mostChannels, counts.openChannels);
    const session = accept();
    session.on("close", () => {
      open -= 1;
      counts.openChannels -= 1;
    });
    session.on("exec", (acceptExec, _reject, { command }) => {
      if (inside.options.deafTo === "exec") return;
      void execute(inside, command, { channel: acceptExec(), connection });
    });
  });
};

/** Connections to elsewhere, as a jump host makes them. */
export const serveForwards = ({ server }: Internals, connection: Connection): void => {
  connection.on("tcpip", (accept, reject, { destIP, destPort }) => {
    server.counts.forwards += 1;
    const target = connect({ host: destIP, port: destPort, noDelay: true });
    target.once("error", () => reject());
    target.once("connect", () => {
      const channel = accept();
      target.on("error", () => {});
      channel.on("error", () => {});
      channel.on("close", () => target.destroy());
      target.on("close", () => channel.end());
      target.pipe(channel).pipe(target);
    });
  });
};
