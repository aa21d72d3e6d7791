import { createServer, type AddressInfo, type Server } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { engineAddress, watchEngine } from "../../../../providers/remote/engine-watch";

const listening = (): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.listen(0, "127.0.0.1", () => resolve(server));
  });

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("the engine", () => {
  test("is gone when its port refuses twice, and that is told once", async () => {
    const server = await listening();
    const { port } = server.address() as AddressInfo;
    let told = 0;
    const stop = watchEngine(`127.0.0.1:${port}`, () => (told += 1), 0.05);
    await pause(300);
    expect(told).toBe(0);
    await new Promise((resolve) => server.close(resolve));
    await pause(300);
    expect(told).toBe(1);
    stop();
  });

  test("is not looked at any more once the watch is ended", async () => {
    const server = await listening();
    const { port } = server.address() as AddressInfo;
    let told = 0;
    watchEngine(`127.0.0.1:${port}`, () => (told += 1), 0.05)();
    await new Promise((resolve) => server.close(resolve));
    await pause(200);
    expect(told).toBe(0);
  });

  test("is found among the arguments of the provider process", () => {
    expect(engineAddress(["/usr/bin/node", "/x/index.js", "127.0.0.1:40123"])).toBe("127.0.0.1:40123");
    expect(engineAddress(["/usr/bin/node", "/x/index.js"])).toBeUndefined();
    // As `pulumi up --logtostderr --logflow -v=9` starts it.
    const flags = ["--logtostderr", "-v=9"];
    expect(engineAddress(["/usr/bin/node", "/x/index.js", ...flags, "127.0.0.1:40123"])).toBe(
      "127.0.0.1:40123",
    );
  });
});
