/** What `ceph config generate-minimal-conf` prints. */
import { parse } from "ini";

/** What a client must know of a cluster to find it. */
export interface MinimalConf {
  readonly fsid: string;
  /** As a ceph.conf holds it: "[v2:10.0.0.1:3300/0,v1:10.0.0.1:6789/0] …" or a list of addresses. */
  readonly monHost: string;
}

/**
 * Reads the output of `ceph config generate-minimal-conf`, which is all that the `ini` package is fit for here: Ceph printed it, and nobody's
 * comments, repeats or quotes are in it. What people write is read by `ini.ts`.
 * @returns undefined when it names no fsid or no mon_host
 * @see https://docs.ceph.com/en/latest/rados/configuration/ceph-conf/
 */
export function parseMinimalConf(text: string): MinimalConf | undefined {
  const global: unknown = parse(text)["global"];
  if (typeof global !== "object" || global === null) return undefined;
  const fsid: unknown = Reflect.get(global, "fsid");
  const monHost: unknown = Reflect.get(global, "mon_host");
  const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
  return isText(fsid) && isText(monHost) ? { fsid, monHost } : undefined;
}
