/**
 * A Ceph 16.2.15 cluster in memory, behind the program that the client runs on an admin host: lines of JSON in and out, with the exit codes and
 * texts that the real tools were seen to give.
 */
import type { Order } from "../../providers/clients/ceph/door";
import { Failure } from "../../providers/remote/failure";
import type { Conversation, Machine } from "../../providers/remote/machine";
import { answerMon } from "./fake-ceph-monitor";
import { newMonitor, poolNamed, type FakeMonitor, type FakePool } from "./fake-ceph-pools";

/** What the client asks and is answered. */
export interface FakeAnswer {
  readonly code: number;
  readonly out?: string;
  readonly text?: string;
}

/** Where a run is cut: the order does not arrive, or is done and not answered. */
export interface Cut {
  readonly at: number;
  readonly when: "before" | "after";
}

export interface FakeCeph extends FakeMonitor {
  /** Orders since the beginning, as the client sent them. */
  readonly orders: Order[];
  /** Conversations opened so far. */
  opened: number;
  /** Cuts the connection at the n-th order from now. */
  cut: Cut | undefined;
  /** The admin host. */
  readonly machine: Machine;
  /** Orders that changed something. */
  writes(): Order[];
  /** One request line, one answer line; undefined where the connection is cut. */
  answer(line: string): string | undefined;
}

const READS = [
  "osd pool ls",
  "osd pool get",
  "osd crush rule dump",
  "osd crush dump",
  "osd erasure-code-profile get",
  "osd erasure-code-profile ls",
  "osd tree",
  "auth get",
  "config-key dump",
  "config generate-minimal-conf",
  "fsid",
  "version",
];

const isRead = (order: Order): boolean =>
  order.do === "stat" || (order.do === "mon" && READS.includes(order.command.prefix));

const init = (pool: FakePool): FakeAnswer => {
  if (pool.applications.size > 0 && !pool.applications.has("rbd"))
    return { code: 1, text: "Operation not permitted" };
  pool.applications.add("rbd");
  pool.objects.add("rbd_info");
  return { code: 0 };
};

const BOOKKEEPING = ["rbd_info", "rbd_directory", "rbd_trash"];

const deletion = (
  monitor: FakeMonitor,
  pool: FakePool,
  order: { readonly poolId: number; readonly force: boolean },
): FakeAnswer => {
  if (pool.id !== order.poolId) return { code: 116, text: `pool '${pool.name}' is not pool ${order.poolId}` };
  const content = [...pool.objects].filter((name) => !BOOKKEEPING.includes(name));
  if (content.length > 0 && !order.force) return { code: 39, out: JSON.stringify(content.slice(0, 5)) };
  if (pool.flags.has("nodelete"))
    return { code: 1, text: "pool deletion is disabled; you must unset nodelete flag for the pool first" };
  monitor.pools.delete(pool.id);
  return { code: 0, text: `pool '${pool.name}' removed` };
};

const act = (monitor: FakeMonitor, order: Order): FakeAnswer => {
  if (order.do === "mon") return answerMon(monitor, order.command, order.input ?? "");
  const pool = poolNamed(monitor, order.pool);
  if (pool === undefined)
    return { code: 2, text: `[errno 2] RADOS object not found (error opening pool '${order.pool}')` };
  if (order.do === "init") return init(pool);
  if (order.do === "delete") return deletion(monitor, pool, order);
  return pool.objects.has(order.object) ? { code: 0 } : { code: 2, text: `Failed to stat '${order.object}'` };
};

const cutFailure = (host: string): Failure =>
  new Failure({ code: "cut", host, what: "the connection was lost" });

const conversation = (fake: FakeCeph, host: string): Conversation => {
  let listener: (line: string) => void = () => undefined;
  let ended: Parameters<Conversation["onEnd"]>[0] = () => undefined;
  let over = false;
  const end = (failure?: Failure) => {
    if (over) return;
    over = true;
    setImmediate(() =>
      ended({
        code: failure === undefined ? 0 : null,
        stderr: "",
        ...(failure === undefined ? {} : { failure }),
      }),
    );
  };
  setImmediate(() => listener(JSON.stringify({ hello: true, fsid: fake.fsid })));
  return {
    send(line) {
      if (over) return Promise.reject(cutFailure(host));
      const answer = fake.answer(line);
      if (answer === undefined) end(cutFailure(host));
      else setImmediate(() => listener(answer));
      return Promise.resolve();
    },
    onLine: (to) => void (listener = to),
    onEnd: (to) => void (ended = to),
    end: () => end(),
  };
};

export const fakeCeph16_2_15 = ({
  fsid = "b0a1c2d3-0000-4000-8000-000000000001",
  host = "mon1",
} = {}): FakeCeph => {
  const monitor = newMonitor(fsid);
  const fake: FakeCeph = {
    ...monitor,
    orders: [],
    opened: 0,
    cut: undefined,
    machine: {
      name: host,
      run: () => Promise.reject(new Error("this fake has python3-rados: no tool is run on it")),
      open() {
        fake.opened++;
        return Promise.resolve(conversation(fake, host));
      },
    },
    writes: () => fake.orders.filter((order) => !isRead(order)),
    answer(line) {
      const { id, ...order }: Order & { id: number } = JSON.parse(line);
      const { cut } = fake;
      if (cut !== undefined) fake.cut = cut.at > 1 ? { ...cut, at: cut.at - 1 } : undefined;
      const lost = cut?.at === 1 ? cut.when : undefined;
      if (lost === "before") return undefined;
      fake.orders.push(order);
      const answer = act(fake, order);
      return lost === "after" ? undefined : JSON.stringify({ out: "", text: "", ...answer, id });
    },
  };
  return fake;
};
