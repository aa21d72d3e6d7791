/**
 * Addresses of monitors, as `mon_host` may hold them.
 * @see https://docs.ceph.com/en/latest/rados/configuration/msgr2/#mon-host
 */

/** Default ports of the two messenger protocols: an address without a port means both. */
const DEFAULT_PORT = /:(?:3300|6789)$/;

const addressOf = (token: string): string => {
  const address = token
    .replace(/^(?:v1|v2|any):/, "")
    .replace(/\/\d+$/, "")
    .replace(DEFAULT_PORT, "");
  return /^\[[^\]]*\]$/.test(address) ? address.slice(1, -1) : address;
};

/** The monitors as a set: one address each, with its port where that is not a default one. */
const monitorsOf = (monHost: string): Set<string> => {
  // "[v2:…,v1:…]" groups the addresses of one monitor; the brackets of an IPv6 address stay.
  const flat = monHost.replace(/\[((?:v1|v2|any):[^\s]*?)\](?=[\s,]|$)/g, "$1");
  return new Set(
    flat
      .split(/[\s,;]+/)
      .filter((token) => token !== "")
      .map(addressOf),
  );
};

/** True when both name the same monitors, however they are written. */
export const sameMonitors = (a: string, b: string): boolean => {
  const [one, other] = [monitorsOf(a), monitorsOf(b)];
  return one.size === other.size && [...one].every((address) => other.has(address));
};

/** An address without its port. */
const hostOf = (address: string): string => /^([^:]*):\d+$/.exec(address)?.[1] ?? address;

/** True when at least one monitor is in both, whatever its port. */
export const shareMonitor = (a: string, b: string): boolean => {
  const [one, other] = [a, b].map((text) => new Set([...monitorsOf(text)].map(hostOf)));
  return [...(one ?? [])].some((host) => other?.has(host));
};
