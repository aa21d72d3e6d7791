import { afterEach, describe, expect, test } from "@jest/globals";
import type { Program } from "../../../../../providers/remote/machine";
import { hostEntry, said, stage } from "../../../../support/ssh-operator";
import { newKey } from "../../../../support/ssh-server";
import { by, TRANSPORTS } from "../../../../support/transports";

const { server, who, clear } = stage();
afterEach(clear);

const program = (text: string): Program => ({ name: "test", text });
const plain = { become: false };

describe.each(TRANSPORTS)("by %s, a program", (transport) => {
  test("gets its input and arguments byte for byte, and its outputs and exit code come back", async () => {
    const far = await server();
    const machine = by(transport, who({ far })).machine("far");
    const stdin = Buffer.from(Array.from({ length: 5_000_000 }, (_, index) => (index * 7) % 256));
    const source = 'cat; printf "%s|" "$0" "$@" >&2; exit 7';
    const args = ["", "a b", "it's", "!x", "new\nline\n", "é€", "\\n", "*", "-o", "--"];
    const result = await machine.run({ program: program(source), args, stdin, ...plain });
    expect(result.code).toBe(7);
    expect(Buffer.from(result.stdout).equals(stdin)).toBe(true);
    expect(result.stderr).toBe(`${["test", ...args].join("|")}|`);
  });

  test("that does not read its input is not an error", async () => {
    const machine = by(transport, who({ far: await server() })).machine("far");
    const stdin = Buffer.alloc(5_000_000);
    expect((await machine.run({ program: program("exit 3"), stdin, ...plain })).code).toBe(3);
  });

  test("that exits 255, or is silent, or speaks on standard error alone, is no failure of the connection", async () => {
    const machine = by(transport, who({ far: await server() })).machine("far");
    for (const text of ["exit 255", "exit 254", "echo no >&2; exit 255"]) {
      const { code } = await machine.run({ program: program(text), ...plain });
      expect(code).toBe(text.includes("254") ? 254 : 255);
    }
  });

  test("that is ended by a signal has no exit code, and the connection serves the next", async () => {
    const far = await server();
    const machine = by(transport, who({ far })).machine("far");
    expect(await machine.run({ program: program("kill -KILL $$"), ...plain })).toMatchObject({ code: null });
    expect(await said(machine, "echo next")).toBe("next\n");
    expect(far.counts.connections).toBe(1);
  });

  test("that takes too long is given up, and the connection serves the next", async () => {
    const far = await server();
    const machine = by(transport, who({ far })).machine("far");
    const late = machine.run({ program: program("sleep 20"), timeoutSeconds: 1, ...plain });
    await expect(late).rejects.toMatchObject({ code: "timeout" });
    expect(await said(machine, "echo next")).toBe("next\n");
    expect(far.counts.connections).toBe(1);
  });

  test("whose connection is cut tells so", async () => {
    const far = await server();
    const machine = by(transport, who({ far })).machine("far");
    await said(machine, ":");
    const sleeping = said(machine, "sleep 20");
    setTimeout(() => far.cut(), 300);
    await expect(sleeping).rejects.toMatchObject({ code: "cut" });
  });

  test("may be talked to for as long as it stays", async () => {
    const machine = by(transport, who({ far: await server() })).machine("far");
    const echo = program('while read -r line; do echo "you said $line"; done; exit 4');
    const conversation = await machine.open({ program: echo, ...plain });
    const heard: string[] = [];
    const ended = new Promise<number | null>((resolve) => conversation.onEnd(({ code }) => resolve(code)));
    const answered = new Promise<void>((resolve) => {
      conversation.onLine((line) => {
        heard.push(line);
        resolve();
      });
    });
    await conversation.send("hello");
    await answered;
    conversation.end();
    expect(await ended).toBe(4);
    expect(heard).toEqual(["you said hello"]);
  });
});

describe.each(TRANSPORTS)("by %s, one connection", (transport) => {
  test("carries a hundred programs at a time over at most eight channels", async () => {
    const far = await server();
    const machine = by(transport, who({ far })).machine("far");
    const words = Array.from({ length: 100 }, (_, index) => String(index));
    // Long enough to be at a time on a fast machine too: those that end at once share one shell.
    const lasting = 'sleep 0.02; printf %s "$1"';
    expect(await Promise.all(words.map((word) => said(machine, lasting, word)))).toEqual(words);
    expect(far.counts).toMatchObject({ connections: 1, commands: 100, refusedChannels: 0 });
    expect(far.counts.mostChannels).toBeLessThanOrEqual(8);
    expect(far.counts.mostChannels).toBeGreaterThan(1);
  });

  test("waits where the server has fewer channels free, and runs nothing twice", async () => {
    const far = await server({ maxSessions: 1 });
    const machine = by(transport, who({ far })).machine("far");
    const words = Array.from({ length: 12 }, (_, index) => String(index));
    const slow = 'sleep 0.1; printf %s "$1"';
    expect(await Promise.all(words.map((word) => said(machine, slow, word)))).toEqual(words);
    expect(far.counts.refusedChannels).toBeGreaterThan(0);
    expect(far.counts.commands).toBe(12);
  });

  test("is shared by two names of one login on one machine", async () => {
    const far = await server();
    const someone = who({ far });
    someone.write(".ssh/config", hostEntry("one two", far, `  IdentityFile ${someone.home}/.ssh/key-far`));
    const remote = by(transport, someone);
    await Promise.all([said(remote.machine("one"), ":"), said(remote.machine("two"), ":")]);
    expect(far.counts.connections).toBe(1);
  });

  test("is closed when the remote is closed, and a later program opens another", async () => {
    const far = await server();
    const remote = by(transport, who({ far }));
    await said(remote.machine("far"), ":");
    await remote.close();
    expect(await said(remote.machine("far"), "echo again")).toBe("again\n");
    expect(far.counts.connections).toBe(2);
  });

  test("of another host is closed where more are wanted than may be open", async () => {
    const [a, b] = [await server(), await server()];
    const remote = by(transport, who({ a, b }), { maxConnections: "1" });
    for (const name of ["a", "b", "a"]) await said(remote.machine(name), ":");
    expect([a.counts.connections, b.counts.connections]).toEqual([2, 1]);
  });

  test("that was lost while nobody used it is opened again without a word", async () => {
    const far = await server();
    const machine = by(transport, who({ far })).machine("far");
    await said(machine, ":");
    far.cut();
    expect(await said(machine, "echo again")).toBe("again\n");
    expect(far.counts.commands).toBe(2);
  });

  test("is noticed by keep-alive where the network goes silent", async () => {
    const far = await server();
    const someone = who({ far });
    const alive = "  ServerAliveInterval 1\n  ServerAliveCountMax 1\n";
    const key = `  IdentityFile ${someone.home}/.ssh/key-far\n`;
    someone.write(".ssh/config", hostEntry("far", far, `${key}${alive}`));
    const machine = by(transport, someone).machine("far");
    await said(machine, ":");
    const sleeping = said(machine, "sleep 30");
    setTimeout(() => far.silence(), 300);
    await expect(sleeping).rejects.toMatchObject({ code: "cut" });
  });

  test("goes by the jump hosts of ssh_config", async () => {
    const [jump, a] = [await server(), await server()];
    const someone = who({ jump, a });
    const key = (name: string): string => `  IdentityFile ${someone.home}/.ssh/key-${name}\n`;
    const far = hostEntry("a", a, `  ProxyJump jump\n${key("a")}`);
    someone.write(".ssh/config", hostEntry("jump", jump, key("jump")) + far);
    const machine = by(transport, someone, { maxConnections: "1" }).machine("a");
    expect(await said(machine, "echo here")).toBe("here\n");
    expect(jump.counts).toMatchObject({ connections: 1, forwards: 1, commands: 0 });
  });

  test("takes key, known hosts and jump host from the settings, for the jump host too", async () => {
    const pair = newKey();
    const [jump, a] = [
      await server({ authorized: [pair.public] }),
      await server({ authorized: [pair.public] }),
    ];
    const someone = who();
    someone.write(".ssh/config", hostEntry("jump", jump) + hostEntry("a", a));
    const values = {
      sshPrivateKey: pair.private,
      knownHosts: jump.knownHosts + a.knownHosts,
      proxyJump: "jump",
    };
    const remote = by(transport, someone, values);
    expect(await said(remote.machine("a"), "echo here")).toBe("here\n");
    expect(await said(remote.machine("jump"), "echo there")).toBe("there\n");
  });

  test("takes login, port and a key with a passphrase from the settings", async () => {
    const pair = newKey("ed25519", "open sesame");
    const far = await server({ authorized: [pair.public] });
    const someone = who();
    const sshPrivateKeyFile = someone.write("key", pair.private);
    someone.write(".ssh/known_hosts", far.knownHosts);
    const values = { sshUser: "bob", sshPort: String(far.port), sshPrivateKeyFile };
    const remote = by(transport, someone, { ...values, sshPassphrase: "open sesame" });
    expect(await said(remote.machine("127.0.0.1"), "echo here")).toBe("here\n");
    expect(far.users).toEqual(["bob"]);
  });
});
