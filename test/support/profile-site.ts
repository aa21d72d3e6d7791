/** What the tests of erasure code profiles share: a cluster, a program with one profile, and looks at both. */
import { cephErasureCodeProfile } from "../../providers/ceph-erasure-code-profile/index";
import { fakeCeph16_2_15 } from "./fake-ceph";
import { ownerOf, runOf } from "./run-of";

/** Values of every field. */
export const full = {
  plugin: "jerasure",
  crushRoot: "default",
  crushFailureDomain: "osd",
  crushDeviceClass: "ssd",
  options: { technique: "cauchy_good", stripe_unit: "4K" },
};

const KEY = "pulumi-ceph-openstack/erasure-code-profile/ec21";

/** The words of a failure. */
export const failure = (doing: Promise<unknown>): Promise<string> =>
  doing.then(
    () => "no failure",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

/** A cluster without profiles of ours. */
export const profileSite = () => {
  const ceph = fakeCeph16_2_15();
  return {
    ceph,
    /** A run of a stack whose resource is called `owner`; each is a process of its own. */
    run: (owner = "ec", stack?: string) => {
      const program = runOf({ mon1: ceph.machine });
      return { ...program.of(cephErasureCodeProfile, ownerOf(owner, stack)), said: program.said };
    },
    ec: (more: object = {}) => ({
      cluster: { fsid: ceph.fsid, admin: "mon1" },
      name: "ec21",
      k: 2,
      m: 1,
      ...more,
    }),
    there: (name = "ec21") => ceph.profiles.get(name),
    record: () => ceph.records.get(KEY),
  };
};
