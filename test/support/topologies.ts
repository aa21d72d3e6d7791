/** Topologies for hand-overs, with the options that a release wants, as the component makes them. */
import { presetOf } from "../../components/layouts/presets.js";
import type { ClusterRef, PlainSections, Topology } from "../../components/layouts/topology.js";
import { releaseOf, type Sections } from "../../components/releases/index.js";
import type { Series } from "../../providers/formats/openstack/series.js";

export const CEPH: ClusterRef = { name: "ceph", fsid: "b3f1c5d0-2f7e-4d2b-9c55-0a1b2c3d4e5f" };
export const FAR: ClusterRef = { name: "far", fsid: "1c0f7a52-6d2e-4b53-8a55-77aa12bb34cc" };
export const UUID = "5a3c9f0e-8c1d-5b7a-9e2f-1234567890ab";

/** Of these topologies all values are plain. */
const plain = (sections: Sections): PlainSections => JSON.parse(JSON.stringify(sections)) as PlainSections;

/** Who uses what, without the options. */
export type Uses = Omit<Topology, "series" | "sections">;

/** Options of a topology, with paths as services see them. */
export const withOptions = (series: Series, uses: Uses): Topology => {
  const release = releaseOf(series);
  const { cephDir } = presetOf("debian", series);
  const confOf = ({ cluster }: { readonly cluster: ClusterRef }) => `${cephDir}/${cluster.name}.conf`;
  const { stores, backends, backup, nova } = uses;
  return {
    series,
    ...uses,
    sections: {
      ...(stores.length === 0
        ? {}
        : { glance: plain(release.glance(stores.map((one) => ({ ...one, conf: confOf(one) })))) }),
      ...(backends.length === 0
        ? {}
        : { cinder: plain(release.cinder(backends.map((one) => ({ ...one, conf: confOf(one) })))) }),
      ...(backup === undefined
        ? {}
        : { cinderBackup: plain(release.cinderBackup({ ...backup, conf: confOf(backup) })) }),
      ...(nova === undefined ? {} : { nova: plain(release.nova({ ...nova, conf: confOf(nova) })) }),
    },
  };
};

/** The classic procedure: one cluster, four pools, three users. */
export const CLASSIC: Uses = {
  stores: [{ name: "rbd", pool: "images", user: "glance", cluster: CEPH }],
  backends: [{ name: "ceph", pool: "volumes", user: "cinder", cluster: CEPH, secretUuid: UUID }],
  backup: { pool: "backups", user: "cinder-backup", cluster: CEPH },
  nova: { pool: "vms", user: "cinder", cluster: CEPH, secretUuid: UUID },
};

/** Names of one's own throughout. */
export const OWN_NAMES: Uses = {
  stores: [{ name: "rbd", pool: "cloud-images", user: "cloud-glance", cluster: CEPH }],
  backends: [{ name: "gold", pool: "cloud-volumes", user: "cloud-cinder", cluster: CEPH, secretUuid: UUID }],
  backup: { pool: "cloud-backups", user: "cloud-backup", cluster: CEPH },
  nova: { pool: "cloud-vms", user: "cloud-cinder", cluster: CEPH, secretUuid: UUID },
};

/** A store and a backend in a second cluster. */
export const TWO_CLUSTERS: Uses = {
  ...CLASSIC,
  stores: [...CLASSIC.stores, { name: "far", pool: "far-images", user: "glance", cluster: FAR }],
  backends: [
    ...CLASSIC.backends,
    { name: "far", pool: "far-volumes", user: "cinder", cluster: FAR, secretUuid: UUID },
  ],
};

/** Two stores and two backends in pools of one cluster. */
export const TWO_POOLS: Uses = {
  stores: [
    { name: "rbd", pool: "images", user: "glance", cluster: CEPH },
    { name: "fast", pool: "images-fast", user: "glance", cluster: CEPH },
  ],
  backends: [
    { name: "ceph", pool: "volumes", user: "cinder", cluster: CEPH, secretUuid: UUID },
    { name: "fast", pool: "volumes-fast", user: "cinder", cluster: CEPH, secretUuid: UUID },
  ],
  backup: { pool: "backups", user: "cinder-backup", cluster: CEPH },
  nova: { pool: "vms", user: "cinder", cluster: CEPH, secretUuid: UUID },
};
