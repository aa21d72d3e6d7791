/**
 * Files, directories and records of one host. A write compares under a lock what stands there with what was looked at, puts the record
 * before or behind the file, and ends by a fresh look, all in one round trip.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { sha256 } from "../../formats/digest.js";
import type { Reach } from "../../kernel/contract.js";
import { Failure } from "../../remote/failure.js";
import type { Machine } from "../../remote/machine.js";
import { filesFailure } from "./failures.js";
import { forCaller, together, type Asked, type Edit } from "./group.js";
import { LOOK_PROGRAM } from "./look.js";
import { EXIT } from "./open.js";
import { parseLook, writeRequest, type Change, type Look } from "./wire.js";
import { WRITE_PROGRAM } from "./write.js";

export type { Edit } from "./group.js";
export type { Change, Holder, Look } from "./wire.js";

export interface Files {
  /**
   * Looks at an absolute path, or at the record of any other name. `asked`: a user whose login group is wanted.
   * @throws Failure `refused` for a link that root does not own
   */
  look(path: string, asked?: string): Promise<Look>;
  /**
   * Edits what was looked at; looks again and repeats when something else changed it. Yields the look after the write.
   * @throws Failure `refused`, `conflict`, `timeout`, `command`
   */
  change(look: Look, edit: Edit): Promise<Look>;
}

const SHARED = Symbol.for("pulumi-ceph-openstack.files");
const ATTEMPTS = 25;

/** The files of a host; one client for all resources of the process. */
export const filesOf = (reach: Reach, host: string): Files => {
  const hosts = reach.shared(SHARED, () => new Map<string, Files>());
  const files = hosts.get(host) ?? filesOn(reach.machine(host));
  hosts.set(host, files);
  return files;
};

/** What a process remembers of a host. */
interface Memory {
  readonly machine: Machine;
  /** The last look at each real path: its content need not travel again, and a write of ours makes older looks stale. */
  readonly latest: Map<string, Look>;
  /** Where a path led the last time. */
  readonly leads: Map<string, string>;
  /** Looks on their way, shared by all who ask before the next write ends. */
  readonly flying: Map<string, Promise<Look>>;
}

/** The files of a machine. */
export const filesOn = (machine: Machine): Files => {
  const memory: Memory = { machine, latest: new Map(), leads: new Map(), flying: new Map() };
  /** Edits of one real path wait for each other; those that wait at the same time share a write. */
  const queues = new Map<string, Waiting[]>();
  return {
    look: (path, asked = "") => sharedLook(memory, path, asked),
    change: (seen, edit) =>
      new Promise((resolve, reject) => {
        const queue = queues.get(seen.real);
        const one = { seen, edit, resolve, reject };
        if (queue !== undefined) {
          queue.push(one);
          return;
        }
        const own = [one];
        queues.set(seen.real, own);
        void drain(memory, own, () => queues.delete(seen.real));
      }),
  };
};

interface Waiting extends Asked {
  resolve(look: Look): void;
  reject(error: unknown): void;
}

const pause = (attempt: number): Promise<void> => sleep(Math.random() * Math.min(20 * 2 ** attempt, 1000));

const keep = ({ latest, leads }: Memory, look: Look): Look => {
  latest.set(look.real, look);
  leads.set(look.path, look.real);
  return look;
};

const busy = ({ machine }: Memory, path: string): Failure =>
  new Failure({
    code: "conflict",
    host: machine.name,
    what: `${path} changed each time before it could be written (${ATTEMPTS} times)`,
    cure: "Something else is writing it all the time; stop that and run again.",
  });

const sharedLook = (memory: Memory, path: string, asked: string): Promise<Look> => {
  const { flying } = memory;
  const name = `${path}\0${asked}`;
  const shared = flying.get(name);
  if (shared !== undefined) return shared;
  const own = lookNow(memory, path, asked);
  const landed = (): void => {
    if (flying.get(name) === own) flying.delete(name);
  };
  own.then(landed, landed);
  flying.set(name, own);
  return own;
};

const lookNow = async (memory: Memory, path: string, asked: string): Promise<Look> => {
  const { machine, latest, leads } = memory;
  const known = latest.get(leads.get(path) ?? path)?.bytes;
  const stdin = `${known === undefined ? "" : sha256(known)}\n${sha256(path, "utf8")}\n`;
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    const result = await machine.run({ program: LOOK_PROGRAM, args: [path, asked], stdin });
    if (result.code !== 0 && result.code !== EXIT.again)
      throw filesFailure(machine.name, LOOK_PROGRAM.name, result);
    const look = result.code === 0 ? parseLook(result.stdout, { path, asked, known }) : undefined;
    if (look !== undefined) return keep(memory, look);
    await pause(attempt);
  }
  throw busy(memory, path);
};

/** One attempt: whether it was written, and the look after it where the program came that far. */
const writeOnce = async (
  memory: Memory,
  base: Look,
  change: Change,
): Promise<{ look: Look; done: boolean }> => {
  const { machine, flying } = memory;
  const { args, stdin, bytes } = writeRequest(base, change);
  const result = await machine.run({ program: WRITE_PROGRAM, args, stdin }).finally(() => flying.clear());
  if (result.code !== 0 && result.code !== EXIT.again)
    throw filesFailure(machine.name, WRITE_PROGRAM.name, result);
  const asked = base.asked ?? "";
  const look =
    result.stdout.length === 0
      ? undefined
      : parseLook(result.stdout, { path: base.path, asked, known: bytes });
  return {
    look: look === undefined ? await lookNow(memory, base.path, asked) : keep(memory, look),
    done: result.code === 0,
  };
};

/** Settles the first of those who wait, and everybody whose edit fits into the same write. */
const turn = async (memory: Memory, queue: Waiting[], first: Waiting): Promise<void> => {
  // A write of ours that was queued before made what was looked at stale; the compare under the lock catches everybody else's.
  let base = memory.latest.get(first.seen.real) ?? first.seen;
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    const { taken, change, failed } = together(forCaller(base, first.seen), queue);
    const leave = (gone: readonly Waiting[]): void =>
      void queue.splice(0, queue.length, ...queue.filter((one) => !gone.includes(one)));
    leave(failed.map(({ one }) => one));
    for (const { one, error } of failed) one.reject(error);
    const settle = (look: Look): void => {
      leave(taken);
      for (const one of taken) one.resolve(forCaller(look, one.seen));
    };
    if (change === undefined) return settle(base);
    try {
      const { look, done } = await writeOnce(memory, forCaller(base, (taken[0] ?? first).seen), change);
      if (done) return settle(look);
      base = look;
    } catch (error) {
      leave(taken);
      for (const one of taken) one.reject(error);
      return;
    }
    // At once: a pause would make the look that came with the answer older, and somebody who saves often would always be ahead.
  }
  queue.splice(0, 1);
  first.reject(busy(memory, first.seen.path));
};

/** `done` is called in the same moment in which the queue is seen empty: nobody may be put into it after that. */
const drain = async (memory: Memory, queue: Waiting[], done: () => void): Promise<void> => {
  for (let [first] = queue; first !== undefined; [first] = queue) await turn(memory, queue, first);
  done();
};
