/**
 * Addresses of monitors, as `mon_host` may hold them.
 * @see https://docs.ceph.com/en/latest/rados/configuration/msgr2/#mon-host
 */
import { isIPv6 } from "node:net";

/** One monitor: where it is reached, as `protocol host port`. */
interface Monitor {
  readonly host: string;
  readonly ends: ReadonlySet<string>;
}

const PORTS = { v1: "6789", v2: "3300" } as const;

/** Which protocols Ceph tries, and on which ports: a default port says the protocol, and no port means both. */
const protocolsOf = (protocol: string | undefined, port: string | undefined): [string, string][] => {
  if (protocol === "v1" || protocol === "v2") return [[protocol, port ?? PORTS[protocol]]];
  if (port === PORTS.v1) return [["v1", port]];
  if (port === PORTS.v2) return [["v2", port]];
  return [
    ["v2", port ?? PORTS.v2],
    ["v1", port ?? PORTS.v1],
  ];
};

/** An address has one way to be written; a name is what it is. */
const canonicalHost = (host: string): string =>
  isIPv6(host) && !host.includes("%") ? new URL(`http://[${host}]`).hostname : host.toLowerCase();

const TOKEN = /^(?:(v1|v2|any):)?(?:\[([^\]]*)\]|([^:]*)|([^:]*:[^:]*:.*))(?::(\d+))?(?:\/\d+)?$/;

const monitorOf = (tokens: readonly string[]): Monitor => {
  const ends = tokens.map((token) => {
    const [, protocol, bracketed, plain, bare, port] = TOKEN.exec(token.replace(/\/\d+$/, "")) ?? [];
    const host = canonicalHost(bracketed ?? plain ?? bare ?? token);
    return { host, ends: protocolsOf(protocol, port).map((way) => [host, ...way].join(" ")) };
  });
  return { host: ends[0]?.host ?? "", ends: new Set(ends.flatMap((end) => end.ends)) };
};

/** "[v2:…,v1:…]" holds the addresses of one monitor; the brackets of an IPv6 address are within an address. */
const GROUP = /\[((?:(?:v1|v2|any):(?:\[[^\]]*\]|[^\s,\]])+,?)+)\]|[^\s,;]+/g;

const monitorsOf = (monHost: string): Monitor[] =>
  [...monHost.matchAll(GROUP)].map(([token, group]) => monitorOf(group?.split(",") ?? [token]));

const meets = (one: Monitor, others: readonly Monitor[]): boolean =>
  others.some(({ ends }) => [...one.ends].some((end) => ends.has(end)));

/** True when both name the same monitors, however they are written: each can be reached by what the other says of it. */
export const sameMonitors = (a: string, b: string): boolean => {
  const [one, other] = [monitorsOf(a), monitorsOf(b)];
  return one.every((monitor) => meets(monitor, other)) && other.every((monitor) => meets(monitor, one));
};

/** True when at least one monitor is in both, whatever its protocol and port. */
export const shareMonitor = (a: string, b: string): boolean => {
  const hosts = new Set(monitorsOf(a).map(({ host }) => host));
  return monitorsOf(b).some(({ host }) => hosts.has(host));
};
