import { afterEach, describe, expect, test } from "@jest/globals";
import { hostEntry, said, stage } from "../../../../support/ssh-operator";
import type { SshServer } from "../../../../support/ssh-server";

const { server, who, clear } = stage();
afterEach(clear);

describe("jump hosts", () => {
  test("carry the connections of all hosts behind them over one of their own", async () => {
    const [jump, a, b] = [await server(), await server(), await server()];
    const someone = who({ jump, a, b });
    const through = (name: string, far: SshServer): string =>
      hostEntry(name, far, `  ProxyJump jump\n  IdentityFile ${someone.home}/.ssh/key-${name}`);
    const own = hostEntry("jump", jump, `  IdentityFile ${someone.home}/.ssh/key-jump`);
    someone.write(".ssh/config", own + through("a", a) + through("b", b));
    const remote = someone.remote();
    expect(await Promise.all(["a", "b"].map((name) => said(remote.machine(name), 'echo "$0"')))).toEqual([
      "test\n",
      "test\n",
    ]);
    expect(jump.counts).toMatchObject({ connections: 1, forwards: 2, commands: 0 });
  });

  test("take no place from the hosts behind them", async () => {
    const [jump, a] = [await server(), await server()];
    const someone = who({ jump, a });
    const own = hostEntry("jump", jump, `  IdentityFile ${someone.home}/.ssh/key-jump`);
    const far = hostEntry("a", a, `  ProxyJump jump\n  IdentityFile ${someone.home}/.ssh/key-a`);
    someone.write(".ssh/config", own + far);
    expect(await said(someone.remote({ maxConnections: "1" }).machine("a"), "echo here")).toBe("here\n");
  });

  test.each([1, 2])("used as hosts themselves give their place up: %d with as many places", async (count) => {
    const pairs = await Promise.all(
      Array.from({ length: count }, async (_, index) => ({
        index,
        jump: await server(),
        far: await server(),
      })),
    );
    const someone = who(
      Object.fromEntries(
        pairs.flatMap(({ index, jump, far }) => [
          [`j${index}`, jump],
          [`f${index}`, far],
        ]),
      ),
    );
    const entries = pairs.map(({ index, jump, far }) => {
      const key = (name: string): string => `  IdentityFile ${someone.home}/.ssh/key-${name}${index}\n`;
      return (
        hostEntry(`j${index}`, jump, key("j")) +
        hostEntry(`f${index}`, far, `  ProxyJump j${index}\n${key("f")}`)
      );
    });
    someone.write(".ssh/config", entries.join(""));
    const remote = someone.remote({ maxConnections: String(count) });
    // The jump hosts are at work as hosts when the hosts behind them are wanted.
    const jumps = pairs.map(({ index }) => said(remote.machine(`j${index}`), "sleep 0.3; echo jump"));
    await new Promise((resolve) => setTimeout(resolve, 150));
    const behind = pairs.map(({ index }) => said(remote.machine(`f${index}`), "echo behind"));
    expect(await Promise.all([...jumps, ...behind])).toEqual([
      ...pairs.map(() => "jump\n"),
      ...pairs.map(() => "behind\n"),
    ]);
    expect(
      await Promise.all(pairs.map(({ index }) => said(remote.machine(`j${index}`), "echo more"))),
    ).toEqual(pairs.map(() => "more\n"));
    pairs.forEach(({ jump, far }) =>
      expect([jump, far].map(({ counts }) => counts.connections)).toEqual([1, 1]),
    );
  });

  test("that are wanted as hosts while all places are taken need none once they carry", async () => {
    const [other, jump, far] = [await server(), await server(), await server()];
    const someone = who({ other, jump, far });
    const key = (name: string): string => `  IdentityFile ${someone.home}/.ssh/key-${name}\n`;
    someone.write(
      ".ssh/config",
      hostEntry("other", other, key("other")) +
        hostEntry("jump", jump, key("jump")) +
        hostEntry("far", far, `  ProxyJump jump\n${key("far")}`),
    );
    const remote = someone.remote({ maxConnections: "1" });
    const talk = await remote
      .machine("other")
      .open({ program: { name: "talk", text: "cat" }, become: false });
    const first = said(remote.machine("jump"), "echo jump");
    const second = said(remote.machine("far"), "echo far");
    expect(await first).toBe("jump\n");
    talk.end();
    expect(await second).toBe("far\n");
  });

  test("that cannot reach a host make it unreachable, naming the jump host", async () => {
    const [jump, a] = [await server(), await server()];
    const someone = who({ jump, a });
    const own = hostEntry("jump", jump, `  IdentityFile ${someone.home}/.ssh/key-jump`);
    someone.write(".ssh/config", own + hostEntry("a", a, "  ProxyJump jump\n"));
    await a.close();
    const failed = said(someone.remote().machine("a"), ":");
    await expect(failed).rejects.toMatchObject({ code: "unreachable" });
    await expect(failed).rejects.toThrow("by way of jump");
  });

  test("that are lost take the connections behind them with them, and both are opened again", async () => {
    const [jump, a] = [await server(), await server()];
    const someone = who({ jump, a });
    const own = hostEntry("jump", jump, `  IdentityFile ${someone.home}/.ssh/key-jump`);
    const far = hostEntry("a", a, `  ProxyJump jump\n  IdentityFile ${someone.home}/.ssh/key-a`);
    someone.write(".ssh/config", own + far);
    const machine = someone.remote().machine("a");
    await said(machine, ":");
    const sleeping = said(machine, "sleep 20");
    setTimeout(() => jump.cut(), 100);
    await expect(sleeping).rejects.toMatchObject({ code: "cut" });
    expect(await said(machine, "echo again")).toBe("again\n");
    expect(jump.counts.connections).toBe(2);
  });

  test("that refuse the login are named by the failure of a host behind them", async () => {
    const [jump, a] = [await server({ authorized: [] }), await server()];
    const someone = who({ jump, a });
    const own = hostEntry("jump", jump, `  IdentityFile ${someone.home}/.ssh/key-jump`);
    someone.write(".ssh/config", own + hostEntry("a", a, "  ProxyJump jump\n"));
    await expect(said(someone.remote().machine("a"), ":")).rejects.toMatchObject({
      code: "authentication",
      parts: { host: "jump" },
    });
  });

  test("may be a command", async () => {
    const far = await server();
    const someone = who({ far });
    const relay =
      'node -e \'const s=require("net").connect(%p,"%h");process.stdin.pipe(s).pipe(process.stdout)\'';
    const key = `  IdentityFile ${someone.home}/.ssh/key-far\n`;
    someone.write(".ssh/config", hostEntry("far", far, `${key}  ProxyCommand ${relay}\n`));
    expect(await said(someone.remote().machine("far"), "echo here")).toBe("here\n");
  });

  test("that are a command which fails say what it said", async () => {
    const far = await server();
    const someone = who({ far });
    someone.write(".ssh/config", hostEntry("far", far, "  ProxyCommand echo no way >&2\n"));
    const failed = said(someone.remote().machine("far"), ":");
    await expect(failed).rejects.toMatchObject({ code: "unreachable" });
    await expect(failed).rejects.toThrow("no way");
  });
});
