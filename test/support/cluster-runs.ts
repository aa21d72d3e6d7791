/** Runs of a stack with one artifact of a cluster in memory, and the pool and the entity that tests of these speak of. */
import { cephAuthEntity } from "../../providers/ceph-auth-entity/index";
import { cephPool } from "../../providers/ceph-pool/index";
import type { Artifact } from "../../providers/kernel/contract";
import type { FakeCeph } from "./fake-ceph";
import { poolNamed } from "./fake-ceph-pools";
import { ownerOf, runOf } from "./run-of";

/** A cluster that each test has anew. */
type Current = () => FakeCeph;

/** A run of a stack whose resource is called `owner`; each is a process of its own. */
export const runsOn =
  <I extends object, X>(ceph: Current, artifact: Artifact<I, X>, name: string) =>
  (owner = name, stack?: string) => {
    const program = runOf({ mon1: ceph().machine });
    return { ...program.of(artifact, ownerOf(owner, stack)), said: program.said, program };
  };

export const clusterOf = ({ fsid }: FakeCeph) => ({ fsid, admin: "mon1" });

/** The pool `vms`. */
export const poolRuns = (ceph: Current) => ({
  run: runsOn(ceph, cephPool, "vms"),
  vms: (more: object = {}) => ({ cluster: clusterOf(ceph()), name: "vms", ...more }),
  there: (name = "vms") => poolNamed(ceph(), name),
  record: (name = "vms") => ceph().records.get(`pulumi-ceph-openstack/pool/${name}`),
});

export const CINDER = "client.cinder";

export const CINDER_CAPS = {
  mon: "profile rbd",
  osd: ["profile rbd pool=volumes", "profile rbd-read-only pool=images"],
  mgr: "profile rbd pool=volumes",
};

/** The same as Ceph keeps them. */
export const CINDER_CAPS_KEPT = {
  mon: "profile rbd",
  mgr: "profile rbd pool=volumes",
  osd: "profile rbd pool=volumes, profile rbd-read-only pool=images",
};

/** The entity `client.cinder`. */
export const cinderRuns = (ceph: Current) => ({
  run: runsOn(ceph, cephAuthEntity, "cinder"),
  cinder: (more: object = {}) => ({
    cluster: clusterOf(ceph()),
    entity: CINDER,
    caps: CINDER_CAPS,
    ...more,
  }),
  there: () => ceph().entities.get(CINDER),
  record: () => ceph().records.get(`pulumi-ceph-openstack/auth/${CINDER}`),
});
