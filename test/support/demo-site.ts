/** What the demo finds on the sandbox's hosts, and what of it may differ afterwards. */
import { makeRepository, removeRepository } from "./apt-repository";
import type { TestStack } from "./engine";
import { clusterDump, difference, differences, on, snapshots } from "./hosts";
import { good, removePools } from "./lifecycle";
import { ALL_UNITS, restartedBy, UNITS } from "./restarts";

/** Pools that the demo makes; a destroy keeps them. */
const POOLS = ["images", "volumes", "backups", "vms"];

/** What these computes can have and have not, by the host's own APT. */
const DRIVER = "qemu-block-extra";
const COMPUTES = ["cmp1", "cmp2"] as const;

/** What dpkg and APT keep of packages. */
const PACKAGES = / \/var\/(?:lib\/dpkg|log\/apt|log\/dpkg\.log)(?:\/| |$)/;

/** Services that run, something that listens in Glance's place, and a repository with what computes lack. */
export const makeDemoSite = async (): Promise<void> => {
  for (const [host, unit] of UNITS) await on(host, `systemctl start ${unit}`);
  // A stand-in for Glance listens to nothing.
  await on(
    "ctl1",
    "systemctl stop demo-port 2>/dev/null; systemd-run --quiet --unit=demo-port /usr/bin/python3 -m http.server 9292 --directory /srv",
  );
  for (const host of COMPUTES) await makeRepository(host, "demo", [{ name: DRIVER, version: "7.2" }]);
};

export const removeDemoSite = async (): Promise<void> => {
  await removePools(...POOLS);
  for (const host of COMPUTES) await removeRepository(host, "demo", [DRIVER]);
  await on("ctl1", "systemctl stop demo-port");
};

/** What dpkg says of the computes' driver, on each of them. */
export const installed = (): Promise<string[]> =>
  Promise.all(
    COMPUTES.map((host) => on(host, `dpkg-query -W -f '\${db:Status-Abbrev}' ${DRIVER} 2>&1 || true`)),
  );

/** How hosts and cluster are, to be compared with later. */
export const looks = async () => ({ hosts: await snapshots(), cluster: await clusterDump() });
type Looks = Awaited<ReturnType<typeof looks>>;

/** What is not as it was, but for packages, which a destroy keeps, and pools. */
const leftOf = (before: Looks, after: Looks): string[] => {
  const [old, now] = [before, after].map(({ cluster: { entities, records } }) => [
    ...entities.split("\n"),
    ...records.split("\n"),
  ]);
  const hosts = differences(before.hosts, after.hosts).filter((line) => !PACKAGES.test(line));
  return [...hosts, ...difference(old ?? [], now ?? [])];
};

/** Destroys the demo: which units began anew, what is not as it was, what dpkg says, and which pools are there as it was said. */
export const destroyed = async (stack: Pick<TestStack, "destroy">, before: Looks) => {
  let output = "";
  const restarted = await restartedBy(UNITS, async () => {
    output = good(await stack.destroy()).output;
  });
  const after = await looks();
  const kept = POOLS.filter(
    (pool) =>
      after.cluster.pools.includes(`"pool_name": "${pool}"`) &&
      output.includes(`pool ${pool} and its data are kept`),
  );
  return { restarted, left: leftOf(before, after), packages: await installed(), kept };
};

/** What a destroy comes to where it takes away what was added and nothing else. */
export const PUT_BACK: Awaited<ReturnType<typeof destroyed>> = {
  restarted: ALL_UNITS,
  left: [],
  packages: ["ii ", "ii "],
  kept: POOLS,
};
