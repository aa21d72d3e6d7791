import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { pool, type Pool } from "../../../../../providers/remote/ssh/pool";
import type { SshLink } from "../../../../../providers/remote/ssh/connection";
import { configurationOf, wayTo } from "../../../../../providers/remote/ssh/options";
import { readSettings } from "../../../../../providers/remote/settings";
import type { Way } from "../../../../../providers/remote/ssh/way";

afterEach(() => {
  jest.useRealTimers();
});

/** A connection that is only counted. */
const countedLink = (ended: () => void): SshLink => {
  const listeners: (() => void)[] = [];
  let gone = false;
  return {
    start: async () => ({ kind: "gone" }),
    forward: async () => ({ message: "none" }),
    lost: () => gone,
    onLost: (listener) => (gone ? listener() : void listeners.push(listener)),
    end: () => {
      if (gone) return;
      gone = true;
      ended();
      listeners.forEach((listener) => listener());
    },
  };
};

const ways = async (count: number): Promise<Way[]> => {
  const settings = readSettings((key) => (key === "sshConfig" ? "none" : undefined), {});
  const configuration = await configurationOf(settings, { env: {}, home: "/nowhere", user: "me" });
  return Promise.all(Array.from({ length: count }, (_, index) => wayTo(configuration, `h${index}`)));
};

const counting = (maxConnections: number) => {
  const counts = { shaking: 0, mostShaking: 0, open: 0, mostOpen: 0 };
  const connections: Pool = pool({
    maxConnections,
    connect: async () => {
      counts.shaking += 1;
      counts.mostShaking = Math.max(counts.mostShaking, counts.shaking);
      await new Promise((resolve) => setTimeout(resolve, 5));
      counts.shaking -= 1;
      counts.open += 1;
      counts.mostOpen = Math.max(counts.mostOpen, counts.open);
      return countedLink(() => (counts.open -= 1));
    },
  });
  return { connections, counts };
};

const use = async (connections: Pool, way: Way): Promise<void> => {
  const { release } = await connections.lease(way);
  await new Promise((resolve) => setTimeout(resolve, 5));
  release();
};

describe("a pool", () => {
  test("makes at most eight handshakes at a time", async () => {
    const { connections, counts } = counting(100);
    await Promise.all((await ways(60)).map((way) => use(connections, way)));
    expect(counts).toMatchObject({ mostShaking: 8, open: 60 });
  });

  test("has at most so many connections open as it may, and serves every host", async () => {
    const { connections, counts } = counting(5);
    const all = await ways(40);
    await Promise.all([...all, ...all].map((way) => use(connections, way)));
    expect(counts.mostOpen).toBeLessThanOrEqual(5);
    expect(counts.open).toBe(5);
  });

  test("closes a connection that nobody has used for a minute, and not one in use", async () => {
    const [idle, busy] = await ways(2);
    if (idle === undefined || busy === undefined) throw new Error("two ways");
    const { connections, counts } = counting(5);
    jest.useFakeTimers();
    const leases = Promise.all([connections.lease(idle), connections.lease(busy)]);
    await jest.advanceTimersByTimeAsync(10);
    const [first, second] = await leases;
    first.release();
    await jest.advanceTimersByTimeAsync(59_000);
    expect(counts.open).toBe(2);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(counts.open).toBe(1);
    expect(second.link.lost()).toBe(false);
  });

  test("keeps a connection that is used again in time", async () => {
    const [way] = await ways(1);
    if (way === undefined) throw new Error("a way");
    const { connections, counts } = counting(5);
    jest.useFakeTimers();
    for (let round = 0; round < 3; round += 1) {
      const leased = connections.lease(way);
      await jest.advanceTimersByTimeAsync(10);
      (await leased).release();
      await jest.advanceTimersByTimeAsync(50_000);
    }
    expect(counts).toMatchObject({ open: 1, mostOpen: 1 });
  });

  test("gives a place back when a connection cannot be made", async () => {
    const [bad, good] = await ways(2);
    if (bad === undefined || good === undefined) throw new Error("two ways");
    const connections = pool({
      maxConnections: 1,
      connect: async (way) => {
        if (way.host === bad.host) throw new Error("no");
        return countedLink(() => {});
      },
    });
    await expect(connections.lease(bad)).rejects.toThrow("no");
    await expect(connections.lease(good)).resolves.toMatchObject({});
  });
});
