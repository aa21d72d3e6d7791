/**
 * Values of Kolla-Ansible's globals.yml and passwords.yml, by release. Pure.
 * @see https://docs.openstack.org/kolla-ansible/latest/reference/storage/external-ceph-guide.html
 */
import { orderOf, type Series } from "../../providers/formats/openstack/series.js";
import { computeClusters, given } from "./parts.js";
import type { Json, Topology } from "./topology.js";

/** One store and one backend; several that differ by their cluster, since 2023.2; several that differ by user and pool too, since 2025.1. */
export type Era = "one" | "clusters" | "backends";

export const eraOf = (series: Series): Era => {
  if (orderOf(series) < orderOf("bobcat")) return "one";
  return orderOf(series) < orderOf("epoxy") ? "clusters" : "backends";
};

type Values = { readonly [key: string]: Json };

const glanceValues = ({ series, stores }: Topology): Values => {
  const [first] = stores;
  if (first === undefined) return {};
  const era = eraOf(series);
  const full = era === "backends";
  return given({
    glance_backend_ceph: true,
    ceph_glance_user: first.user,
    ceph_glance_pool_name: first.pool,
    ceph_glance_keyring: era === "one" ? `ceph.client.${first.user}.keyring` : undefined,
    glance_ceph_backends:
      era === "one"
        ? undefined
        : stores.map(({ name, pool, user, cluster }) => ({
            name,
            type: "rbd",
            cluster: cluster.name,
            ...(full ? { pool, user } : {}),
            // A boolean: "yes" is none of the enabled ones.
            enabled: true,
          })),
  });
};

const cinderValues = ({ series, backends }: Topology): Values => {
  const [first] = backends;
  if (first === undefined) return {};
  const era = eraOf(series);
  return given({
    enable_cinder: true,
    cinder_backend_ceph: true,
    cinder_backend_ceph_name: first.name,
    ceph_cinder_user: first.user,
    ceph_cinder_pool_name: first.pool,
    ceph_cinder_keyring: era === "one" ? `ceph.client.${first.user}.keyring` : undefined,
    cinder_ceph_backends:
      era === "one"
        ? undefined
        : backends.map(({ name, pool, user, cluster }) => ({
            name,
            cluster: cluster.name,
            ...(era === "backends" ? { backend_name: name, pool, user } : {}),
            enabled: true,
          })),
  });
};

const backupValues = ({ series, backends, backup }: Topology): Values => {
  if (backup === undefined || backends.length === 0) return {};
  const era = eraOf(series);
  const { user, pool, cluster } = backup;
  const beside = backends.find((backend) => backend.cluster.name === cluster.name)?.name ?? "rbd-1";
  return given({
    enable_cinder_backup: true,
    cinder_backup_driver: "ceph",
    ceph_cinder_backup_user: user,
    ceph_cinder_backup_pool_name: pool,
    ceph_cinder_backup_keyring: era === "one" ? `ceph.client.${user}.keyring` : undefined,
    cinder_backup_backend_ceph_name: era === "one" ? undefined : beside,
    cinder_backup_ceph_backend:
      era === "backends" ? { name: beside, cluster: cluster.name, user, pool, enabled: true } : undefined,
  });
};

/** globals.yml counts more than host_vars, which say of which cluster each compute is where there are several. */
const SAID_BY_HOST_VARS = "{{ ceph_cluster }}";

const novaValues = (topology: Topology): Values => {
  const { series, backends, nova } = topology;
  if (nova === undefined) return {};
  const isOne = computeClusters(topology).length === 1;
  const era = eraOf(series);
  const { user, pool, cluster } = nova;
  const volumes = backends.find((backend) => backend.cluster.name === cluster.name) ?? backends[0] ?? nova;
  return given({
    nova_backend_ceph: true,
    ceph_cluster: era === "backends" && isOne ? cluster.name : undefined,
    ceph_nova_user: user,
    ceph_nova_pool_name: pool,
    ceph_nova_keyring: era === "one" ? `ceph.client.${user}.keyring` : undefined,
    nova_ceph_cluster: era === "clusters" ? cluster.name : undefined,
    nova_cell_ceph_backend:
      era === "backends"
        ? {
            cluster: isOne ? cluster.name : SAID_BY_HOST_VARS,
            vms: { user, pool },
            volumes: { user: volumes.user, pool: volumes.pool },
          }
        : undefined,
  });
};

/** `passwords.yml`: UUIDs, no secret in themselves. */
export const passwordsOf = ({ backends, nova }: Topology): Values =>
  given({ rbd_secret_uuid: nova?.secretUuid, cinder_rbd_secret_uuid: backends[0]?.secretUuid });

/** `globals.yml`. */
export const globalsOf = (topology: Topology): Values => ({
  ...glanceValues(topology),
  ...cinderValues(topology),
  ...backupValues(topology),
  ...novaValues(topology),
});
