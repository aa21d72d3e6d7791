/** A door by one long-lived python3 + rados program on the admin host: lines of JSON in and out, matched by id. */
import { Failure } from "../../remote/failure.js";
import type { Conversation, Machine } from "../../remote/machine.js";
import { unconnected, type Answer, type Door, type Order, type Way } from "./door.js";
import { CEPH_PROGRAM, CEPH_PYTHON, NO_RADOS } from "./program.js";

/** A conversation that nobody uses for so long is ended: an idle provider process must not hold the admin host. */
const IDLE_MS = 60_000;

/** What a slow admin host may need on top of a deadline that the far end keeps itself. */
const GRACE_SECONDS = 20;

/** A delete lists the pool and may wait for another run's switch. */
const DELETE_FACTOR = 5;

interface Waiting {
  readonly settle: (answer: Answer) => void;
  readonly fail: (failure: Error) => void;
}

/** How the first line was: a door that opens, no `rados` module there, or why not. */
type Hello = { readonly fsid: string } | "no-rados";

const answerOf = (message: Readonly<Record<string, unknown>>): Answer => ({
  code: typeof message["code"] === "number" ? message["code"] : 5,
  out: typeof message["out"] === "string" ? message["out"] : "",
  text: typeof message["text"] === "string" ? message["text"] : "",
});

const parsed = (line: string): Readonly<Record<string, unknown>> => {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === "object" && message !== null ? { ...message } : {};
  } catch {
    // Not ours: `cephadm shell` and login banners write to standard output, too.
    return {};
  }
};

const late = (host: string, seconds: number): Failure =>
  new Failure({
    code: "timeout",
    host,
    what: `the cluster has not answered within ${seconds} s`,
    cure: "See `ceph -s` there; a slow cluster needs a larger ceph-openstack:commandTimeoutSeconds.",
  });

/** Ends a conversation after a while without orders. */
const idleness = (whenIdle: () => void) => {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => clearTimeout(timer);
  const begin = (): void => {
    stop();
    timer = setTimeout(whenIdle, IDLE_MS);
    // An idle conversation does not keep the process.
    timer.unref();
  };
  return { begin, stop };
};

/** The state of one conversation: who waits for which answer, and whether it has ended. */
const exchange = (host: string, talk: Conversation) => {
  const waiting = new Map<number, Waiting>();
  let over: Error | undefined;
  let last = 0;
  const idle = idleness(() => {
    over = new Failure({ code: "cut", host, what: "the conversation with the cluster was idle and is over" });
    talk.end();
  });
  const send = (order: Order, seconds: number): Promise<Answer> => {
    const id = ++last;
    let timer: NodeJS.Timeout | undefined;
    return new Promise<Answer>((settle, fail) => {
      waiting.set(id, { settle, fail });
      timer = setTimeout(() => fail(late(host, seconds)), seconds * 1000);
      talk.send(JSON.stringify({ id, ...order })).catch(fail);
    }).finally(() => {
      clearTimeout(timer);
      waiting.delete(id);
      if (waiting.size === 0 && over === undefined) idle.begin();
    });
  };
  return {
    isOpen: () => over === undefined,
    answer: (id: number, answer: Answer) => waiting.get(id)?.settle(answer),
    close(reason: Error): void {
      over ??= reason;
      idle.stop();
      for (const { fail } of waiting.values()) fail(reason);
      waiting.clear();
    },
    ask(order: Order, seconds: number): Promise<Answer> {
      if (over !== undefined) return Promise.reject(over);
      idle.stop();
      return send(order, seconds);
    },
  };
};

/** It ends well only where its input ends: that of a container is closed from the beginning, unless it is asked for. */
const CLOSED_INPUT = "Does cluster.prefix pass standard input on? `podman exec` and `docker exec` want `-i`.";

const ended = (
  machine: Machine,
  { prefix }: Way,
  end: { code: number | null; stderr: string; failure?: Error },
): Error =>
  end.failure ??
  new Failure({
    code: "cut",
    host: machine.name,
    command: CEPH_PROGRAM.name,
    exitCode: end.code,
    what: "the program that talks to the cluster has ended",
    stderr: end.stderr,
    ...(end.code === 0 && prefix.length > 0 ? { cure: CLOSED_INPUT } : {}),
  });

const greeted = async (
  hello: Promise<Hello>,
  machine: Machine,
  { seconds, stop }: { seconds: number; stop: () => void },
) => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      stop();
      fail(
        new Failure({
          code: "timeout",
          host: machine.name,
          what: `no word from the cluster within ${seconds} s`,
        }),
      );
    }, seconds * 1000);
  });
  try {
    return await Promise.race([hello, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Opens a conversation; undefined where no python3 there has the `rados` module.
 * @throws Failure `unreachable`, `timeout`, `command` (the monitors cannot be reached from there), and those of the machine
 */
export const openConversation = async (machine: Machine, way: Way): Promise<Door | undefined> => {
  const { entity, name, conf, keyring, prefix, connectSeconds, commandSeconds } = way;
  const times = [String(connectSeconds), String(commandSeconds)];
  const talk = await machine.open({
    program: CEPH_PROGRAM,
    args: [CEPH_PYTHON, entity, name, conf, keyring, ...times, ...prefix],
  });
  const { isOpen, answer, close, ask } = exchange(machine.name, talk);
  const hello = new Promise<Hello>((settle, fail) => {
    talk.onLine((line) => {
      const message = parsed(line);
      if (message["hello"] === true) settle({ fsid: String(message["fsid"]) });
      else if (message["hello"] === false) fail(unconnected(machine.name, way.entity, answerOf(message)));
      else if (typeof message["id"] === "number") answer(message["id"], answerOf(message));
    });
    talk.onEnd((end) => {
      const reason = ended(machine, way, end);
      close(reason);
      if (end.failure === undefined && end.code === NO_RADOS) settle("no-rados");
      else fail(reason);
    });
  });
  const greeting = await greeted(hello, machine, {
    seconds: connectSeconds + GRACE_SECONDS,
    stop: () => talk.end(),
  });
  if (greeting === "no-rados") return undefined;
  const seconds = commandSeconds + GRACE_SECONDS;
  return {
    host: machine.name,
    fsid: greeting.fsid,
    isOpen,
    ask: (order) => ask(order, order.do === "delete" ? seconds * DELETE_FACTOR : seconds),
  };
};
