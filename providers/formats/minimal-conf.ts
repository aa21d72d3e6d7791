/** What `ceph config generate-minimal-conf` prints. */
import { parseIni, readOptions } from "./ini.js";

/** What a client must know of a cluster to find it. */
export interface MinimalConf {
  readonly fsid: string;
  /** As a ceph.conf holds it: "[v2:10.0.0.1:3300/0,v1:10.0.0.1:6789/0] …" or a list of addresses. */
  readonly monHost: string;
}

/**
 * Reads the output of `ceph config generate-minimal-conf`.
 * @returns undefined when it names no fsid or no mon_host
 * @see https://docs.ceph.com/en/latest/rados/configuration/ceph-conf/
 */
export function parseMinimalConf(text: string): MinimalConf | undefined {
  const options = readOptions(parseIni(text, "ceph"), "global", ["fsid", "mon_host"]);
  const fsid = options.get("fsid")?.at(-1);
  const monHost = options.get("mon_host")?.at(-1);
  return fsid === undefined || monHost === undefined || fsid === "" || monHost === ""
    ? undefined
    : { fsid, monHost };
}
