/**
 * Values of OpenStack-Helm's charts for a Ceph outside Kubernetes, and the Secrets and the ConfigMap that they mount. Pure.
 * @see https://docs.openstack.org/openstack-helm/latest/
 */
import { clusterNames, minimalConf, onlyOne, unique, usesOf } from "./parts.js";
import type { HandOver, Json, PlainSections, PlainValue, Topology } from "./topology.js";

type Values = { readonly [key: string]: Json };
/** Values, by the file of a chart. */
type Charts = { readonly [file: string]: Values };

/** What the charts cannot do. */
export const helmProblems = (topology: Topology): string[] => {
  const { stores, backends, nova } = topology;
  const users = (uses: readonly { readonly user: string }[]) => uses.map(({ user }) => user);
  return [
    ...clusterNames(usesOf(topology))
      .filter((name) => name !== "ceph")
      .map(
        (name) =>
          `layout "helm": the charts know a cluster by the name "ceph" alone, not ${JSON.stringify(name)}`,
      ),
    ...onlyOne(users(stores), (all) => `layout "helm": the chart of Glance has one user in Ceph, not ${all}`),
    ...onlyOne(
      users(backends),
      (all) => `layout "helm": the chart of Cinder has one user in Ceph, not ${all}`,
    ),
    ...onlyOne(
      [...backends, ...(nova === undefined ? [] : [nova])].map(
        ({ user, secretUuid }) => `${user} (${secretUuid})`,
      ),
      (all) =>
        `layout "helm": computes have one user and one libvirt secret, that of Nova and Cinder, not ${all}`,
    ),
  ];
};

/** A number as text: the charts' engine writes one of seven digits or more as 1.3e+08, which oslo.config does not take. */
const scalar = (value: string | number | boolean): string | boolean =>
  typeof value === "boolean" ? value : String(value);

/** As `to_oslo_conf` of the charts takes it: a list is joined, a map of its own makes a line each. */
const helmValue = (value: PlainValue): Json => {
  if (typeof value !== "object") return scalar(value);
  return "repeated" in value
    ? { type: "multistring", values: value.repeated.map(scalar) }
    : value.map(scalar);
};

const helmSections = (sections: PlainSections = {}): Values =>
  Object.fromEntries(
    Object.entries(sections).map(([section, options]) => [
      section,
      Object.fromEntries(Object.entries(options).map(([option, value]) => [option, helmValue(value)])),
    ]),
  );

const glanceChart = ({ stores, sections }: Topology): Charts => {
  const [first] = stores;
  if (first === undefined) return {};
  const all = helmSections(sections.glance);
  // The keyring is that of the user whom this section names, whatever the stores are called.
  const own = stores.some(({ name }) => name === "rbd")
    ? {}
    : { rbd: { rbd_store_user: first.user, rbd_store_pool: first.pool } };
  return {
    "glance.yaml": {
      storage: "rbd",
      conf: { glance: { ...all, ...own } },
      manifests: { job_storage_init: false },
    },
  };
};

const cinderChart = ({ backends, backup, sections }: Topology): Charts => {
  const [first] = backends;
  if (first === undefined) return {};
  const names = backends.map(({ name }) => name);
  const all = helmSections(sections.cinder);
  const own = Object.fromEntries(names.map((name) => [name, all[name] ?? {}]));
  const rest = Object.fromEntries(Object.entries(all).filter(([section]) => !names.includes(section)));
  const backupSections = helmSections(sections.cinderBackup);
  const defaults = { ...sections.cinder?.["DEFAULT"], ...sections.cinderBackup?.["DEFAULT"] };
  return {
    "cinder.yaml": {
      storage: "ceph",
      ceph_client: { internal_ceph_backend: first.name },
      conf: {
        cinder: {
          ...rest,
          ...backupSections,
          ...helmSections({ DEFAULT: { ...defaults, default_volume_type: first.name } }),
        },
        // The chart's own sample, unless it is one of these.
        backends: { ...(names.includes("rbd1") ? {} : { rbd1: null }), ...own },
      },
      manifests: {
        job_storage_init: false,
        ...(backup === undefined ? {} : { job_backup_storage_init: false }),
      },
    },
  };
};

const computeCharts = ({ backends, nova, sections }: Topology): Charts => {
  const use = nova ?? backends[0];
  if (use === undefined || nova === undefined) return {};
  const cinder = { user: use.user, secret_uuid: use.secretUuid };
  return {
    "nova.yaml": {
      conf: { ceph: { enabled: true, cinder }, nova: helmSections(sections.nova) },
      manifests: { job_storage_init: false },
    },
    "libvirt.yaml": { conf: { ceph: { enabled: true, cinder } } },
  };
};

const keyOf = (user: string): string => `ceph auth print-key client.${user}`;

/** A Secret whose `key` is the bare key, made from a pipe. */
const makeSecret = (name: string, user: string): string =>
  `${keyOf(user)} | kubectl -n openstack create secret generic ${name} --from-file=key=/dev/stdin --dry-run=client -o yaml | kubectl apply -f -`;

const secretsOf = ({ stores, backends, backup }: Topology): { name: string; user: string }[] => [
  ...(stores[0] === undefined ? [] : [{ name: "images-rbd-keyring", user: stores[0].user }]),
  ...(backends[0] === undefined ? [] : [{ name: "cinder-volume-rbd-keyring", user: backends[0].user }]),
  ...(backup === undefined ? [] : [{ name: "cinder-backup-rbd-keyring", user: backup.user }]),
];

/** Without a key of its own a compute's pod asks for the admin's, and resets the user's caps. */
const installs = (charts: readonly string[], computeUser: string | undefined): string[] =>
  charts.map((chart) => {
    const key =
      computeUser !== undefined && (chart === "nova" || chart === "libvirt")
        ? ` --set-file conf.ceph.cinder.keyring=<(${keyOf(computeUser)})`
        : "";
    return `helm upgrade --install ${chart} openstack-helm/${chart} -n openstack -f ${chart}.yaml${key}`;
  });

/** Values by chart, and the commands that make Secrets and ConfigMap and upgrade. */
export const helm = (topology: Topology): HandOver => {
  const values = { ...glanceChart(topology), ...cinderChart(topology), ...computeCharts(topology) };
  const charts = unique(["libvirt", "glance", "cinder", "nova"]).filter((chart) => `${chart}.yaml` in values);
  return {
    tool: "helm",
    values,
    options: {},
    confs: [],
    keyrings: [],
    run: [
      `${minimalConf(usesOf(topology), "ceph")} | kubectl -n openstack create configmap ceph-etc --from-file=ceph.conf=/dev/stdin --dry-run=client -o yaml | kubectl apply -f -`,
      ...secretsOf(topology).map(({ name, user }) => makeSecret(name, user)),
      ...installs(charts, topology.nova?.user),
    ],
    notes: [
      "the init jobs of storage are off: they would reset the caps of users that are there to their own",
      "a key of conf.ceph.cinder.keyring stands in the release's own Secret in Kubernetes; without it libvirt and nova ask for the admin's key and reset caps",
    ],
  };
};
