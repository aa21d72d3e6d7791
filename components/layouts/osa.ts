/**
 * What OpenStack-Ansible reads of a Ceph that it did not deploy: user_variables.yml, user_secrets.yml, and files on the deployment host. Pure.
 * @see https://docs.openstack.org/openstack-ansible-ceph_client/latest/config-from-file.html
 */
import { numberOf, orderOf, type Series } from "../../providers/formats/openstack/series.js";
import { butMade, enabledBackends } from "./enabled.js";
import { butFor, clusterNames, flat, given, onceBy, usesOf, type NamedUse } from "./parts.js";
import type { HandOver, Json, PlainSections, Topology } from "./topology.js";

type Values = { readonly [key: string]: Json };

/** Stores may be mappings with options of their own since 2024.1. */
const hasStoreMappings = (series: Series): boolean => orderOf(series) >= orderOf("caracal");

/** A single store of that name gets its options from variables, in every release. */
const isPlainStore = ({ stores }: Topology): boolean =>
  stores.length === 1 && stores[0]?.name === "rbd" && stores[0].cluster.name === "ceph";

const mainCluster = ({ nova, backends, stores, backup }: Topology): string =>
  (nova ?? backends[0] ?? stores[0] ?? backup)?.cluster.name ?? "ceph";

/** Users of another cluster, or whom no variable names: `ceph_extra_confs`. */
const extrasOf = (topology: Topology): NamedUse[] => {
  const { stores, backends, backup, nova } = topology;
  const main = mainCluster(topology);
  const named = [stores[0], backends[0], backup, nova].map((use) => use?.user);
  return onceBy(
    usesOf(topology).filter(({ cluster, user }) => cluster.name !== main || !named.includes(user)),
    ({ cluster, user }) => `${cluster.name}/${user}`,
  );
};

/** What OpenStack-Ansible of that release cannot do. */
export const osaProblems = (topology: Topology): string[] => {
  const { series, nova, stores } = topology;
  return [
    ...(stores.length > 0 && !isPlainStore(topology) && !hasStoreMappings(series)
      ? [
          `layout "osa": OpenStack-Ansible of ${numberOf(series)} has one store of Glance in Ceph, called "rbd", in a cluster called "ceph"; others need 2024.1 or later`,
        ]
      : []),
    ...(nova !== undefined && nova.cluster.name !== "ceph"
      ? [
          `layout "osa": nova.conf of OpenStack-Ansible names /etc/ceph/ceph.conf: the computes' cluster must be called "ceph"`,
        ]
      : []),
  ];
};

const glanceValues = (topology: Topology): Values => {
  const { stores, sections, said } = topology;
  const [first, ...others] = stores;
  if (first === undefined) return {};
  const rest = butFor(
    butMade(sections.glance, "glance", said),
    stores.map(({ name }) => name),
  );
  const mapping = (name: string) => ({ name, type: "rbd", config: flat(sections.glance?.[name]) });
  return given({
    glance_ceph_client: first.user,
    glance_rbd_store_pool: first.pool,
    glance_default_store: isPlainStore(topology) ? "rbd" : mapping(first.name),
    glance_additional_stores:
      others.length === 0
        ? undefined
        : [
            // The role's own, which this list is instead of.
            ...["http", "cinder"].map((name) => ({ name, type: name })),
            ...others.map(({ name }) => mapping(name)),
          ],
    glance_glance_api_conf_overrides: overrides({
      ...rest,
      ...(isPlainStore(topology) ? { rbd: sections.glance?.["rbd"] ?? {} } : {}),
    }),
  });
};

const overrides = (sections: PlainSections = {}): Values =>
  Object.fromEntries(Object.entries(sections).map(([section, options]) => [section, flat(options)]));

const backupValues = ({ backends, backup }: Topology): Values =>
  backup === undefined
    ? {}
    : given({
        cinder_backup_ceph_client: backup.user,
        cinder_service_backup_program_enabled: true,
        cinder_service_backup_driver: "cinder.backup.drivers.ceph.CephBackupDriver",
        cinder_service_backup_ceph_user: backup.user,
        cinder_service_backup_ceph_pool: backup.pool,
        // Backups that are increments read the volumes' pool with the volumes' key.
        ceph_extra_components:
          backends[0] === undefined
            ? undefined
            : [{ component: "cinder_backup", package: [], client: [backends[0].user] }],
      });

const cinderOverrides = (topology: Topology): Values => {
  const { backends, sections } = topology;
  const rest = butFor(butMade(sections.cinder, "cinder"), [
    ...backends.map(({ name }) => name),
    ...enabledBackends(topology),
  ]);
  const { cinderBackup = {} } = sections;
  const both = Object.keys({ ...rest, ...cinderBackup }).map((section): [string, PlainSections[string]] => [
    section,
    { ...rest[section], ...cinderBackup[section] },
  ]);
  return both.length === 0 ? {} : { cinder_cinder_conf_overrides: overrides(Object.fromEntries(both)) };
};

const cinderValues = (topology: Topology): Values => {
  const { backends, sections } = topology;
  const [first] = backends;
  return first === undefined
    ? {}
    : {
        cinder_ceph_client: first.user,
        cinder_backends: Object.fromEntries(
          enabledBackends(topology).map((name) => [name, flat(sections.cinder?.[name])]),
        ),
      };
};

const novaValues = ({ nova, backends, sections }: Topology): Values =>
  nova === undefined
    ? {}
    : given({
        nova_ceph_client: nova.user,
        // It is Cinder's, unless it is said.
        nova_ceph_client_uuid: backends[0]?.secretUuid === nova.secretUuid ? undefined : nova.secretUuid,
        nova_libvirt_images_rbd_pool: nova.pool,
        nova_cinder_rbd_inuse: backends.length > 0 ? true : undefined,
        nova_nova_conf_overrides: overrides(sections.nova),
      });

const extraValues = (extras: readonly NamedUse[], directory: string): Values =>
  extras.length === 0
    ? {}
    : {
        ceph_extra_confs: extras.map(({ cluster: { name }, user, secretUuid }) =>
          given({
            cluster_name: name,
            client_name: user,
            src: `${directory}/ceph/${name}.conf`,
            dest: `/etc/ceph/${name}.conf`,
            keyring_src: `${directory}/ceph-keyrings/${name}.client.${user}.keyring`,
            keyring_dest: `/etc/ceph/${name}.client.${user}.keyring`,
            secret_uuid: secretUuid,
          }),
        ),
        ceph_extra_config_groups: ["glance_api", "cinder_backup", "cinder_volume"],
      };

const keyringsOf = (topology: Topology, directory: string): HandOver["keyrings"] => {
  const extras = extrasOf(topology);
  const isExtra = (use: NamedUse) =>
    extras.some(({ cluster, user }) => cluster.name === use.cluster.name && user === use.user);
  return onceBy(
    usesOf(topology).map((use) => {
      const { cluster, user } = use;
      const file = isExtra(use) ? `${cluster.name}.client.${user}.keyring` : `${user}.keyring`;
      return { path: `${directory}/ceph-keyrings/${file}`, cluster: cluster.name, user };
    }),
    ({ path }) => path,
  );
};

const playbooks = ({ series, stores, backends, nova }: Topology): string[] => {
  const services = [
    ...(stores.length > 0 ? ["glance"] : []),
    ...(backends.length > 0 ? ["cinder"] : []),
    ...(nova === undefined ? [] : ["nova"]),
  ];
  return services.map((service) =>
    orderOf(series) < orderOf("dalmatian")
      ? `openstack-ansible os-${service}-install.yml`
      : `openstack-ansible openstack.osa.${service}`,
  );
};

/** Values, files below `directory`, and what to run. */
export const osa = (topology: Topology, directory: string): HandOver => {
  const main = mainCluster(topology);
  const { backends, nova } = topology;
  const uuid = backends[0]?.secretUuid ?? nova?.secretUuid;
  return {
    tool: "osa",
    values: {
      "user_variables.yml": {
        ...(main === "ceph" ? {} : { ceph_cluster_name: main }),
        ceph_conf_file: `{{ lookup('file', '${directory}/ceph/${main}.conf') }}`,
        ceph_keyrings_dir: `${directory}/ceph-keyrings`,
        ...glanceValues(topology),
        ...cinderValues(topology),
        ...backupValues(topology),
        ...cinderOverrides(topology),
        ...novaValues(topology),
        ...extraValues(extrasOf(topology), directory),
      },
      "user_secrets.yml": given({ cinder_ceph_client_uuid: uuid }),
    },
    options: {},
    confs: clusterNames(usesOf(topology)).map((cluster) => ({
      path: `${directory}/ceph/${cluster}.conf`,
      cluster,
    })),
    keyrings: keyringsOf(topology, directory),
    run: playbooks(topology),
    notes: [
      `user_variables.yml may be a file of its own, ${directory}/user_ceph.yml; user_secrets.yml has a line for the UUID already`,
      "OpenStack-Ansible writes ceph.conf, keyrings and the services' files anew in each run",
    ],
  };
};
