import { existsSync, readFileSync, chmodSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Machine, RunRequest } from "../../../../providers/remote/machine";
import { SUDO } from "../../../support/fake-sudo";
import { stage } from "../../../support/ssh-operator";

const { server, who, clear } = stage();
afterEach(clear);

const PASSWORD = "correct horse 9";

const scene = async (mode: string, values: Readonly<Record<string, string>> = {}) => {
  const someone = who();
  chmodSync(someone.write("bin/sudo", SUDO), 0o700);
  const setMode = (to: string): string => someone.write("mode", to);
  setMode(mode);
  const setPassword = (to: string): string => someone.write("password", to);
  setPassword(PASSWORD);
  const far = await server({ env: { PATH: `${someone.home}/bin:/usr/bin:/bin`, STATE: someone.home } });
  const { home } = who({ far });
  const remote = someone.remote({
    sshConfig: join(home, ".ssh/config"),
    knownHosts: far.knownHosts,
    ...values,
  });
  const log = (): string[] => {
    const file = join(someone.home, "log");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  };
  return {
    far,
    machine: remote.machine("far"),
    log,
    setMode,
    setPassword,
  };
};

const CAT: RunRequest = {
  program: { name: "cat", text: 'cat; echo "done $1" >&2; exit 5' },
  args: ["x"],
  stdin: "payload\nline 2",
};
const withPassword = { sudoPassword: PASSWORD };

const cat = async (machine: Machine): Promise<string> => {
  const { code, stdout, stderr } = await machine.run(CAT);
  expect({ code, stderr }).toEqual({ code: 5, stderr: "done x\n" });
  return Buffer.from(stdout).toString("utf8");
};

describe("the superuser", () => {
  test("is reached by sudo without a question, in one command, and the lecture is not in the result", async () => {
    const { machine, log, far } = await scene("free");
    expect(await cat(machine)).toBe("payload\nline 2");
    expect(log()).toEqual(["n"]);
    expect(far.counts.commands).toBe(1);
  });

  test("is reached with a password that never comes into the program's input; asked once how", async () => {
    const { machine, log } = await scene("password", withPassword);
    expect(await cat(machine)).toBe("payload\nline 2");
    expect(await cat(machine)).toBe("payload\nline 2");
    expect(log()).toEqual(["n", "S", "took a line", "S", "took a line"]);
  });

  test("is reached by a sudo that takes all that is there for its password line, with nothing of the input lost", async () => {
    const { machine } = await scene("rs-old", withPassword);
    expect(await cat(machine)).toBe("payload\nline 2");
    // One that is too large for the shell that stays.
    const large = { ...CAT, stdin: "x".repeat(3_000_000) };
    expect((await machine.run(large)).stdout).toHaveLength(3_000_000);
  });

  test("is asked how once, however many programs start together", async () => {
    const { machine, log } = await scene("password", withPassword);
    const all = await Promise.all(Array.from({ length: 20 }, () => cat(machine)));
    expect(all.every((text) => text === "payload\nline 2")).toBe(true);
    expect(log().filter((line) => line === "n")).toHaveLength(1);
  });

  test("gets no password where it wants none, though one is configured", async () => {
    const { machine, log } = await scene("free", withPassword);
    expect(await cat(machine)).toBe("payload\nline 2");
    expect(log()).toEqual(["n", "n"]);
  });

  test("gets the password out of the way where sudo did not take it after all", async () => {
    const { machine, log } = await scene("fickle", withPassword);
    expect(await cat(machine)).toBe("payload\nline 2");
    expect(log()).not.toContain("took a line");
  });

  test("is asked for with the password once sudo has forgotten an earlier one", async () => {
    const { machine, setMode } = await scene("memory", withPassword);
    expect(await cat(machine)).toBe("payload\nline 2");
    setMode("password");
    expect(await cat(machine)).toBe("payload\nline 2");
  });

  test("speaks with a conversation, password or not", async () => {
    for (const mode of ["free", "password", "fickle", "rs", "rs-old"]) {
      const { machine } = await scene(mode, withPassword);
      const talk = await machine.open({
        program: { name: "talk", text: 'while read -r l; do echo "got $l"; done' },
      });
      const first = new Promise((resolve) => talk.onLine(resolve));
      await talk.send("one");
      expect(await first).toBe("got one");
      const end = new Promise((resolve) => talk.onEnd(resolve));
      talk.end();
      expect(await end).toEqual({ code: 0, stderr: "" });
    }
  });

  test("is not asked for where a program or the settings want none", async () => {
    const { machine, log } = await scene("denied");
    expect((await machine.run({ ...CAT, become: false })).code).toBe(5);
    const other = await scene("denied", { become: '{"f*": "none"}' });
    expect((await other.machine.run(CAT)).code).toBe(5);
    expect([...log(), ...other.log()]).toEqual([]);
  });

  test("is not asked for where the login is root", async () => {
    const { machine, log } = await scene("denied", { sshUser: "root" });
    expect((await machine.run(CAT)).code).toBe(5);
    expect(log()).toEqual([]);
  });
});

describe("a sudo that says no", () => {
  test.each([
    ["password", {}, "sudo asks ops for a password and none is configured"],
    ["password", { sudoPassword: "wrong one" }, "sudo refused the password"],
    ["denied", withPassword, "the login ops may not use sudo"],
    ["rs", {}, "sudo asks ops for a password and none is configured"],
    ["rs", { sudoPassword: "wrong one" }, "sudo refused the password"],
    ["rs-old", { sudoPassword: "wrong one" }, "sudo refused the password"],
    ["rs-broken", {}, "sudo failed"],
    ["rs-denied", withPassword, "the login ops may not use sudo"],
    ["tty", {}, "requiretty"],
    ["tty", withPassword, "requiretty"],
  ])("is told with its cure: %s with %j", async (mode, values, what) => {
    const { machine } = await scene(mode, values);
    await expect(machine.run(CAT)).rejects.toMatchObject({ code: "sudo" });
    await expect(machine.run(CAT)).rejects.toThrow(what);
    await expect(machine.run(CAT)).rejects.not.toThrow("wrong one");
    await expect(machine.open({ program: CAT.program })).rejects.toMatchObject({ code: "sudo" });
  });

  test("asks for a password where it lets people in by their ssh agent: that none is forwarded is said", async () => {
    const { machine } = await scene("password");
    await expect(machine.run(CAT)).rejects.toThrow(/pam_ssh_agent_auth.*no agent is forwarded to hosts/);
  });

  test("to a password that was right before gets nothing else for a second try", async () => {
    const { machine, log, setPassword } = await scene("rs", withPassword);
    await cat(machine);
    setPassword("another one");
    const alone = machine.run({ ...CAT, stdin: "x".repeat(3_000_000) });
    await expect(alone).rejects.toThrow("sudo refused the password");
    expect(log()).not.toContain("took another line");
  });

  test("is told where there is none", async () => {
    const someone = who();
    const far = await server({ env: { PATH: someone.home } });
    const { home } = who({ far });
    const remote = someone.remote({ sshConfig: join(home, ".ssh/config"), knownHosts: far.knownHosts });
    await expect(remote.machine("far").run(CAT)).rejects.toThrow("there is no sudo");
  });

  test.each(["password", "rs"])("of %s tries a wrong password on one host of many", async (mode) => {
    const someone = who();
    chmodSync(someone.write("bin/sudo", SUDO), 0o700);
    someone.write("mode", mode);
    someone.write("password", PASSWORD);
    const env = { PATH: `${someone.home}/bin:/usr/bin:/bin`, STATE: someone.home };
    const farEnds = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => [`far${index}`, await server({ env })] as const),
    );
    const { home } = who(Object.fromEntries(farEnds));
    const knownHosts = farEnds.map(([, one]) => one.knownHosts).join("");
    const remote = someone.remote({
      sshConfig: join(home, ".ssh/config"),
      knownHosts,
      sudoPassword: "wrong one",
    });
    const all = await Promise.allSettled(farEnds.map(([name]) => remote.machine(name).run(CAT)));
    const said = all.map((one) =>
      one.status === "rejected" && one.reason instanceof Error ? one.reason.message : "no error",
    );
    expect(said.filter((text) => text.includes("sudo refused the password on far"))).toHaveLength(7);
    for (const text of said) expect(text).toContain("sudo refused the password");
    const log = readFileSync(join(someone.home, "log"), "utf8").trim().split("\n");
    expect(log.filter((line) => line.startsWith("took"))).toEqual(["took a line"]);
  });

  test("is asked with a wrong password once, and no payload is taken for a second try", async () => {
    const { machine, log } = await scene("password", { sudoPassword: "wrong one" });
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => machine.run(CAT)));
    expect(all.every(({ status }) => status === "rejected")).toBe(true);
    expect(log()).toEqual(["n", "S", "took a line"]);
  });
});

test("a login that runs something else than asked is told as such", async () => {
  const someone = who();
  const shell = someone.write(
    "nologin",
    "#!/bin/sh\necho This account is currently not available.\nexit 1\n",
  );
  chmodSync(shell, 0o700);
  const far = await server({ shell: [shell] });
  const { home } = who({ far });
  const remote = someone.remote({ sshConfig: join(home, ".ssh/config"), knownHosts: far.knownHosts });
  const failed = remote.machine("far").run(CAT);
  await expect(failed).rejects.toMatchObject({ code: "authentication" });
  await expect(failed).rejects.toThrow(
    "the login ops works, but it did not run /bin/sh as asked (exit code 1)",
  );
});
