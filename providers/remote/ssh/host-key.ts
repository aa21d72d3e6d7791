import { Failure } from "../failure.js";
import { compareHostKey, hostKeyAlgorithms, isNew, lookUp, NOTHING_KNOWN, together } from "./known-hosts.js";
import type { KnownHost } from "./known-hosts.js";
import { printedKeys } from "./known-hosts-command.js";
import type { Way } from "./way.js";

/** Signature algorithms to offer a host, by what files and KnownHostsCommand know of it. @throws Failure */
export const offeredHostKeys = async ({ host, hostKeys, algorithms }: Way): Promise<readonly string[]> => {
  const printed = hostKeys.ownOrder ? NOTHING_KNOWN : await printedKeys(host, hostKeys, { call: "ORDER" });
  return hostKeyAlgorithms(hostKeys, together(lookUp(hostKeys), printed), algorithms.hostKey);
};

/** Asked as OpenSSH asks: for name and port, and for the name alone only where nothing is known for both. */
const known = async ({ host, hostKeys }: Way, blob: Buffer): Promise<KnownHost> => {
  const files = lookUp(hostKeys);
  const printed = together(files, await printedKeys(host, hostKeys, { call: "HOSTNAME", blob }));
  if (hostKeys.port === 22 || !isNew(printed)) return printed;
  return together(printed, await printedKeys(host, hostKeys, { call: "HOSTNAME", blob, withoutPort: true }));
};

/** The key that a host shows, judged. Undefined: it may be trusted. */
export const judgeHostKey = async (way: Way, blob: Buffer): Promise<Failure | undefined> => {
  try {
    return compareHostKey(way.host, way.hostKeys, { blob, known: await known(way, blob) });
  } catch (error) {
    if (error instanceof Failure) return error;
    return new Failure({
      code: "host-key",
      host: way.host,
      what: `its host key could not be judged: ${String(error)}`,
    });
  }
};
