/** The writes that bring a pool to its desired, in an order that may be cut anywhere and repeated. */
import { Failure } from "../remote/failure.js";
import { missingProfile } from "../clients/ceph/crush-map.js";
import type { PoolDetail } from "../clients/ceph/pool-detail.js";
import type { MonCommand } from "../clients/ceph/door.js";
import { listedOption } from "./options.js";
import { given, settingOrders, type PoolSettings } from "./settings.js";
import { refuseUnserved } from "./places.js";
import { refuseOtherSize } from "./stretch.js";
import type { Ceph } from "../clients/ceph/index.js";

/** Settings, applications and RBD's own initialisation. */
export interface DesiredPool extends PoolSettings {
  readonly application?: string | readonly string[];
  readonly rbdInit?: boolean;
}

/** The applications desired, sorted, each once. */
export const applicationsOf = ({ application = [] }: DesiredPool): readonly string[] =>
  [...new Set(typeof application === "string" ? [application] : application)].sort();

/** What is kept in pools beside RBD. Others are names of a tool's own for pools of RBD: OpenStack-Helm's `cinder-volume`. */
const OTHER_USES: readonly string[] = ["cephfs", "rgw", "mgr", "nfs", "nvmeof-meta"];

/** A pool that somebody uses for something else is theirs, whatever `adopt` says. */
export const refuseOfAnother = (desired: DesiredPool, { name, applications: theirs }: PoolDetail): void => {
  const wanted = applicationsOf(desired);
  const isOther = theirs.some((app) => OTHER_USES.includes(app) || app.startsWith("."));
  if (wanted.length === 0 || !isOther || theirs.some((app) => wanted.includes(app))) return;
  throw new Failure({
    code: "refused",
    what: `pool ${name} is in use by another application: ${theirs.join(", ")} there, ${wanted.join(", ")} desired`,
    cure: "Give the pool of the program another name; where both are meant, name both in `application`.",
  });
};

/** What no order brings about, or none should. */
export const refuseImpossible = async (
  ceph: Ceph,
  desired: PoolSettings & { readonly name: string },
  changes: { readonly pool: PoolDetail; readonly keys: readonly string[]; readonly words: readonly string[] },
): Promise<void> => {
  const { pool, keys, words } = changes;
  if (keys.includes("type") || keys.includes("erasureCodeProfile"))
    throw new Failure({
      code: "refused",
      what: `pool ${pool.name} cannot be changed so: ${words.join("; ")}`,
      cure: "Make a pool of another name and migrate.",
    });
  if (pool.name !== desired.name && (await ceph.pools()).some(({ name }) => name === desired.name))
    throw new Failure({
      code: "conflict",
      what: `pool ${pool.name} cannot be renamed: there is another pool ${desired.name}`,
    });
  await refuseOtherSize(ceph, desired, { pool, changed: keys });
};

/** Waits for all, then throws what the first that failed threw: nothing goes on behind the back of the caller. */
const together = async (running: readonly Promise<unknown>[]): Promise<void> => {
  const failed = (await Promise.allSettled(running)).find((one) => one.status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
};

const applications = async (
  ceph: Ceph,
  desired: DesiredPool,
  gap: { pool: PoolDetail; changed: readonly string[] },
): Promise<void> => {
  const { pool } = gap;
  const init = gap.changed.includes("rbdInit");
  const wanted = applicationsOf(desired);
  const missing = wanted.filter((app) => !pool.applications.includes(app));
  if (init) await refuseUnserved(ceph, desired, gap);
  // `rbd pool init` enables the application itself, as long as there is no other: one monitor round less.
  const initFirst = init && pool.applications.length === 0 && missing.includes("rbd");
  if (initFirst) await ceph.rbdPoolInit(pool.name);
  const left = initFirst ? missing.filter((app) => app !== "rbd") : missing;
  // A second application wants the flag; one after another, because which is the second depends on the order.
  for (const app of left)
    await ceph.changePools({
      prefix: "osd pool application enable",
      pool: pool.name,
      app,
      yes_i_really_mean_it: true,
    });
  if (init && !initFirst) await ceph.rbdPoolInit(pool.name);
};

const SIZE_ONE =
  "A size of 1 needs `ceph config set global mon_allow_pool_size_one true`; it keeps a single copy of the data.";

const settings = async (
  ceph: Ceph,
  desired: DesiredPool,
  { pool, changed }: { pool: PoolDetail; changed: readonly string[] },
): Promise<void> => {
  for (const group of settingOrders(desired, changed, pool))
    await together(
      group.map((order) =>
        ceph.changePools(order, order["var"] === "size" && desired.size === 1 ? SIZE_ONE : undefined),
      ),
    );
};

/** Writes what differs and nothing else. */
export const closeGap = (
  ceph: Ceph,
  desired: DesiredPool,
  gap: { pool: PoolDetail; changed: readonly string[] },
): Promise<void> => together([settings(ceph, desired, gap), applications(ceph, desired, gap)]);

/** What the list of pools does not tell about a pool: names of CRUSH rules, RBD's object, rare options. Asked only where it is desired. */
export const lookCloser = async (ceph: Ceph, desired: DesiredPool, pool: PoolDetail) => {
  const rare = Object.keys(desired.options ?? {}).filter((name) => listedOption(pool, name) === undefined);
  const [rules, isRbd, asked, pools] = await Promise.all([
    desired.crushRule === undefined ? new Map<number, string>() : ceph.rules(),
    desired.rbdInit === true ? ceph.isRbdPool(pool.name) : false,
    Promise.all(
      rare.map(async (name): Promise<[string, string | undefined]> => [
        name,
        await ceph.poolOption(pool.name, name),
      ]),
    ),
    "dedup_tier" in (desired.options ?? {}) ? ceph.pools() : [],
  ]);
  const known = asked.flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return { rules, isRbd, asked: new Map(known), pools: new Map(pools.map(({ name, id }) => [name, id])) };
};

/** @throws Failure `refused` listing the rules that there are */
export const refuseUnknownRule = async (ceph: Ceph, { crushRule }: DesiredPool): Promise<void> => {
  if (crushRule === undefined) return;
  const names = [...(await ceph.rules()).values()].sort();
  if (names.includes(crushRule)) return;
  throw new Failure({
    code: "refused",
    what: `there is no CRUSH rule ${JSON.stringify(crushRule)}; there are ${names.join(", ")}`,
    cure: "Name one of these, or make it first: a CephCrushRule, whose `name` is handed over.",
  });
};

/** Ceph says of it that a profile without an entry has no plugin. @throws Failure `refused` listing the profiles that there are */
export const refuseUnknownProfile = async (
  ceph: Ceph,
  { type, erasureCodeProfile: name }: { readonly type?: string; readonly erasureCodeProfile?: string },
): Promise<void> => {
  if (type !== "erasure" || name === undefined || (await ceph.profile(name)) !== undefined) return;
  throw missingProfile(name, await ceph.profiles());
};

/** Deletes a pool, with `force` whatever is in it. @throws Failure `refused` naming some of the content */
export const deletePool = async (ceph: Ceph, pool: PoolDetail, force: boolean): Promise<void> => {
  const deletion = !force && pool.snapshots.length > 0 ? undefined : await ceph.deletePool(pool, force);
  if (deletion?.done === true) return;
  const content = deletion?.content ?? pool.snapshots.map((name) => `snapshot ${name}`);
  throw new Failure({
    code: "refused",
    what: `pool ${pool.name} is not empty and is not deleted; in it are ${content.slice(0, 5).join(", ")}`,
    cure: 'Empty it, or set forceDestroy: true and apply that by an `up` first. onDelete: "keep" forgets the pool and leaves the data.',
  });
};

/** The command that makes a pool of these settings, as far as it can; a size of 1 needs a flag that it does not take. */
export const creation = (
  name: string,
  desired: PoolSettings & { readonly type: string; readonly erasureCodeProfile?: string },
): MonCommand => {
  const { pgNum, pgNumMin, size, type, crushRule, pgAutoscaleMode } = desired;
  const first = typeof pgNum === "object" ? ("initial" in pgNum ? pgNum.initial : pgNum.exact) : pgNum;
  const profile = desired.erasureCodeProfile ?? "default";
  return {
    prefix: "osd pool create",
    pool: name,
    ...given<string | number>([
      ["pg_num", first ?? pgNumMin],
      ["pool_type", type],
      ["erasure_code_profile", type === "erasure" ? profile : undefined],
      ["rule", crushRule],
      ["size", size === 1 ? undefined : size],
      ["autoscale_mode", pgAutoscaleMode],
    ]),
  };
};
