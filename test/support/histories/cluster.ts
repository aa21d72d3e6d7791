/** A Ceph cluster behind the program that the client runs on an admin host, as fast as memory. */
import type { Order } from "../../../providers/clients/ceph/door";
import { Failure } from "../../../providers/remote/failure";
import type { Conversation } from "../../../providers/remote/machine";
import { answerMon } from "../fake-ceph-monitor";
import { poolNamed, type Answer as FakeAnswer, type FakeMonitor, type FakePool } from "../fake-ceph-pools";
import type { Gate } from "./machine";

const READS: readonly string[] = [
  "osd pool ls",
  "osd pool get",
  "osd crush rule dump",
  "osd crush dump",
  "osd erasure-code-profile get",
  "osd erasure-code-profile ls",
  "version",
  "osd tree",
  "auth get",
  "config-key dump",
  "config generate-minimal-conf",
  "fsid",
];

const isRead = (order: Order): boolean =>
  order.do === "stat" || (order.do === "mon" && READS.includes(order.command.prefix));

const BOOKKEEPING = ["rbd_info", "rbd_directory", "rbd_trash"];

const deletion = (monitor: FakeMonitor, pool: FakePool, order: Extract<Order, { do: "delete" }>) => {
  if (pool.id !== order.poolId) return { code: 116, text: `pool '${pool.name}' is not pool ${order.poolId}` };
  const content = [...pool.objects].filter((name) => !BOOKKEEPING.includes(name));
  if (content.length > 0 && !order.force) return { code: 39, out: JSON.stringify(content) };
  monitor.pools.delete(pool.id);
  return { code: 0, text: "removed" };
};

const act = (monitor: FakeMonitor, order: Order): FakeAnswer => {
  if (order.do === "mon") return answerMon(monitor, order.command, order.input ?? "");
  const pool = poolNamed(monitor, order.pool);
  if (pool === undefined) return { code: 2, text: `error opening pool '${order.pool}'` };
  if (order.do === "delete") return deletion(monitor, pool, order);
  if (order.do === "stat") return pool.objects.has(order.object) ? { code: 0 } : { code: 2, text: "none" };
  pool.applications.add("rbd");
  pool.objects.add("rbd_info");
  return { code: 0 };
};

const nameOf = (order: Order): string =>
  order.do === "mon" ? `ceph ${order.command.prefix}` : `${order.do} of pool ${order.pool}`;

const cut = (host: string): Failure => new Failure({ code: "cut", host, what: "the connection was lost" });

/** One conversation with the cluster. */
export const memoryConversation = (host: string, monitor: FakeMonitor, gate: Gate): Conversation => {
  let listener: (line: string) => void = () => undefined;
  let ended: Parameters<Conversation["onEnd"]>[0] = () => undefined;
  let over = false;
  const end = (failure?: Failure): void => {
    if (over) return;
    over = true;
    queueMicrotask(() => ended({ code: null, stderr: "", ...(failure === undefined ? {} : { failure }) }));
  };
  const answer = (line: string): void => {
    const { id, ...order }: Order & { id: number } = JSON.parse(line);
    try {
      const said = isRead(order) ? act(monitor, order) : gate(nameOf(order), () => act(monitor, order));
      const text = JSON.stringify({ out: "", text: "", ...said, id });
      queueMicrotask(() => listener(text));
    } catch {
      end(cut(host));
    }
  };
  return {
    send(line) {
      if (over) return Promise.reject(cut(host));
      answer(line);
      return Promise.resolve();
    },
    onLine(to) {
      listener = to;
      queueMicrotask(() => to(JSON.stringify({ hello: true, fsid: monitor.fsid })));
    },
    onEnd: (to) => void (ended = to),
    end: () => end(),
  };
};
