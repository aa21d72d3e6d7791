/** Every login of the sandbox: what a program is given arrives, and nothing else; what cannot be is said. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { connectRemote } from "../../providers/remote/index.js";
import type { Remote } from "../../providers/remote/machine.js";
import { readSettings } from "../../providers/remote/settings.js";
import { site } from "../support/engine.js";

const open: Remote[] = [];
afterEach(() => Promise.all(open.splice(0).map((remote) => remote.close())));

const reach = (settings: Readonly<Record<string, string>>) => {
  const values: Readonly<Record<string, string>> = { sshConfig: site().sshConfig, ...settings };
  const remote = connectRemote(readSettings((key) => values[key], {}));
  open.push(remote);
  return remote;
};

const PAYLOAD = "a line\n'quotes' \"and\" $dollars `ticks` \\ ! é\n";
const program = { name: "echo-back", text: 'id -u; printf "%s|" "$@"; cat' };
const args = ["it's", "a b", "$HOME", "new\nline", "!event", "\\", ""];

const echo = async (settings: Readonly<Record<string, string>>, host = "cmp1") => {
  const { code, stdout } = await reach(settings).machine(host).run({ program, args, stdin: PAYLOAD });
  return { code, text: Buffer.from(stdout).toString("utf8") };
};
const asRoot = { code: 0, text: `0\n${args.map((one) => `${one}|`).join("")}${PAYLOAD}` };

describe("a program runs as root, its arguments and input arrive unchanged", () => {
  test.each(["root", "ops", "cshops", "fishops", "noisy"])("by the login %s", async (sshUser) => {
    expect(await echo({ sshUser })).toEqual(asRoot);
  });

  test("by a login whose sudo wants a password, which goes nowhere but to sudo", async () => {
    const sudoPassword = readFileSync(String(Reflect.get(site(), "pwopsPasswordFile")), "utf8").trim();
    expect(await echo({ sshUser: "pwops", sudoPassword })).toEqual(asRoot);
  });

  test("through a jump host", async () => {
    expect(await echo({}, "cmp2-jump")).toEqual(asRoot);
  });
});

describe("what cannot be is one sentence with a cure", () => {
  const failure = async (settings: Readonly<Record<string, string>>) =>
    echo(settings).catch((error: unknown) => String(error instanceof Error ? error.message : error));

  test("sudo wants a password and none is configured", async () => {
    expect(await failure({ sshUser: "pwops" })).toMatch(/cmp1.*sudo[\s\S]*sudoPassword/);
  });

  test("a wrong password is tried once and not repeated in the message", async () => {
    const said = await failure({ sshUser: "pwops", sudoPassword: "not-the-password" });
    expect(said).toContain("sudo");
    expect(said).not.toContain("not-the-password");
  });

  test("a login without any rights", async () => {
    expect(await failure({ sshUser: "nosudo" })).toContain("sudo");
  });

  test("become none runs as the login itself", async () => {
    const { text } = await echo({ sshUser: "nosudo", become: "none" });
    expect(text.split("\n")[0]).not.toBe("0");
  });

  test("a host key that is not known", async () => {
    expect(await failure({ knownHosts: "# none" })).toMatch(/host key[\s\S]*ssh-keyscan/);
  });
});

test("a hundred runs share one connection", async () => {
  const machine = reach({}).machine("ctl1");
  const text = 'echo "$SSH_CONNECTION"; id -u';
  const runs = await Promise.all(
    Array.from({ length: 100 }, () => machine.run({ program: { name: "who", text }, become: false })),
  );
  const seen = new Set(runs.map(({ stdout }) => Buffer.from(stdout).toString("utf8")));
  expect([runs.length, seen.size]).toEqual([100, 1]);
});
