/** What is done to a CRUSH rule in its cluster. A rule cannot be changed: one that no pool uses is taken away and made anew. */
import { missingPlace, missingProfile } from "../clients/ceph/crush-map.js";
import type { MonCommand } from "../clients/ceph/door.js";
import { cephOf, type Ceph } from "../clients/ceph/index.js";
import { poolsOfRule, removeUnusedRule } from "../clients/ceph/unused-rule.js";
import type { Adopt, Cluster, OnDelete } from "../kernel/common.js";
import { differing } from "../kernel/compare.js";
import type { Reach } from "../kernel/contract.js";
import { actingOwner } from "../ownership/acting-owner.js";
import { ruleRecordKey } from "../ownership/cluster-records.js";
import type { ClusterThing } from "../ownership/cluster-thing.js";
import { Failure } from "../remote/failure.js";
import { foundRule, comparedRule, type DesiredRule } from "./layout.js";

interface Desired extends DesiredRule {
  readonly cluster: Cluster;
  readonly adopt?: Adopt | "only";
  readonly onDelete?: OnDelete;
}

const CURE =
  'or take another name: a new rule is made, pools that take `crushRule: rule.name` move to it, and the old one goes. adopt: "overwrite" makes one anew that no pool uses.';

const creation = ({
  name,
  type,
  root,
  failureDomain,
  deviceClass,
  erasureCodeProfile,
}: Desired): MonCommand =>
  type === "erasure"
    ? { prefix: "osd crush rule create-erasure", name, profile: erasureCodeProfile ?? "default" }
    : {
        prefix: "osd crush rule create-replicated",
        name,
        root: root ?? "default",
        type: failureDomain ?? "host",
        ...((deviceClass ?? "") === "" ? {} : { class: deviceClass ?? "" }),
      };

const refuseMissingProfile = async (ceph: Ceph, name: string): Promise<void> => {
  if ((await ceph.profile(name)) === undefined) throw missingProfile(name, await ceph.profiles());
};

const refusePlaces = async (ceph: Ceph, desired: Desired): Promise<void> => {
  if (desired.type === "erasure") {
    await refuseMissingProfile(ceph, desired.erasureCodeProfile ?? "default");
    const profile = (await ceph.profile(desired.erasureCodeProfile ?? "default")) ?? {};
    const missing = missingPlace(
      { root: profile["crush-root"], deviceClass: profile["crush-device-class"] },
      await ceph.places(),
    );
    if (missing !== undefined) throw missing;
    return;
  }
  const missing = missingPlace(desired, await ceph.places());
  if (missing !== undefined) throw missing;
};

const refuse = async (
  ceph: Ceph,
  desired: Desired,
  differences: readonly string[] | undefined,
): Promise<void> => {
  await refusePlaces(ceph, desired);
  if (differences === undefined) return;
  const users = await poolsOfRule(ceph, desired.name);
  if (users.length === 0) return;
  throw new Failure({
    code: "refused",
    what: `CRUSH rule ${desired.name} is in use by ${users.join(", ")} and cannot be changed so: ${differences.join("; ")}`,
    cure: "Give it another name: the new rule is made first, pools that take `crushRule: rule.name` move to it, and their data move; the old one goes then.",
  });
};

const change = async (ceph: Ceph, desired: Desired): Promise<void> => {
  const busy = await ceph.removeCrush({ prefix: "osd crush rule rm", name: desired.name });
  if (busy !== undefined)
    throw new Failure({
      code: "conflict",
      what: `a pool has taken CRUSH rule ${desired.name} just now: ${busy}`,
      cure: "Run again.",
    });
  await ceph.changeCrush(creation(desired));
};

export const ruleTask = (
  reach: Reach,
  desired: Desired,
  who: Pick<ClusterThing, "thing" | "claim" | "creating">,
): ClusterThing => {
  const { cluster, name, adopt, onDelete, erasureCodeProfile } = desired;
  const ceph = cephOf(reach, cluster);
  return {
    ...who,
    ceph,
    acting: actingOwner(reach),
    key: ruleRecordKey(name),
    adopt,
    onDelete,
    cure: CURE,
    desired: comparedRule(desired),
    differing: (managed) => differing(comparedRule(desired), managed),
    async find() {
      const [rule, profile] = await Promise.all([
        ceph.rule(name),
        erasureCodeProfile === undefined ? undefined : ceph.profile(erasureCodeProfile),
      ]);
      return rule === undefined ? undefined : foundRule(desired, rule, profile);
    },
    names: async () => [...(await ceph.rules()).values()],
    make: () => ceph.changeCrush(creation(desired)),
    change: () => change(ceph, desired),
    refuse: (differences) => refuse(ceph, desired, differences),
    takeAway: () => removeUnusedRule(ceph, name),
  };
};
