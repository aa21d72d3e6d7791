import { createServer, type AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { hostEntry, said, stage } from "../../../../support/ssh-operator";

const { server, who, clear } = stage();
afterEach(clear);

describe("one connection", () => {
  test("carries every program of a host, one after another", async () => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    for (const word of ["a", "b", "c"]) expect(await said(machine, 'printf %s "$1"', word)).toBe(word);
    expect(far.counts).toMatchObject({ connections: 1, logins: 1, commands: 3 });
  });

  test("stays open where as many are open as may be", async () => {
    const [a, b] = [await server(), await server()];
    const remote = who({ a, b }).remote({ maxConnections: "2" });
    for (const name of ["a", "b", "a", "b"]) await said(remote.machine(name), ":");
    expect([a.counts.connections, b.counts.connections]).toEqual([1, 1]);
  });
});

describe("closing", () => {
  test("does not wait for a machine that has gone silent", async () => {
    const far = await server();
    const remote = who({ far }).remote();
    await said(remote.machine("far"), ":");
    far.silence();
    await expect(remote.close()).resolves.toBeUndefined();
  });
});

describe("a lost connection", () => {
  test("fails the program that ran, and the next one opens another", async () => {
    const far = await server();
    far.cutAt = { command: 2, when: "after" };
    const machine = who({ far }).remote().machine("far");
    expect(await said(machine, "echo one")).toBe("one\n");
    await expect(said(machine, "echo two")).rejects.toMatchObject({ code: "cut" });
    far.cutAt = undefined;
    expect(await said(machine, "echo three")).toBe("three\n");
    expect(far.counts).toMatchObject({ connections: 2, commands: 3 });
  });

  test("before the program was run is told as a cut too: nobody can know", async () => {
    const far = await server();
    far.cutAt = { command: 1, when: "before" };
    const machine = who({ far }).remote().machine("far");
    await expect(said(machine, "echo one")).rejects.toMatchObject({ code: "cut" });
    expect(far.counts.commands).toBe(1);
  });

  test("is noticed by keep-alive where the network goes silent", async () => {
    const far = await server();
    const someone = who({ far });
    const alive = "  ServerAliveInterval 1\n  ServerAliveCountMax 1\n";
    someone.write(
      ".ssh/config",
      hostEntry("far", far, `  IdentityFile ${someone.home}/.ssh/key-far\n${alive}`),
    );
    const machine = someone.remote().machine("far");
    await said(machine, ":");
    const sleeping = said(machine, "sleep 30");
    setTimeout(() => far.silence(), 100);
    await expect(sleeping).rejects.toMatchObject({ code: "cut" });
  });
});

describe("a server that is hard to reach", () => {
  test("is asked again where it turns connections away unseen", async () => {
    const far = await server({ maxStartups: 2, loginDelay: 20 });
    const someone = who({ far });
    const users = Array.from({ length: 12 }, (_, index) => `u${index}`);
    const key = `  IdentityFile ${someone.home}/.ssh/key-far\n`;
    const entry = (user: string): string => hostEntry(user, far, key).replace("User ops", `User ${user}`);
    someone.write(".ssh/config", users.map(entry).join(""));
    const remote = someone.remote();
    const answers = await Promise.all(users.map((user) => said(remote.machine(user), "echo here")));
    expect(answers).toEqual(users.map(() => "here\n"));
    expect(far.counts.turnedAway).toBeGreaterThan(0);
  });

  test("is unreachable where nobody listens, with the address in the message", async () => {
    const far = await server();
    const someone = who({ far });
    await far.close();
    const failed = said(someone.remote().machine("far"), ":");
    await expect(failed).rejects.toMatchObject({ code: "unreachable" });
    await expect(failed).rejects.toThrow(`host far: 127.0.0.1 port ${far.port} refused the connection`);
  });

  test("is not unreachable where something else answers there", async () => {
    const web = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    const { port } = web.address() as AddressInfo;
    const someone = who();
    someone.write(".ssh/config", `Host far\n  HostName 127.0.0.1\n  Port ${port}\n`);
    await expect(said(someone.remote().machine("far"), ":")).rejects.toMatchObject({ code: "cut" });
    web.close();
  });

  test("is unreachable where it accepts a connection and never speaks", async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const { port } = mute.address() as AddressInfo;
    const someone = who();
    someone.write(".ssh/config", `Host far\n  HostName 127.0.0.1\n  Port ${port}\n  ConnectTimeout 1\n`);
    await expect(said(someone.remote().machine("far"), ":")).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("did not finish the login within 1 s"),
    });
    mute.close();
  });

  test("is unreachable where its name is not known", async () => {
    const someone = who({});
    someone.write(".ssh/config", "Host far\n  HostName no-such-host.invalid\n");
    await expect(said(someone.remote().machine("far"), ":")).rejects.toMatchObject({ code: "unreachable" });
  });

  test("is given up after the connect timeout where it accepts and says nothing", async () => {
    const far = await server({ loginDelay: 60_000 });
    const machine = who({ far }).remote({ connectTimeoutSeconds: "1" }).machine("far");
    await expect(said(machine, ":")).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("did not finish the login within 1 s"),
    });
  });
});
