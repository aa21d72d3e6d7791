/**
 * What Kolla-Ansible reads of an external Ceph: values, and files below `node_custom_config`. Pure.
 * @see https://docs.openstack.org/kolla-ansible/latest/reference/storage/external-ceph-guide.html
 */
import { butMade } from "./enabled.js";
import { globalsOf, passwordsOf } from "./kolla-values.js";
import { clusterNames, computeClusters, onceBy, without } from "./parts.js";
import type { Handed, HandOver, SectionsOf, Topology, Use } from "./topology.js";

/** Files of a service: a ceph.conf of each cluster, and keyrings. */
interface Place {
  readonly conf: string;
  readonly keyring: string;
  readonly uses: readonly Use[];
}

const placesOf = ({ stores, backends, backup, nova }: Topology): Place[] => [
  { conf: "glance", keyring: "glance", uses: stores },
  { conf: "cinder", keyring: "cinder/cinder-volume", uses: backends },
  {
    conf: "cinder",
    keyring: "cinder/cinder-backup",
    uses: backup === undefined ? [] : [...backends, backup],
  },
  {
    conf: "nova",
    keyring: "nova",
    // A compute is of one cluster, and opens the volumes there.
    uses: nova === undefined ? [] : [nova, ...backends],
  },
];

/** Computes of one cluster are told of it by the merged file too: it counts over globals.yml, which may lack it. */
const novaSections = <V>(handed: Handed<V>): SectionsOf<V> => {
  const { sections, said } = handed;
  return computeClusters(handed).length < 2
    ? without(sections.nova, "DEFAULT", [])
    : butMade(sections.nova, "nova", said);
};

/** Files of options, by path; which there are is known before their values are. */
export const optionFilesOf = <V>(handed: Handed<V>, directory: string): Record<string, SectionsOf<V>> => {
  const { sections, said } = handed;
  const { glance, cinder, cinderBackup } = sections;
  const files: Record<string, SectionsOf<V>> = {
    "glance/glance-api.conf": butMade(glance, "glance", said),
    "cinder/cinder-volume.conf": butMade(cinder, "cinder", said),
    "cinder/cinder-backup.conf": without(cinderBackup, "DEFAULT", []),
    "nova/nova-compute.conf": novaSections(handed),
  };
  return Object.fromEntries(
    Object.entries(files)
      .filter(([, all]) => Object.keys(all).length > 0)
      .map(([file, all]) => [`${directory}/${file}`, all]),
  );
};

const tagsOf = ({ stores, backends, nova }: Topology): string =>
  [
    ...(stores.length > 0 ? ["glance"] : []),
    ...(backends.length > 0 ? ["cinder"] : []),
    ...(nova === undefined ? [] : ["nova-cell"]),
  ].join(",");

/** Computes of several clusters: each is of one, by its host_vars. */
const clusterNotes = (topology: Topology): string[] => {
  const { nova, backends } = topology;
  if (nova === undefined || computeClusters(topology).length < 2) return [];
  const own = nova.cluster.name;
  return [
    "nova-compute.conf does not say where guests' disks are, for it is merged for computes of every cluster: globals.yml must (nova_backend_ceph, nova_cell_ceph_backend), or they are on local disks, or in Kolla-Ansible's own default pool",
    'ceph_cluster is "ceph" in group_vars of Kolla-Ansible, which count over variables of groups within an inventory file: host_vars count over both',
    ...(own === "ceph" ? [] : [`host_vars of the computes say ceph_cluster: ${own}`]),
    ...clusterNames(backends)
      .filter((name) => name !== own)
      .map(
        (name) =>
          `a compute opens volumes of its own cluster alone: for those of ${name} host_vars of some computes say ceph_cluster: ${name} and nova_backend: default, for guests' own disks are in ${own}; zones keep guests and volumes together (availabilityZone of a backend)`,
      ),
  ];
};

/** What is to be known beforehand. */
const notesOf = (topology: Topology): string[] => [...generalNotes(topology), ...clusterNotes(topology)];

const generalNotes = ({ backends, backup, nova }: Topology): string[] => [
  "globals.yml may be a file of its own in /etc/kolla/globals.d; the UUIDs must stand in passwords.yml, which is read last",
  ...(backends.some(({ secretUuid }) => secretUuid === nova?.secretUuid)
    ? [
        "rbd_secret_uuid and cinder_rbd_secret_uuid are one secret of one user: Kolla-Ansible writes its file twice in each run, and calls that a change",
      ]
    : []),
  ...(nova === undefined
    ? []
    : [
        "guests that run name the UUIDs of passwords.yml as they were when they started: a former one's secret must stay on the computes until their next hard reboot",
      ]),
  ...(backends.length > 0 && backup === undefined
    ? [
        "Kolla-Ansible runs cinder-backup unless enable_cinder_backup is false, and keeps backups in Ceph unless cinder_backup_driver names another: it would look for a keyring that nobody gave it",
      ]
    : []),
];

const keyringsOf = (places: readonly Place[], directory: string): HandOver["keyrings"] =>
  onceBy(
    places.flatMap(({ keyring, uses }) =>
      uses.map(({ cluster: { name }, user }) => ({
        path: `${directory}/${keyring}/${name}.client.${user}.keyring`,
        cluster: name,
        user,
      })),
    ),
    ({ path }) => path,
  );

const confsOf = (places: readonly Place[], directory: string): HandOver["confs"] =>
  onceBy(
    places.flatMap(({ conf, uses }) =>
      clusterNames(uses).map((cluster) => ({ path: `${directory}/${conf}/${cluster}.conf`, cluster })),
    ),
    ({ path }) => path,
  );

/** Values, files below `directory` (`node_custom_config`), and what to run. */
export const kolla = (topology: Topology, directory: string): HandOver => {
  const places = placesOf(topology);
  return {
    tool: "kolla",
    values: { "globals.yml": globalsOf(topology), "passwords.yml": passwordsOf(topology) },
    options: optionFilesOf(topology, directory),
    confs: confsOf(places, directory),
    keyrings: keyringsOf(places, directory),
    run: [
      "kolla-ansible prechecks -i <inventory>",
      `kolla-ansible reconfigure -i <inventory> --tags ${tagsOf(topology)}`,
    ],
    notes: notesOf(topology),
  };
};
