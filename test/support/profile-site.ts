/** What the tests of erasure code profiles share: a cluster, a program with one profile, and looks at both. */
import { cephErasureCodeProfile } from "../../providers/ceph-erasure-code-profile/index";
import { fakeCeph16_2_15 } from "./fake-ceph";
import { runsOn } from "./cluster-runs";

/** Values of every field. */
export const full = {
  plugin: "jerasure",
  crushRoot: "default",
  crushFailureDomain: "osd",
  crushDeviceClass: "ssd",
  options: { technique: "cauchy_good", stripe_unit: "4K" },
};

const KEY = "pulumi-ceph-openstack/erasure-code-profile/ec21";

/** A cluster without profiles of ours. */
export const profileSite = () => {
  const ceph = fakeCeph16_2_15();
  return {
    ceph,
    run: runsOn(() => ceph, cephErasureCodeProfile, "ec"),
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
