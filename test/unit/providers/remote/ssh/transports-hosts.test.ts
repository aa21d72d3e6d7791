import { createServer, type AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { hostEntry, said, stage } from "../../../../support/ssh-operator";
import { newKey } from "../../../../support/ssh-server";
import { by, TRANSPORTS } from "../../../../support/transports";

const { server, who, clear } = stage();
afterEach(clear);

describe.each(TRANSPORTS)("by %s, a host", (transport) => {
  const refused = async (someone: ReturnType<typeof who>, values = {}): Promise<unknown> =>
    said(by(transport, someone, values).machine("far"), ":");

  test("that nobody listens on is unreachable, with the address in the message", async () => {
    const far = await server();
    const someone = who({ far });
    await far.close();
    const failed = refused(someone);
    await expect(failed).rejects.toMatchObject({ code: "unreachable" });
    await expect(failed).rejects.toThrow(`host far: 127.0.0.1 port ${far.port}`);
  });

  test("whose name is not known is unreachable", async () => {
    const someone = who();
    someone.write(".ssh/config", "Host far\n  HostName no-such-host.invalid\n");
    await expect(refused(someone)).rejects.toMatchObject({ code: "unreachable" });
  });

  test("that accepts a connection and never speaks is unreachable", async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const someone = who();
    const { port } = mute.address() as AddressInfo;
    someone.write(".ssh/config", `Host far\n  HostName 127.0.0.1\n  Port ${port}\n`);
    const failed = refused(someone, { connectTimeoutSeconds: "1" });
    await expect(failed).rejects.toMatchObject({ code: "unreachable" });
    mute.close();
  });

  test("behind a jump host that cannot reach it is unreachable, naming the way", async () => {
    const [jump, far] = [await server(), await server()];
    const someone = who({ jump, far });
    const own = hostEntry("jump", jump, `  IdentityFile ${someone.home}/.ssh/key-jump\n`);
    someone.write(".ssh/config", own + hostEntry("far", far, "  ProxyJump jump\n"));
    await far.close();
    const failed = refused(someone);
    await expect(failed).rejects.toMatchObject({ code: "unreachable" });
    await expect(failed).rejects.toThrow("by way of");
  });

  test("that refuses the key is a failed login", async () => {
    const failed = refused(who({ far: await server({ authorized: [newKey().public] }) }));
    await expect(failed).rejects.toMatchObject({ code: "authentication" });
    await expect(failed).rejects.toThrow("the login ops at 127.0.0.1");
  });

  test("with a key that is not known is refused, and with accept-new it is remembered", async () => {
    const far = await server();
    const someone = who({ far });
    const known = someone.write(".ssh/known_hosts", "");
    const failed = refused(someone);
    await expect(failed).rejects.toMatchObject({ code: "host-key" });
    await expect(failed).rejects.toThrow("is not known");
    expect(far.counts.commands).toBe(0);
    await refused(someone, { hostKeyChecking: "accept-new" });
    expect(readFileSync(known, "utf8")).toContain("ssh-ed25519");
    await refused(someone);
    expect(far.counts.commands).toBe(2);
  });

  test("whose key has changed is refused, whatever may be accepted", async () => {
    const far = await server();
    const someone = who({ far });
    const other = newKey().public;
    someone.write(".ssh/known_hosts", `[127.0.0.1]:${far.port} ${other}\n`);
    const failed = refused(someone, { hostKeyChecking: "accept-new" });
    await expect(failed).rejects.toMatchObject({ code: "host-key" });
    await expect(failed).rejects.toThrow("has changed");
    expect(far.users).toEqual([]);
  });

  test("that turns connections away unseen is asked again", async () => {
    const far = await server({ maxStartups: 2, loginDelay: 20 });
    const someone = who({ far });
    const users = Array.from({ length: 8 }, (_, index) => `u${index}`);
    const key = `  IdentityFile ${someone.home}/.ssh/key-far\n`;
    const entry = (user: string): string => hostEntry(user, far, key).replace("User ops", `User ${user}`);
    someone.write(".ssh/config", users.map(entry).join(""));
    const remote = by(transport, someone);
    const answers = await Promise.all(users.map((user) => said(remote.machine(user), "echo here")));
    expect(answers).toEqual(users.map(() => "here\n"));
    expect(far.counts.turnedAway).toBeGreaterThan(0);
  });

  test("whose configuration ssh does not understand is refused, naming the file", async () => {
    const someone = who({ far: await server() });
    someone.write(".ssh/config", "Host far\n  Gibberish yes\n");
    const failed = refused(someone);
    await expect(failed).rejects.toMatchObject({ code: "configuration" });
    await expect(failed).rejects.toThrow(join(someone.home, `config-${transport}`));
  });
});
