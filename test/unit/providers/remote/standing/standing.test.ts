/** The shell that stays, by real shells behind a real ssh server: what it keeps, and what it leaves where a connection goes. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Machine, Program } from "../../../../../providers/remote/machine";
import { said, stage } from "../../../../support/ssh-operator";
import { by, TRANSPORTS } from "../../../../support/transports";

const { server, who, clear } = stage();
afterEach(clear);

const program = (text: string, more: Partial<Program> = {}): Program => ({ name: "test", text, ...more });
const plain = { become: false };
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await pause(20);
};

/** Waits until no process of this number is there. */
const untilGone = async (file: string): Promise<void> => {
  await until(() => existsSync(file) && readFileSync(file, "utf8").endsWith("\n"));
  const pid = readFileSync(file, "utf8").trim();
  await until(
    () => !existsSync(`/proc/${pid}`) || /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8")),
  );
};

describe.each(TRANSPORTS)("by %s, a host", (transport) => {
  test("starts one shell for all its programs, one after another", async () => {
    const far = await server();
    const machine = by(transport, who({ far })).machine("far");
    for (let count = 0; count < 20; count += 1) expect(await said(machine, 'echo "$1"', "x")).toBe("x\n");
    expect(far.counts).toMatchObject({ starts: 1, commands: 20 });
  });

  test("starts at most two for many at a time, and a conversation becomes one of them", async () => {
    const far = await server();
    const machine = by(transport, who({ far })).machine("far");
    const talk = await machine.open({ program: program("cat"), ...plain });
    await Promise.all(Array.from({ length: 40 }, () => said(machine, ":")));
    talk.end();
    expect(far.counts.starts).toBeLessThanOrEqual(2);
  });

  test("whose only channel has become a conversation refuses a program, and does not let it wait", async () => {
    const machine = by(transport, who({ far: await server({ maxSessions: 1 }) })).machine("far");
    await said(machine, ":");
    const talk = await machine.open({ program: program("cat"), ...plain });
    await expect(said(machine, ":")).rejects.toThrow(/no channel free[^]*MaxSessions/);
    talk.end();
  });

  test("keeps nothing of one program for the next", async () => {
    const machine = by(transport, who({ far: await server() })).machine("far");
    await said(machine, "cd /; umask 0; export LEFT=1; set -f; exec 1>&- 2>&- 0<&-; trap '' HUP TERM");
    const look = 'echo "${LEFT-none} $(umask) $PWD"; [ -z "${K-}" ] && echo clean';
    const [first, second] = [
      await said(machine, look),
      await said(by(transport, who({ far: await server() })).machine("far"), look),
    ];
    expect(first).toBe(second);
    expect(first).toContain("clean");
  });

  test("waits for all that a program has left on its outputs, and for nothing else", async () => {
    const machine = by(transport, who({ far: await server() })).machine("far");
    expect(await said(machine, "(sleep 0.3; echo late) & echo early")).toBe("early\nlate\n");
    expect(await said(machine, "sleep 100 >/dev/null 2>&1 & kill $!; echo now")).toBe("now\n");
  });

  test("is told of an exit code as it is, and of a signal as such", async () => {
    const machine = by(transport, who({ far: await server() })).machine("far");
    for (const code of [0, 1, 99, 128, 255])
      expect(
        (await machine.run({ program: program('exit "$1"'), args: [String(code)], ...plain })).code,
      ).toBe(code);
    const killed = await machine.run({ program: program("kill -TERM $$"), ...plain });
    expect(killed).toMatchObject({ code: null, signal: "SIGTERM", stderr: "" });
  });
});

const PID = 'echo "$$" >"$1"';

describe("what a lost connection leaves", () => {
  const running = async (text: string, more: Partial<Program> = {}) => {
    const far = await server();
    const someone = who({ far });
    const machine = someone.remote().machine("far");
    const file = join(someone.home, "pid");
    const request = {
      program: program(text, more),
      args: [file, someone.home],
      ...plain,
    };
    const failed = machine.run(request).then(
      () => undefined,
      (error: unknown) => error,
    );
    await until(() => existsSync(file) && readFileSync(file, "utf8") !== "");
    return { far, file, failed, home: someone.home };
  };

  test.each([
    ["that waits", "sleep 300"],
    ["that has started others", "sleep 300 & sleep 301 & wait"],
    ["that does not listen to a hang-up", "trap '' HUP; sleep 300; :"],
    ["that writes for ever", "yes"],
  ])("is nothing of a program %s", async (_what, text) => {
    const { far, file, failed } = await running(`${PID}; ${text} # left-${process.pid}`);
    far.cut();
    expect(await failed).toMatchObject({ code: "cut" });
    await untilGone(file);
    await until(() => !execFileSync("ps", ["ax", "-o", "args="]).toString().includes(`left-${process.pid}`));
  });

  test("is what a program puts back when it is told", async () => {
    const { far, failed, home } = await running(
      `trap 'echo back >"$2/back"; exit 129' HUP; ${PID}; while :; do sleep 0.1; done`,
    );
    far.cut();
    await failed;
    await until(() => existsSync(join(home, "back")));
  });

  test("is a program that must come to its end, whatever is heard of it", async () => {
    const { far, failed, home } = await running(`${PID}; sleep 0.5; echo done >"$2/done"`, {
      outlives: true,
    });
    far.cut();
    await failed;
    await until(() => existsSync(join(home, "done")));
  });

  test("is nothing either of a program whose time is over", async () => {
    const far = await server();
    const someone = who({ far });
    const machine = someone.remote().machine("far");
    const file = join(someone.home, "pid");
    const late = {
      program: program('echo "$$" >"$1"; sleep 300; :'),
      args: [file],
      timeoutSeconds: 1,
      ...plain,
    };
    await expect(machine.run(late)).rejects.toMatchObject({ code: "timeout" });
    await untilGone(file);
  });
});

describe("a host without what such a shell needs", () => {
  const poor = async (
    without: string,
  ): Promise<{ machine: Machine; far: Awaited<ReturnType<typeof server>> }> => {
    const someone = who();
    const bin = join(someone.home, "bin");
    const tools = ["sh", "cat", "head", "setsid", "sleep", "printf", "echo"].filter(
      (tool) => tool !== without,
    );
    mkdirSync(bin);
    for (const tool of tools) symlinkSync(`/usr/bin/${tool}`, join(bin, tool));
    const far = await server({ env: { PATH: bin } });
    return { machine: who({ far }).remote().machine("far"), far };
  };

  test("runs each program by a start of its own, and says why", async () => {
    const { machine, far } = await poor("setsid");
    for (const word of ["a", "b"]) {
      const result = await machine.run({ program: program('echo "$1"; exit 3'), args: [word], ...plain });
      expect({ ...result, stdout: Buffer.from(result.stdout).toString() }).toMatchObject({
        code: 3,
        stdout: `${word}\n`,
        alone: "there is no setsid",
      });
    }
    expect(far.counts).toMatchObject({ commands: 2, starts: 3 });
  });

  test("and a program with a large input goes by itself everywhere", async () => {
    const machine = who({ far: await server() })
      .remote()
      .machine("far");
    const stdin = Buffer.alloc(3_000_000, "x");
    const result = await machine.run({ program: program("wc -c"), stdin, ...plain });
    expect({ ...result, stdout: Buffer.from(result.stdout).toString().trim() }).toMatchObject({
      stdout: "3000000",
      alone: "its input is large",
    });
  });
});

test("a shell that somebody on the host has ended is replaced by the next program", async () => {
  const far = await server();
  const machine = who({ far }).remote().machine("far");
  const find = 'p=$$; until tr "\\0" " " <"/proc/$p/cmdline" | grep -q "standing-sh[e]ll"; do';
  const kill = `${find} read -r _ _ _ p _ <"/proc/$p/stat"; done; kill -KILL "$p"`;
  await said(machine, kill).catch((error: unknown) => expect(error).toMatchObject({ code: "cut" }));
  expect(await said(machine, "echo again")).toBe("again\n");
  expect(far.counts).toMatchObject({ connections: 1, starts: 2 });
});
