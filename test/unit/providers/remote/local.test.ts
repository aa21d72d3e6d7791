import { afterEach, describe, expect, test } from "@jest/globals";
import { hostEntry, said, stage } from "../../../support/ssh-operator";

const { server, who, clear } = stage();
afterEach(clear);

describe("localhost", () => {
  test("is this machine, without ssh", async () => {
    const machine = who().remote().machine("localhost");
    const program = { name: "here", text: 'cat; echo "$0 $1 $$" >&2; exit 3' };
    const result = await machine.run({ program, args: ["it's"], stdin: "in", become: false });
    expect(result.code).toBe(3);
    expect(Buffer.from(result.stdout).toString()).toBe("in");
    expect(result.stderr).toMatch(/^here it's \d+\n$/);
  });

  test("ends a program that takes too long, with what it has started", async () => {
    const machine = who().remote().machine("localhost");
    const program = { name: "slow", text: 'echo "$$" >"$1"; sleep 60; :' };
    const file = `${who().home}/pid`;
    await expect(
      machine.run({ program, args: [file], timeoutSeconds: 1, become: false }),
    ).rejects.toMatchObject({ code: "timeout" });
    const waiting = 'while kill -0 "$(cat "$1")" 2>/dev/null; do sleep 0.1; done; echo gone';
    expect(await said(machine, waiting, file)).toBe("gone\n");
  });

  test("gives what is started there the environment without settings and passwords", async () => {
    const secrets = ["CEPH_OPENSTACK_SUDO_PASSWORD", "PULUMI_CONFIG_PASSPHRASE", "OS_PASSWORD", "OS_TOKEN"];
    const before = process.env;
    const added = [...secrets, "CITY"].map((name) => [name, `value-of-${name}`]);
    process.env = { ...before, ...Object.fromEntries(added) };
    try {
      const seen = await said(who().remote().machine("localhost"), "env");
      expect(seen).toContain("CITY=value-of-CITY");
      for (const name of secrets) expect(seen).not.toContain(name);
    } finally {
      process.env = before;
    }
  });

  test("tells of a signal", async () => {
    const machine = who().remote().machine("localhost");
    const program = { name: "x", text: "kill -TERM $$" };
    expect(await machine.run({ program, become: false })).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  test("is reached by ssh where the configuration names it, and not where a pattern fits it", async () => {
    const far = await server();
    const someone = who({ far });
    const key = `  IdentityFile ${someone.home}/.ssh/key-far\n`;
    someone.write(".ssh/config", hostEntry("local*", far, key));
    await said(someone.remote().machine("localhost"), ":");
    expect(far.counts.commands).toBe(0);
    someone.write(".ssh/config", hostEntry("other localhost", far, key));
    await said(someone.remote().machine("localhost"), ":");
    expect(far.counts.commands).toBe(1);
  });
});
