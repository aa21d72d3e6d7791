/** One entry per artifact: a small world for it, three states of its inputs, and what is done to the world in between. */
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { cephAuthEntity } from "../../providers/ceph-auth-entity/index";
import { cephConfigFile } from "../../providers/ceph-config-file/index";
import { cephCrushRule } from "../../providers/ceph-crush-rule/index";
import { cephErasureCodeProfile } from "../../providers/ceph-erasure-code-profile/index";
import { cephKeyringFile } from "../../providers/ceph-keyring-file/index";
import { cephPool } from "../../providers/ceph-pool/index";
import { clientCheck } from "../../providers/client-check/index";
import { imageProperties } from "../../providers/image-properties/index";
import { clientPackages } from "../../providers/client-packages/index";
import { configSection } from "../../providers/config-section/index";
import { directory } from "../../providers/directory/index";
import { newKey } from "../../providers/formats/keyring";
import type { Artifact } from "../../providers/kernel/contract";
import type { Props } from "../../providers/kernel/json";
import { typed } from "../../providers/kernel/recorded";
import { libvirtSecret } from "../../providers/libvirt-secret/index";
import { service } from "../../providers/service/index";
import { addPool } from "./fake-ceph-pools";
import { LONGER_AGO } from "./fake-systemctl";
import type { LawEntry, Run } from "./laws-entry";
import { GLANCE } from "./fake-glance";
import type { Site } from "./laws-site";

const ME = userInfo().username;
const ENTITY = "client.cinder";
const cluster = ({ ceph, adminName }: Site) => ({ fsid: ceph.fsid, admin: adminName });

const keyed = (site: Site) => ({ host: site.hostName, cluster: cluster(site), entity: ENTITY });
const secret = (site: Site) => ({ ...keyed(site), virsh: [site.virsh.command] });

const addEntity = ({ ceph }: Site): void =>
  void ceph.entities.set(ENTITY, { key: newKey(), caps: { mon: "profile rbd" } });

const bound = <I extends object, X>(artifact: Artifact<I, X>) => ({
  kind: artifact.kind,
  managed: (outs: Props) => {
    const inputs = typed(artifact, outs);
    // What has no id but by the world's word is in state only after that word.
    const facts = artifact.id(inputs, {}) === undefined ? [] : artifact.facts;
    return [...Object.keys(artifact.compared(inputs)), ...facts];
  },
  of: (run: Run, owner: string) => run.of(artifact, owner),
});

const STOCK =
  "[DEFAULT]\n# A comment\ndebug = false\n\n[ceph]\n#rbd_pool = rbd\nrbd_user = admin ; not a comment\n";

const way = (s: Site) => ({
  host: s.hostName,
  cluster: cluster(s),
  entity: ENTITY,
  prefix: [s.check.command],
});

export const laws: readonly LawEntry[] = [
  {
    file: "ceph-pool",
    ...bound(cephPool),
    prepare: ({ ceph }) => void addPool(ceph, "others"),
    first: (site) => ({
      cluster: cluster(site),
      name: "vms",
      size: 2,
      pgNum: { initial: 16 },
      onDelete: "remove",
    }),
    later: (site) => ({
      cluster: cluster(site),
      name: "vms",
      size: 3,
      minSize: 1,
      application: ["backup", "rbd"],
      quota: { maxBytes: 1_048_576 },
      compression: { mode: "aggressive" },
      options: { noscrub: true },
      onDelete: "remove",
    }),
    otherwise: (site) => ({ cluster: cluster(site), name: "vms", size: 3, bulk: true }),
    policy: { onDelete: "keep", adopt: "never", forceDestroy: true, renamedFrom: "old" },
  },
  {
    file: "ceph-crush-rule",
    ...bound(cephCrushRule),
    first: (site) => ({ cluster: cluster(site), name: "fast", type: "replicated", failureDomain: "osd" }),
    later: (site) => ({ cluster: cluster(site), name: "fast", type: "replicated", deviceClass: "ssd" }),
    policy: { onDelete: "keep", adopt: "never" },
  },
  {
    file: "ceph-erasure-code-profile",
    ...bound(cephErasureCodeProfile),
    first: (site) => ({ cluster: cluster(site), name: "ec21", k: 2, m: 1, crushFailureDomain: "osd" }),
    otherwise: (site) => ({ cluster: cluster(site), name: "ec21", k: 3, m: 1, crushFailureDomain: "osd" }),
    // Never changed in place: what is given later is looked at.
    later: (site) => ({
      cluster: cluster(site),
      name: "ec21",
      k: 2,
      m: 1,
      plugin: "jerasure",
      options: { technique: "reed_sol_van" },
    }),
    policy: { onDelete: "keep", adopt: "never" },
  },
  {
    file: "ceph-auth-entity",
    ...bound(cephAuthEntity),
    prepare: ({ ceph }) => void addPool(ceph, "vms"),
    first: (site) => ({ cluster: cluster(site), entity: ENTITY, caps: { mon: "profile rbd" } }),
    later: (site) => ({
      cluster: cluster(site),
      entity: ENTITY,
      caps: { mon: "profile rbd", osd: "profile rbd pool=vms" },
      keyGeneration: 2,
    }),
    policy: { onDelete: "keep", adopt: "never", allowUnknownProfiles: true },
  },
  {
    file: "ceph-keyring-file",
    ...bound(cephKeyringFile),
    prepare: addEntity,
    first: (site) => ({
      ...keyed(site),
      owner: ME,
      path: site.path("etc", "keyring"),
    }),
    later: (site) => ({
      ...keyed(site),
      keyGeneration: 2,
      owner: ME,
      mode: "0600",
      path: site.path("etc", "keyring"),
    }),
    between: addEntity,
    policy: { onDelete: "keep" },
  },
  {
    file: "libvirt-secret",
    ...bound(libvirtSecret),
    prepare: addEntity,
    first: secret,
    later: (site) => ({ ...secret(site), keyGeneration: 2 }),
    between: addEntity,
    policy: { onDelete: "keep", adopt: "never" },
  },
  {
    file: "config-section",
    ...bound(configSection),
    prepare: (site) => writeFileSync(site.path("etc", "cinder.conf"), STOCK),
    first: (site) => ({
      host: site.hostName,
      path: site.path("etc", "cinder.conf"),
      section: "ceph",
      options: { rbd_pool: "volumes", rbd_user: "cinder" },
      secretOptions: { rbd_secret: "a secret of the program" },
    }),
    later: (site) => ({
      host: site.hostName,
      path: site.path("etc", "cinder.conf"),
      section: "ceph",
      options: { rbd_pool: "other", rbd_max_clone_depth: 5 },
      absent: ["rbd_user"],
    }),
    policy: { onDelete: "keep" },
  },
  {
    file: "ceph-config-file",
    ...bound(cephConfigFile),
    first: (site) => ({
      host: site.hostName,
      cluster: cluster(site),
      path: site.path("etc", "ceph.conf"),
      options: { client: { rbd_cache: true } },
    }),
    later: (site) => ({
      host: site.hostName,
      cluster: cluster(site),
      path: site.path("etc", "ceph.conf"),
      options: { client: { rbd_cache: false }, "client.cinder": { admin_socket: "/run/x" } },
      mode: "0640",
    }),
    policy: { onDelete: "keep" },
  },
  {
    file: "directory",
    ...bound(directory),
    prepare: (site) => mkdirSync(site.path("others")),
    first: (site) => ({ host: site.hostName, path: site.path("guests"), mode: "2770", tmpfiles: true }),
    later: (site) => ({ host: site.hostName, path: site.path("guests"), mode: "0750", owner: ME }),
    policy: { onDelete: "keep" },
  },
  {
    file: "service",
    ...bound(service),
    prepare: ({ systemctl, path }) => {
      systemctl.unit("nova-api");
      writeFileSync(path("etc", "nova.conf"), "[DEFAULT]\nworkers = 1\n");
      utimesSync(path("etc", "nova.conf"), LONGER_AGO, LONGER_AGO);
    },
    first: (site) => ({
      host: site.hostName,
      unit: "nova-api",
      reads: [site.path("etc", "nova.conf")],
      triggers: { workers: "1" },
      steadySeconds: 0,
    }),
    later: (site) => ({
      host: site.hostName,
      unit: "nova-api",
      reads: [site.path("etc", "nova.conf")],
      triggers: { workers: "2" },
      running: true,
      steadySeconds: 0,
    }),
    between: ({ path }) => writeFileSync(path("etc", "nova.conf"), "[DEFAULT]\nworkers = 2\n"),
    stays: /^\/world\/files\/(?:etc\/nova\.conf|systemd\/units\/)/,
    policy: { timeoutSeconds: 60, probe: { tcp: 8774 }, virsh: ["docker", "exec", "nova_libvirt", "virsh"] },
  },
  {
    file: "client-check",
    ...bound(clientCheck),
    leavesNothing: true,
    first: (site) => ({ ...way(site), can: { write: ["vms"] } }),
    later: (site) => ({ ...way(site), can: { read: ["vms"] }, triggers: { key: "2" } }),
    policy: { onDelete: "keep", refresh: "write", timeoutSeconds: 60 },
  },
  {
    file: "image-properties",
    ...bound(imageProperties),
    first: () => ({ image: "cirros", endpoint: GLANCE }),
    later: () => ({
      image: "cirros",
      endpoint: GLANCE,
      properties: { hw_disk_bus: "virtio", os_distro: "linux", "a/b~c": "" },
    }),
    policy: { onDelete: "keep", interface: "admin", insecure: false },
  },
  {
    file: "client-packages",
    ...bound(clientPackages),
    prepare: ({ apt }) => apt.offerCeph(),
    first: (site) => ({ host: site.hostName, packages: ["python3-rbd"], onDelete: "remove" }),
    later: ({ hostName: host }) => ({ host, packages: ["ceph-common"], version: "18.2", onDelete: "remove" }),
    policy: { onDelete: "keep", timeoutSeconds: 30 },
  },
];
