import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { hostEntry, said, stage } from "../../../../support/ssh-operator";
import { newKey } from "../../../../support/ssh-server";
import { by } from "../../../../support/transports";

const { server, who, clear } = stage();
const cleanups: (() => void)[] = [];
afterEach(async () => {
  await clear();
  cleanups.splice(0).forEach((cleanup) => cleanup());
});

/** A directory for the rooms of connections, of this test alone. */
const rooms = (): { folder: string; env: NodeJS.ProcessEnv } => {
  const folder = mkdtempSync(join(tmpdir(), "rooms-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, env: { PATH: process.env["PATH"], XDG_RUNTIME_DIR: folder } };
};

const commandLineOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // It has ended.
  }
};

/** Processes with this text in their command line. */
const processesWith = (text: string): string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(commandLineOf)
    .filter((line) => line.includes(text));

/** Waits for what must come to pass; the test's own deadline ends the wait. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pause(20);
};

describe("the system's ssh", () => {
  test("leaves no process, socket or file when the remote is closed", async () => {
    const far = await server();
    const { folder, env } = rooms();
    const remote = by("openssh", who({ far }), {}, env);
    await said(remote.machine("far"), ":");
    expect(readdirSync(folder)).toHaveLength(1);
    await remote.close();
    await until(() => readdirSync(folder).length === 0);
    await until(() => processesWith(folder).length === 0);
  });

  test("leaves none either when the process is killed, also in the middle of a program or of a login", async () => {
    const [far, slow] = [await server(), await server({ loginDelay: 60_000 })];
    const someone = who({ far, slow });
    const { folder, env } = rooms();
    by("openssh", someone);
    const main = someone.write(
      "main.js",
      `const { connectRemote, readSettings } = require(${JSON.stringify(join(process.cwd(), "dist/providers/remote/index.js"))});
       const values = { transport: "openssh", sshConfig: ${JSON.stringify(join(someone.home, "config-openssh"))}, connectTimeoutSeconds: "60" };
       const remote = connectRemote(readSettings((key) => values[key], {}));
       const run = (name, text) => remote.machine(name).run({ program: { name: "t", text }, become: false });
       run("far", ":").then(() => { void run("slow", ":"); void run("far", "sleep 50"); setTimeout(() => console.log("up"), 500); });`,
    );
    const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    expect(readdirSync(folder)).toHaveLength(2);
    expect(processesWith(folder).length).toBeGreaterThan(2);
    child.kill("SIGKILL");
    await until(() => readdirSync(folder).length === 0);
    await until(() => processesWith(folder).length === 0);
  });

  test("gets a key of the settings in a file that nobody else can read, which is gone when the login is done", async () => {
    const pair = newKey();
    const far = await server({ authorized: [pair.public], loginDelay: 500 });
    const someone = who();
    someone.write(".ssh/config", hostEntry("far", far));
    const { folder, env } = rooms();
    const values = { sshPrivateKey: pair.private, knownHosts: far.knownHosts };
    const machine = by("openssh", someone, values, env).machine("far");
    const running = said(machine, "sleep 0.3");
    await until(() => readdirSync(folder).some((room) => existsSync(join(folder, room, "key"))));
    const [room = ""] = readdirSync(folder);
    expect(statSync(join(folder, room)).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, room, "key")).mode & 0o777).toBe(0o600);
    await running;
    expect(readdirSync(join(folder, room))).not.toContain("key");
    expect(processesWith(folder).join("\n")).not.toContain(pair.private.split("\n")[1]);
  });

  test("does not see our settings in its environment", async () => {
    const far = await server();
    const someone = who({ far });
    const relay = `node -e 'require("fs").writeFileSync("${someone.home}/env", JSON.stringify(process.env)); const s=require("net").connect(%p,"%h");process.stdin.pipe(s).pipe(process.stdout)'`;
    const key = `  IdentityFile ${someone.home}/.ssh/key-far\n`;
    someone.write(".ssh/config", hostEntry("far", far, `${key}  ProxyCommand ${relay}\n`));
    const env = { PATH: process.env["PATH"], CEPH_OPENSTACK_SUDO_PASSWORD: "hush-4711", KEPT: "yes" };
    await said(by("openssh", someone, {}, env).machine("far"), ":");
    const seen = readFileSync(join(someone.home, "env"), "utf8");
    expect(seen).toContain('"KEPT":"yes"');
    expect(seen).not.toContain("hush-4711");
  });

  test("honours a KnownHostsCommand", async () => {
    const far = await server();
    const someone = who({ far });
    writeFileSync(join(someone.home, "lines"), far.knownHosts);
    const tell = someone.write("tell", `#!/bin/sh\ncat ${someone.home}/lines\n`);
    chmodSync(tell, 0o700);
    someone.write(".ssh/known_hosts", "");
    const more = `  IdentityFile ${someone.home}/.ssh/key-far\n  KnownHostsCommand ${tell} %H\n`;
    someone.write(".ssh/config", hostEntry("far", far, more));
    expect(await said(by("openssh", someone).machine("far"), "echo here")).toBe("here\n");
  });

  test("asks nobody: a password prompt or an unknown host key is an error at once", async () => {
    const far = await server({ authorized: [] });
    const someone = who({ far });
    const started = said(by("openssh", someone, { connectTimeoutSeconds: "60" }).machine("far"), ":");
    await expect(started).rejects.toMatchObject({ code: "authentication" });
  });
});

describe("a connection that the operator has open", () => {
  const openedBy = async (home: string, name: string): Promise<void> => {
    const args = ["-F", join(home, "config-openssh"), "-M", "-N", "-o", "BatchMode=yes", name];
    const master = spawn("ssh", args, { stdio: "ignore" });
    cleanups.push(() => master.kill());
    await until(() => existsSync(join(home, "own")));
  };

  const owned = async (): Promise<{
    far: Awaited<ReturnType<typeof server>>;
    someone: ReturnType<typeof who>;
  }> => {
    const far = await server();
    const someone = who({ far });
    const more = `  IdentityFile ${someone.home}/.ssh/key-far\n  ControlPath ${someone.home}/own\n`;
    someone.write(".ssh/config", hostEntry("far", far, more));
    return { far, someone };
  };

  test("is used, and stays open", async () => {
    const { far, someone } = await owned();
    const remote = by("openssh", someone);
    await openedBy(someone.home, "far");
    expect(await said(remote.machine("far"), "echo here")).toBe("here\n");
    await remote.close();
    expect(far.counts.connections).toBe(1);
    expect(existsSync(join(someone.home, "own"))).toBe(true);
  });

  test("is not missed where it goes: another is opened", async () => {
    const { far, someone } = await owned();
    const machine = by("openssh", someone).machine("far");
    await openedBy(someone.home, "far");
    await said(machine, ":");
    cleanups.splice(0).forEach((cleanup) => cleanup());
    await until(() => !existsSync(join(someone.home, "own")));
    expect(await said(machine, "echo again")).toBe("again\n");
    expect(far.counts.connections).toBe(2);
  });
});
