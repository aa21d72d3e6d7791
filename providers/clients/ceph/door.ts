/** What is asked of a cluster through an admin host, and how an answer that is no value becomes a failure. */
import { Failure } from "../../remote/failure.js";

/** A monitor command, as `ceph` itself sends it; its keys in the order of the command's signature. */
export interface MonCommand {
  readonly prefix: string;
  readonly [argument: string]: string | number | boolean | readonly string[];
}

/** One order. `input` may hold a key: it never leaves standard input. */
export type Order =
  | { readonly do: "mon"; readonly command: MonCommand; readonly input?: string }
  | { readonly do: "stat"; readonly pool: string; readonly object: string }
  | { readonly do: "init"; readonly pool: string }
  | { readonly do: "delete"; readonly pool: string; readonly poolId: number; readonly force: boolean };

/** How an order ended: 0 or the errno, as Ceph's tools exit with it. */
export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly text: string;
}

/** An open way to give orders on one admin host. */
export interface Door {
  readonly host: string;
  readonly fsid: string;
  /** False once it has ended: the next order opens another. */
  isOpen(): boolean;
  /** @throws Failure `cut`, `timeout`, `unreachable`: nobody knows what became of the order. */
  ask(order: Order): Promise<Answer>;
}

/** How to give orders there: a checked `Cluster` with defaults. */
export interface Way {
  readonly fsid: string;
  readonly name: string;
  readonly prefix: readonly string[];
  readonly entity: string;
  readonly conf: string;
  readonly keyring: string;
  /** Seconds until the monitors count as unreachable. */
  readonly connectSeconds: number;
  /** Seconds that one command may take. */
  readonly commandSeconds: number;
}

/** Errnos that exactly these orders end with and that the common names lack. */
export const ENOENT = 2;
export const EBUSY = 16;
export const EEXIST = 17;
export const EINVAL = 22;
export const ENOTEMPTY = 39;
export const ESTALE = 116;
export const ETIMEDOUT = 110;

const CURES: Readonly<Record<number, string>> = {
  1: "The entity that gives the orders may lack `allow *` (cluster.entity), or a flag of the pool forbids it.",
  13: "The key on the admin host is wrong, or its entity may not do this: see cluster.entity and cluster.keyring.",
  110: "The monitors or the placement groups of the pool do not answer: see `ceph -s` on the admin host.",
};

/** The order as a person would type it, without its payload. */
export const spoken = (order: Order): string => {
  switch (order.do) {
    case "mon": {
      const { prefix, pool, entity, name, var: option } = order.command;
      return ["ceph", prefix, pool, entity, name, option].filter((word) => word !== undefined).join(" ");
    }
    case "stat":
      return `rados -p ${order.pool} stat ${order.object}`;
    case "init":
      return `rbd pool init ${order.pool}`;
    case "delete":
      return `ceph osd pool rm ${order.pool}`;
  }
};

/** The failure for an order that ended with a code that its caller does not know as a value; `cure` in place of the usual advice. */
export const orderFailed = (
  { host }: Pick<Door, "host">,
  order: Order,
  { code, text, cure = CURES[code] }: Pick<Answer, "code" | "text"> & { readonly cure?: string | undefined },
): Failure =>
  new Failure({
    // After a timeout nobody knows what became of the order.
    code: code === ETIMEDOUT ? "timeout" : "command",
    host,
    command: spoken(order),
    exitCode: code,
    what: text.trim() === "" ? "the cluster refused" : text.trim(),
    ...(cure === undefined ? {} : { cure }),
  });

/** The failure for a host from which the cluster cannot be reached as this entity. */
export const unconnected = (
  host: string,
  entity: string,
  { code, text }: Pick<Answer, "code" | "text">,
): Failure =>
  new Failure({
    code: code === ETIMEDOUT ? "unreachable" : "command",
    host,
    command: `ceph -n ${entity}`,
    exitCode: code,
    what: `cannot connect to the cluster: ${text.trim()}`,
    cure:
      code === ETIMEDOUT
        ? "The monitors do not answer there: try `ceph -s` on that host, or name another in cluster.admin."
        : "`ceph -s` must work there for the superuser; cluster.conf, keyring, entity and prefix say how.",
  });

/** An answer that should be JSON. The parser's own message would quote it, and there may be a key in it. */
export const parseJson = (out: string): unknown => {
  try {
    return JSON.parse(out);
  } catch {
    throw new Failure({
      code: "command",
      command: "ceph -f json",
      what: "the answer is no JSON",
      cure: "Is a wrapper in cluster.prefix printing?",
    });
  }
};
