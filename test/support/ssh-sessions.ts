/** What the test's ssh server does with the channels that a client opens. */
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { Connection, ServerChannel } from "ssh2";
import { received } from "./received";
import type { Answer, Internals, Talk } from "./ssh-server";

/** Not by `for await`: that destroys the channel at the end of its input, and with it the answer. */
const readAll = (channel: ServerChannel): Promise<Buffer> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    channel.on("data", (chunk: Buffer) => chunks.push(chunk));
    channel.once("end", () => resolve(Buffer.concat(chunks)));
  });

const finish = (
  inside: Internals,
  channel: ServerChannel,
  { code, signal }: Pick<Answer, "code" | "signal">,
): void => {
  const { cutAt, counts } = inside.server;
  if (cutAt?.when === "after" && counts.commands >= cutAt.command) return inside.server.cut();
  if (signal === undefined) channel.exit(code ?? 0);
  else channel.exit(signal.replace(/^SIG/, ""));
  channel.end();
};

/** The shell and everything that it has started. */
const killGroup = (pid: number | undefined): void => {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
};

const byShell = (
  { options }: Internals,
  line: string,
  channel: ServerChannel,
  done: (end: Answer) => void,
): void => {
  const [shell = "/bin/sh", ...flags] = options.shell ?? [];
  const child = spawn(shell, [...flags, "-c", line], { env: options.env ?? process.env, detached: true });
  child.stdin.on("error", () => {});
  channel.on("error", () => {});
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  channel.on("close", () => killGroup(child.pid));
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

const execute = async (inside: Internals, line: string, channel: ServerChannel): Promise<void> => {
  const { answer } = inside.options;
  const done = (end: Answer): void => finish(inside, channel, end);
  if (answer === undefined) return byShell(inside, line, channel, done);
  const program = received(line);
  const talk = await inside.options.converse?.(program);
  if (talk !== undefined) return converse(channel, program.marker, talk);
  channel.on("error", () => {});
  const scripted = await answer(program, await readAll(channel));
  if (scripted === undefined) throw new Error(`no answer for ${program.name} ${program.args.join(" ")}`);
  channel.stderr.write(`${program.marker}\n${scripted.stderr ?? ""}`);
  channel.write(`${program.marker}\n`);
  channel.write(scripted.stdout ?? "");
  done(scripted);
};

/** Session channels and the commands in them. */
export const serveSessions = (inside: Internals, connection: Connection): void => {
  const { counts } = inside.server;
  let open = 0;
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
      counts.commands += 1;
      inside.server.commands.push(command);
      const { cutAt } = inside.server;
      if (cutAt?.when === "before" && counts.commands >= cutAt.command) return inside.server.cut();
      void execute(inside, command, acceptExec());
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
