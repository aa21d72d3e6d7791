/**
 * What openstack-k8s-operators take of an external Ceph: Secrets, a ConfigMap, and parts of two custom resources. Pure.
 * @see https://openstack-k8s-operators.github.io/data-plane-adoption/
 */
import { enabledBackends } from "./enabled.js";
import { clusterNames, iniText, minimalConf, onceBy, onlyOne, without } from "./parts.js";
import type { HandOver, Json, PlainSections, Topology, Use } from "./topology.js";

type Values = { readonly [key: string]: Json };

/** Of the pods; computes take one user of a cluster, from a Secret of their own. */
const CONTROL_PLANE = "ceph-conf-control-plane";
const DATA_PLANE = "ceph-conf-files";

/** What computes open: their own disks, and volumes of every cluster. */
const computeUses = ({ backends, nova }: Topology): (Use & { readonly secretUuid: string })[] =>
  nova === undefined ? [] : [nova, ...backends];

/** What the operators cannot do. */
export const edpmProblems = (topology: Topology): string[] => {
  const { backends, nova } = topology;
  const uses = computeUses(topology);
  return [
    ...[...backends, ...(nova === undefined ? [] : [nova])]
      .filter(({ secretUuid, cluster }) => secretUuid !== cluster.fsid)
      .map(
        ({ secretUuid, cluster }) =>
          `layout "edpm": computes name libvirt's secret by the cluster's fsid, ${cluster.fsid}, not ${secretUuid}`,
      ),
    ...clusterNames(uses).flatMap((name) =>
      onlyOne(
        uses.filter(({ cluster }) => cluster.name === name).map(({ user }) => user),
        (all) =>
          `layout "edpm": computes have one user of a cluster, that of Nova and Cinder, not ${all} of ${JSON.stringify(name)}`,
      ),
    ),
  ];
};

const text = (sections: PlainSections = {}): string => iniText(sections);

const glanceCr = ({ stores, sections }: Topology): Values =>
  stores.length === 0 ? {} : { glance: { template: { customServiceConfig: text(sections.glance) } } };

/** One service for each backend, whose file has that backend alone. */
const cinderCr = (topology: Topology): Values => {
  const { backends, backup, sections } = topology;
  if (backends.length === 0) return {};
  const shared = without(sections.cinder, "DEFAULT", ["enabled_backends"]);
  const enabled = enabledBackends(topology);
  const names = [...enabled, ...backends.map(({ name }) => name)];
  const volumes = enabled.map((name): [string, Json] => [
    name,
    {
      customServiceConfig: text({
        ...Object.fromEntries(
          Object.entries(shared).filter(([section]) => section === name || !names.includes(section)),
        ),
        DEFAULT: { ...shared["DEFAULT"], enabled_backends: name },
      }),
    },
  ]);
  return {
    cinder: {
      template: {
        cinderVolumes: Object.fromEntries(volumes),
        ...(backup === undefined
          ? {}
          : { cinderBackup: { customServiceConfig: text(sections.cinderBackup) } }),
      },
    },
  };
};

const mounts = ({ stores, backends, backup }: Topology): Json => [
  {
    name: "v1",
    region: "r1",
    extraVol: [
      {
        propagation: [
          ...(stores.length > 0 ? ["Glance"] : []),
          ...(backends.length > 0 ? ["CinderVolume"] : []),
          ...(backup === undefined ? [] : ["CinderBackup"]),
        ],
        extraVolType: "Ceph",
        volumes: [{ name: "ceph", projected: { sources: [{ secret: { name: CONTROL_PLANE } }] } }],
        mounts: [{ name: "ceph", mountPath: "/etc/ceph", readOnly: true }],
      },
    ],
  },
];

const controlPlane = (topology: Topology): Values => ({
  spec: { extraMounts: mounts(topology), ...glanceCr(topology), ...cinderCr(topology) },
});

const configMap = ({ sections }: Topology): Values => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "ceph-nova", namespace: "openstack" },
  data: { "03-ceph-nova.conf": text(sections.nova) },
});

/** A Secret of the files of some uses, each by the name that it has in /etc/ceph; made in a directory in memory. */
const makeSecret = (name: string, uses: readonly Use[]): string[] => {
  const users = onceBy(uses, ({ cluster, user }) => `${cluster.name}/${user}`);
  const files = [
    ...clusterNames(uses).map((cluster) => ({
      file: `${cluster}.conf`,
      make: minimalConf(uses, cluster, `ceph --cluster ${cluster}`),
    })),
    ...users.map(({ cluster, user }) => ({
      file: `${cluster.name}.client.${user}.keyring`,
      make: `ceph --cluster ${cluster.name} auth get client.${user}`,
    })),
  ];
  const sources = files.map(({ file, make }) => `--from-file=${file}=<(${make})`).join(" ");
  return [
    `oc -n openstack create secret generic ${name} ${sources} --dry-run=client -o yaml | oc apply -f -`,
  ];
};

/** Parts of custom resources, a ConfigMap, and the commands that make Secrets and apply. */
export const edpm = (topology: Topology): HandOver => {
  const { stores, backends, backup, nova } = topology;
  const pods = [...stores, ...backends, ...(backup === undefined ? [] : [backup])];
  return {
    tool: "edpm",
    values: {
      ...(pods.length === 0 ? {} : { "openstackcontrolplane.yaml": controlPlane(topology) }),
      ...(nova === undefined ? {} : { "ceph-nova.yaml": configMap(topology) }),
    },
    options: {},
    confs: [],
    keyrings: [],
    run: [
      ...(pods.length === 0 ? [] : makeSecret(CONTROL_PLANE, pods)),
      ...(nova === undefined ? [] : makeSecret(DATA_PLANE, computeUses(topology))),
      ...(pods.length === 0
        ? []
        : [
            "oc -n openstack patch openstackcontrolplane openstack --type=merge --patch-file openstackcontrolplane.yaml",
          ]),
      ...(nova === undefined ? [] : ["oc apply -f ceph-nova.yaml"]),
    ],
    notes: [
      `pods get the Secret ${CONTROL_PLANE}, with a keyring of each user; computes ${DATA_PLANE}, with one user of each cluster: a second would be mistaken for the first`,
      "name the ConfigMap ceph-nova in dataSources of an OpenStackDataPlaneService of your own for nova, and list ceph-client before it; then make a new OpenStackDataPlaneDeployment",
      "each deployment undefines libvirt's secret and defines it anew: a volume that is attached in between fails",
    ],
  };
};
