/** A small cluster of another name beside the sandbox's own, made anew for a test: `sandbox monitors`. */
import { site } from "./engine";
import { ceph } from "./hosts";
import { execOn, sandbox } from "./sandbox";

/** Where its monitors may be: addresses of the sandbox's network, by their last byte, that no node has. */
export const ipv4 = (byte: number): string =>
  `${site().hosts["mon1"]?.address.replace(/\.\d+$/, "") ?? ""}.${byte}`;
export const ipv6 = (byte: number): string => `[fd00:c05::${byte}]`;

/** Addresses of a monitor that speaks both protocols, as `mon_host` holds them. */
export const both = (host: string): string => `[v2:${host}:3300,v1:${host}:6789]`;

export interface SecondCluster {
  readonly name: string;
  /** What a program says of it. */
  readonly cluster: { readonly fsid: string; readonly admin: string; readonly name: string };
  /** The `ceph` tool on its admin host, with these words. */
  ceph(words: string): Promise<string>;
  /** `mon_host` as the cluster prints it. */
  monHost(): Promise<string>;
  /** Ends a monitor at once, and starts it again where it was. */
  kill(monitor: string): Promise<unknown>;
  start(monitor: string): Promise<unknown>;
  move(monitor: string, addresses: string): Promise<unknown>;
  /** OSDs in memory; none is in the CRUSH map. */
  osds(count: number): Promise<unknown>;
  /** Ends an OSD at once, and starts it again, empty. */
  killOsd(osd: number): Promise<unknown>;
  startOsd(osd: number): Promise<unknown>;
  /** Stretch mode, with the rule `stretch_rule`: a datacenter for each of three monitors, the third is the tiebreaker; OSDs lie in the first two by turns. */
  stretch(places: Readonly<Record<string, string>>): Promise<unknown>;
  remove(): Promise<unknown>;
}

const pairs = (values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).map(([id, value]) => `${id}=${value}`);

/** Makes a cluster of these monitors, by their names; one that an ended run has left goes first. */
export const secondCluster = async (
  name: string,
  monitors: Readonly<Record<string, string>>,
): Promise<SecondCluster> => {
  const remove = () => sandbox("monitors", "down", name);
  await remove();
  const fsid = (await sandbox("monitors", "up", name, ...pairs(monitors))).trim();
  const kill = (daemon: string) => execOn("ceph1", "systemctl", "kill", "-s", "KILL", `${name}-${daemon}`);
  const run = (words: string) => ceph(`ceph --cluster ${name} --connect-timeout 30 ${words}`);
  return {
    name,
    cluster: { fsid, admin: "mon1", name },
    ceph: run,
    monHost: async () =>
      /mon_host = (.*)/.exec(await run("config generate-minimal-conf"))?.[1]?.trim() ?? "none",
    kill: (id) => kill(`mon-${id}`),
    start: (id) => sandbox("monitors", "start", name, id),
    move: (id, addresses) => sandbox("monitors", "move", name, `${id}=${addresses}`),
    osds: (count) => sandbox("monitors", "osds", name, String(count)),
    killOsd: (osd) => kill(`osd-${osd}`),
    startOsd: (osd) => sandbox("monitors", "osd", name, String(osd)),
    stretch: (places) => sandbox("monitors", "stretch", name, ...pairs(places)),
    remove,
  };
};
