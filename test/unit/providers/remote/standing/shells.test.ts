/** Who gets which shell, and when another is opened: by shells in memory and a clock of the test. */
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { endShells, shellsOn, type Opened } from "../../../../../providers/remote/standing/shells";
import { asking, newShell } from "../../../../support/memory-shells";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  // Nothing that waits is left behind.
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

const settled = () => jest.advanceTimersByTimeAsync(0);
const after = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

/** What is opened, or why it is not, after a while. */
const slow = (milliseconds: number, what: () => Opened) => async (): Promise<Opened> => {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
  return what();
};

const refused = (): Opened => {
  throw new Error("no channel");
};

describe("who needs a shell", () => {
  test("gets the one that is free, whoever had it before, and it rests in between", async () => {
    const at = asking();
    for (const who of ["a", "b", "c"]) {
      await at.ask(who);
      at.shells.give(at.shell(0));
    }
    expect([at.got, at.opens()]).toEqual([["a: shell 0", "b: shell 0", "c: shell 0"], 1]);
    expect(at.shell(0).done).toEqual(["rest", "rest", "rest"]);
  });

  test("as the login gets none of the superuser's, and on another link none of this one's", async () => {
    const at = asking();
    await at.ask("a");
    at.shells.give(at.shell(0));
    const login = shellsOn(at.link, "login");
    const other = newShell();
    expect(await login.take(() => Promise.resolve(other))).toBe(other);
    const elsewhere = asking();
    await elsewhere.ask("b");
    expect([at.opens(), elsewhere.opens()]).toEqual([1, 1]);
  });

  test("gets it in the order of asking, and without a rest in between", async () => {
    const at = asking();
    await at.ask("a");
    for (const who of ["b", "c"]) void at.ask(who);
    for (let turn = 0; turn < 2; turn += 1) {
      at.shells.give(at.shell(0));
      await settled();
    }
    expect([at.got, at.opens()]).toEqual([["a: shell 0", "b: shell 0", "c: shell 0"], 1]);
    expect(at.shell(0).done).toEqual([]);
  });

  test("for long gets another at once where there is one, and waits like everybody where there are two", async () => {
    const at = asking();
    await at.ask("a");
    await at.ask("talk", true);
    void at.ask("more", true);
    await after(19_999);
    expect(at.got).toEqual(["a: shell 0", "talk: shell 1"]);
    await after(1);
    expect(at.got).toContain("more: shell 2");
  });

  test("waits a tenth of a second for the only one, twenty seconds for one of more, and for ever for one of six", async () => {
    const at = asking();
    for (let who = 0; who < 8; who += 1) void at.ask(String(who));
    const steps: [number, number][] = [
      [0, 1],
      [99, 1],
      [1, 2],
      [19_899, 2],
      [1, 6],
      [600_000, 6],
    ];
    for (const [milliseconds, shells] of steps) {
      await after(milliseconds);
      expect([milliseconds, at.opens()]).toEqual([milliseconds, shells]);
    }
    at.shells.give(at.shell(3));
    at.shells.give(at.shell(1));
    await settled();
    expect(at.got.slice(6)).toEqual(["6: shell 3", "7: shell 1"]);
  });

  test("is told that the machine has none, and so is everybody who waits or comes later", async () => {
    const at = asking();
    at.opening(slow(50, () => ({ unfit: "no setsid" })));
    for (const who of ["a", "b"]) void at.ask(who);
    await after(50);
    await at.ask("c");
    expect([at.got, at.opens()]).toEqual([["a: no setsid", "b: no setsid", "c: no setsid"], 1]);
  });
});

describe("a shell that has ended", () => {
  test("while nobody used it is given to nobody", async () => {
    const at = asking();
    await at.ask("a");
    at.shells.give(at.shell(0));
    at.shell(0).die();
    await settled();
    await at.ask("b");
    expect(at.got).toEqual(["a: shell 0", "b: shell 1"]);
  });

  test("under a program is replaced for whoever waits longest, at once", async () => {
    const at = asking();
    await at.ask("a");
    for (const who of ["b", "c"]) void at.ask(who);
    at.shell(0).die();
    at.shells.give(at.shell(0));
    await settled();
    expect(at.got).toEqual(["a: shell 0", "b: shell 1"]);
    at.shells.give(at.shell(1));
    await settled();
    expect([at.got.at(-1), at.opens()]).toEqual(["c: shell 1", 2]);
  });

  test("or was given up, so that nobody hears of its end, counts no more: who comes later fails in time, or gets another", async () => {
    const at = asking();
    await at.ask("a");
    at.shell(0).hang();
    at.shells.give(at.shell(0));
    at.opening(slow(60_000, refused));
    void at.ask("b");
    await after(60_000);
    expect(at.got.at(-1)).toBe("b: no channel");
    at.opening(() => Promise.resolve(newShell()));
    await at.ask("c");
    expect(at.got.at(-1)).toBe("c: shell 1");
  });

  test("is counted once, whether it was given back or was heard of first", async () => {
    const at = asking();
    await at.ask("a");
    await at.ask("talk", true);
    at.shell(0).die();
    at.shells.give(at.shell(0));
    await settled();
    void at.ask("b");
    await after(99);
    expect(at.opens()).toBe(2);
    await after(1);
    expect(at.got.at(-1)).toBe("b: shell 2");
  });
});

describe("a shell that cannot be opened", () => {
  test("is no failure while another may get free", async () => {
    const at = asking();
    await at.ask("a");
    at.opening(() => Promise.reject(new Error("no channel")));
    void at.ask("b");
    await after(60_000);
    expect(at.got).toEqual(["a: shell 0"]);
    at.shells.give(at.shell(0));
    await settled();
    expect(at.got).toEqual(["a: shell 0", "b: shell 0"]);
  });

  test("is one for everybody who waits where there is no other", async () => {
    const at = asking();
    at.opening(slow(10, refused));
    for (const who of ["a", "b", "c"]) void at.ask(who);
    await after(1000);
    expect([at.got, at.opens()]).toEqual([["a: no channel", "b: no channel", "c: no channel"], 3]);
  });

  test("is one where the others have become conversations, which do not come back", async () => {
    const at = asking();
    await at.ask("talk", true);
    at.shells.handOver(at.shell(0));
    at.opening(() => Promise.reject(new Error("no channel")));
    await at.ask("a");
    expect(at.got).toEqual(["talk: shell 0", "a: no channel"]);
  });
});

describe("a conversation", () => {
  test("is waited for by nobody, also by those who waited before it was one", async () => {
    const at = asking();
    await at.ask("talk", true);
    void at.ask("a");
    at.shells.handOver(at.shell(0));
    await settled();
    expect([at.got, at.shell(0).done]).toEqual([["talk: shell 0", "a: shell 1"], ["handed over"]]);
  });

  test("counts among the shells: many programs beside it share one", async () => {
    const at = asking();
    await at.ask("talk", true);
    at.shells.handOver(at.shell(0));
    for (let who = 0; who < 5; who += 1) void at.ask(String(who));
    await after(10_000);
    for (let turn = 0; turn < 5; turn += 1) {
      at.shells.give(at.shell(1));
      await settled();
    }
    expect([at.got.length, at.opens()]).toEqual([6, 2]);
  });
});

test("at the end those that nobody uses are ended, and none is given again", async () => {
  const at = asking();
  await at.ask("a");
  await at.ask("talk", true);
  at.shells.give(at.shell(0));
  endShells(at.link);
  expect([at.shell(0).done.at(-1), at.shell(1).done]).toEqual(["end", []]);
});
