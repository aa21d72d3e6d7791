/** What Kolla-Ansible of a release cannot do. Pure. */
import { numberOf } from "../../providers/formats/openstack/series.js";
import { eraOf } from "./kolla-values.js";
import { clusterNames, onlyOne, usesOf } from "./parts.js";
import type { Topology } from "./topology.js";

const names = (uses: readonly { readonly name: string }[]): string => uses.map(({ name }) => name).join(", ");

const oneProblems = (topology: Topology): string[] => {
  const release = `Kolla-Ansible of ${numberOf(topology.series)}`;
  const { stores, backends } = topology;
  return [
    ...(stores.some(({ name }) => name !== "rbd")
      ? [
          `layout "kolla": ${release} has one store of Glance in Ceph, called "rbd"; there are ${names(stores)}`,
        ]
      : []),
    ...(backends.length > 1
      ? [`layout "kolla": ${release} has one backend of Cinder in Ceph; there are ${names(backends)}`]
      : []),
    ...clusterNames(usesOf(topology))
      .filter((name) => name !== "ceph")
      .map(
        (name) =>
          `layout "kolla": ${release} knows a cluster by the name "ceph" alone, not ${JSON.stringify(name)}`,
      ),
  ];
};

const clustersProblems = ({ series, stores, backends, backup, nova }: Topology): string[] => {
  const release = `Kolla-Ansible of ${numberOf(series)}`;
  const clusters = clusterNames(backends);
  return [
    ...onlyOne(
      stores.map(({ user }) => user),
      (users) => `layout "kolla": ${release} has one user for all stores of Glance, not ${users}`,
    ),
    ...onlyOne(
      backends.map(({ user }) => user),
      (users) => `layout "kolla": ${release} has one user for all backends of Cinder, not ${users}`,
    ),
    // nova-compute.json of these releases copies ceph.client.U.keyring, whatever nova_ceph_cluster says.
    ...(nova !== undefined && nova.cluster.name !== "ceph"
      ? [`layout "kolla": computes of ${release} find the keyring of a cluster called "ceph" alone`]
      : []),
    ...(nova === undefined ? [] : backends)
      .filter(({ cluster }) => cluster.name !== nova?.cluster.name)
      .map(
        ({ name, cluster }) =>
          `layout "kolla": computes of ${release} open no volumes of backend ${JSON.stringify(name)}, in ${cluster.name}`,
      ),
    ...(backup !== undefined && !clusters.includes(backup.cluster.name)
      ? [`layout "kolla": ${release} has backups in a cluster of a backend: ${clusters.join(", ")}`]
      : []),
  ];
};

/** What a compute finds of the volumes: the key of one user, in one secret; of which cluster host_vars say. */
const volumeProblems = ({ backends, nova }: Topology): string[] => {
  if (nova === undefined) return [];
  const uuids = onlyOne(
    backends.map(({ secretUuid }) => secretUuid),
    (all) =>
      `layout "kolla": computes get one libvirt secret for all backends of Cinder (cinder_rbd_secret_uuid), not ${all}`,
  );
  const users = onlyOne(
    backends.map(({ user }) => user),
    (all) => `layout "kolla": computes find the key of one user of volumes, not ${all}`,
  );
  return uuids.length > 0 ? uuids : users;
};

/** What Kolla-Ansible of that release cannot do. */
export const kollaProblems = (topology: Topology): string[] => {
  const era = eraOf(topology.series);
  return [
    ...(era === "one" ? oneProblems(topology) : []),
    ...(era === "clusters" ? clustersProblems(topology) : []),
    ...volumeProblems(topology),
  ];
};
