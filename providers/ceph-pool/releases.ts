/** What a pool's settings want of the cluster's release. Asked only where such a setting is desired, before anything is made. */
import type { Ceph } from "../clients/ceph/index.js";
import { Failure } from "../remote/failure.js";

/**
 * The release that brought a setting, by number, where Nautilus has it not.
 * @see https://docs.ceph.com/en/latest/rados/operations/pools/#set-pool-values
 */
export const POOL_SINCE: Readonly<Record<string, number>> = { bulk: 16, pgNumMax: 16 };

/** @throws Failure `refused` naming the settings that the cluster has not, and the release that has them */
export const refuseTooNew = async (ceph: Pick<Ceph, "release">, desired: object): Promise<void> => {
  const given = Object.entries(desired).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  if (!given.some((key) => key in POOL_SINCE)) return;
  const release = await ceph.release();
  // 0: it cannot be told, and the monitors decide.
  const missing = given.filter((key) => release > 0 && (POOL_SINCE[key] ?? 0) > release);
  if (missing.length === 0) return;
  const since = missing.map((key) => `${key} came with Ceph ${POOL_SINCE[key] ?? 0}`);
  throw new Failure({
    code: "refused",
    what: `${since.join(", ")}, and the cluster's monitors are of Ceph ${release}`,
    cure: `Leave ${missing.length === 1 ? "it" : "them"} out until the cluster is upgraded.`,
  });
};
