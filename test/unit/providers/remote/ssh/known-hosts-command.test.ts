import { existsSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { fingerprint } from "../../../../../providers/remote/ssh/key-blob";
import { hostEntry, said, stage, type Operator } from "../../../../support/ssh-operator";
import { newKey, type SshServer } from "../../../../support/ssh-server";

const { server, who, clear } = stage();
afterEach(clear);

const blobOf = (line: string | undefined): string => line?.split(" ")[1] ?? "";

/** An operator without a known_hosts file, whose configuration names a command. */
const asked = (far: SshServer, line: string, more = ""): Operator => {
  const someone = who({ far });
  const command = line.replace("HOME", someone.home);
  someone.write(".ssh/known_hosts", "");
  const key = `  IdentityFile ${someone.home}/.ssh/key-far\n`;
  someone.write(".ssh/config", hostEntry("far", far, `${key}  KnownHostsCommand ${command}\n${more}`));
  return someone;
};

const isRunning = (pid: string): boolean =>
  existsSync(`/proc/${pid}/stat`) && !/ [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));

const login = (someone: Operator, values?: Readonly<Record<string, string>>): Promise<string> =>
  said(someone.remote(values).machine("far"), "echo in");

const refused = async (far: SshServer, someone: Operator, why: string | RegExp): Promise<void> => {
  const failed = login(someone);
  await expect(failed).rejects.toMatchObject({ code: "host-key" });
  await expect(failed).rejects.toThrow(why);
  expect(far.counts.logins).toBe(0);
};

describe("KnownHostsCommand", () => {
  test("is asked for the order before and for the key that is shown, with its tokens", async () => {
    const far = await server();
    const command = 'for one; do echo "$one"; done >> HOME/asked; cat HOME/.ssh/lines'.replaceAll(
      "HOME",
      "$0",
    );
    const args = 'HOME %I %H "%h %p" %t %f %K %% # no comment';
    const someone = asked(far, `/bin/sh -c '${command}' ${args}`);
    someone.write(".ssh/lines", far.knownHosts);
    expect(await login(someone)).toBe("in\n");
    const blob = blobOf(far.hostKeys[0]?.public);
    const name = `[127.0.0.1]:${far.port}`;
    const rest = ["%", "#", "no", "comment"];
    expect(readFileSync(`${someone.home}/asked`, "utf8").trim().split("\n")).toEqual([
      ...["ORDER", name, `127.0.0.1 ${far.port}`, "NONE", "NONE", "NONE", ...rest],
      ...["HOSTNAME", name, `127.0.0.1 ${far.port}`, "ssh-ed25519"],
      ...[fingerprint(Buffer.from(blob, "base64")), blob, ...rest],
    ]);
  });

  test("makes a key known by the name alone where nothing is known for name and port", async () => {
    const far = await server();
    const someone = asked(far, `/bin/echo %H ${far.hostKeys[0]?.public ?? ""}`);
    expect(await login(someone)).toBe("in\n");
    const other = asked(far, `/bin/echo 127.0.0.1 ${far.hostKeys[0]?.public ?? ""}`);
    expect(await login(other)).toBe("in\n");
  });

  test("decides which of several keys is asked for", async () => {
    const far = await server({ hostKeys: [newKey("ed25519"), newKey("ecdsa")] });
    const line = far.knownHosts.split("\n").find((one) => one.includes("ecdsa")) ?? "";
    expect(await login(asked(far, `/bin/echo "${line}"`))).toBe("in\n");
  });

  test("that prints another key refuses the host, and says where the old one is taken out", async () => {
    const far = await server();
    await refused(
      far,
      asked(far, `/bin/echo %H ${newKey().public}`),
      /has changed.*KnownHostsCommand reads it/s,
    );
  });

  test("that prints a revoked key refuses the host", async () => {
    const far = await server();
    const command = `/bin/printf "%%s\\n" "@revoked * ${far.hostKeys[0]?.public ?? ""}" "${far.knownHosts.trim()}"`;
    await refused(far, asked(far, command), "is revoked");
  });

  test.each([
    ["/bin/false", "ended with exit code 1"],
    ["/no/such/program %H", "ENOENT"],
    ["echo %H", "must begin with an absolute path"],
    ["/bin/echo '%H", "a quote is not closed"],
    ["/bin/echo %Q", "the token %Q"],
    ["/bin/sh -c 'yes x'", "printed more than 1 MB"],
  ])("that cannot be asked refuses the host: %s", async (command, why) => {
    const far = await server();
    const someone = asked(far, command);
    await expect(login(someone)).rejects.toThrow(why);
    expect(far.counts.logins).toBe(0);
  });

  test("that does not end is ended, with what it has started", async () => {
    const far = await server();
    const command = "/bin/sh -c 'sleep 100 & echo $! > HOME/pid; wait'";
    const someone = asked(far, command, "  ConnectTimeout 1\n");
    await refused(far, someone, "did not end within 0.5 s");
    const pid = readFileSync(`${someone.home}/pid`, "utf8").trim();
    // A process that was killed may still be on its way out.
    while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  test("does not count where the lines are given, nor as `none`", async () => {
    const far = await server();
    const someone = asked(far, "/bin/false");
    expect(await login(someone, { knownHosts: far.knownHosts })).toBe("in\n");
    const none = asked(far, "none");
    await expect(login(none)).rejects.toThrow("is not known");
  });
});
