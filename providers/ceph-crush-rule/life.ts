/** What is done to a CRUSH rule in its cluster. A rule cannot be changed: one that no pool uses is taken away and made anew. */
import { missingPlace } from "../clients/ceph/crush-map.js";
import type { MonCommand } from "../clients/ceph/door.js";
import { cephOf, type Ceph } from "../clients/ceph/index.js";
import { nearest } from "../formats/nearest.js";
import type { Adopt, Cluster, OnDelete } from "../kernel/common.js";
import { differing } from "../kernel/compare.js";
import type { Reach } from "../kernel/contract.js";
import { askerOf } from "../ownership/asker.js";
import { ruleRecordKey } from "../ownership/cluster-records.js";
import type { ClusterThing } from "../ownership/cluster-thing.js";
import { Failure } from "../remote/failure.js";
import { foundRule, wishedRule, type RuleWish } from "./layout.js";

interface Wish extends RuleWish {
  readonly cluster: Cluster;
  readonly adopt?: Adopt | "only";
  readonly onDelete?: OnDelete;
}

const CURE =
  'or take another name: a new rule is made, pools that take `crushRule: rule.name` move to it, and the old one goes. adopt: "overwrite" makes one anew that no pool uses.';

const creation = ({ name, type, root, failureDomain, deviceClass, erasureCodeProfile }: Wish): MonCommand =>
  type === "erasure"
    ? { prefix: "osd crush rule create-erasure", name, profile: erasureCodeProfile ?? "default" }
    : {
        prefix: "osd crush rule create-replicated",
        name,
        root: root ?? "default",
        type: failureDomain ?? "host",
        ...((deviceClass ?? "") === "" ? {} : { class: deviceClass ?? "" }),
      };

const usersOf = async (ceph: Ceph, name: string): Promise<string[]> => {
  const [rule, pools] = await Promise.all([ceph.rule(name), ceph.pools()]);
  return pools.filter((pool) => pool.rule === rule?.id).map((pool) => pool.name);
};

const takeAway = async (ceph: Ceph, name: string): Promise<string | undefined> => {
  const users = await usersOf(ceph, name);
  if (users.length > 0) return `pools use it: ${users.join(", ")}`;
  return ceph.removeCrush({ prefix: "osd crush rule rm", name });
};

const refuseMissingProfile = async (ceph: Ceph, name: string): Promise<void> => {
  if ((await ceph.profile(name)) !== undefined) return;
  const names = [...(await ceph.profiles())].sort();
  const meant = nearest(name, names);
  throw new Failure({
    code: "refused",
    what: `there is no erasure-code profile ${JSON.stringify(name)} in the cluster; there are ${names.join(", ") || "none"}`,
    cure:
      meant === undefined
        ? "Where the program makes it, hand its `name` over."
        : `Is ${JSON.stringify(meant)} meant?`,
  });
};

const refusePlaces = async (ceph: Ceph, wish: Wish): Promise<void> => {
  if (wish.type === "erasure") {
    await refuseMissingProfile(ceph, wish.erasureCodeProfile ?? "default");
    const profile = (await ceph.profile(wish.erasureCodeProfile ?? "default")) ?? {};
    const missing = missingPlace(
      { root: profile["crush-root"], deviceClass: profile["crush-device-class"] },
      await ceph.places(),
    );
    if (missing !== undefined) throw missing;
    return;
  }
  const missing = missingPlace(wish, await ceph.places());
  if (missing !== undefined) throw missing;
};

const refuse = async (ceph: Ceph, wish: Wish, differences: readonly string[] | undefined): Promise<void> => {
  await refusePlaces(ceph, wish);
  if (differences === undefined) return;
  const users = await usersOf(ceph, wish.name);
  if (users.length === 0) return;
  throw new Failure({
    code: "refused",
    what: `CRUSH rule ${wish.name} is in use by ${users.join(", ")} and cannot be changed so: ${differences.join("; ")}`,
    cure: "Give it another name: the new rule is made first, pools that take `crushRule: rule.name` move to it, and their data move; the old one goes then.",
  });
};

const change = async (ceph: Ceph, wish: Wish): Promise<void> => {
  const busy = await ceph.removeCrush({ prefix: "osd crush rule rm", name: wish.name });
  if (busy !== undefined)
    throw new Failure({
      code: "conflict",
      what: `a pool has taken CRUSH rule ${wish.name} just now: ${busy}`,
      cure: "Run again.",
    });
  await ceph.changeCrush(creation(wish));
};

export const ruleTask = (
  reach: Reach,
  wish: Wish,
  who: Pick<ClusterThing, "thing" | "claim" | "creating">,
): ClusterThing => {
  const { cluster, name, adopt, onDelete, erasureCodeProfile } = wish;
  const ceph = cephOf(reach, cluster);
  return {
    ...who,
    ceph,
    asker: askerOf(reach),
    key: ruleRecordKey(name),
    adopt,
    onDelete,
    cure: CURE,
    wished: wishedRule(wish),
    differing: (managed) => differing(wishedRule(wish), managed),
    async find() {
      const [rule, profile] = await Promise.all([
        ceph.rule(name),
        erasureCodeProfile === undefined ? undefined : ceph.profile(erasureCodeProfile),
      ]);
      return rule === undefined ? undefined : foundRule(wish, rule, profile);
    },
    names: async () => [...(await ceph.rules()).values()],
    make: () => ceph.changeCrush(creation(wish)),
    change: () => change(ceph, wish),
    refuse: (differences) => refuse(ceph, wish, differences),
    takeAway: () => takeAway(ceph, name),
  };
};
