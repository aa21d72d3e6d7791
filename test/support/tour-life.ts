/** The artifacts of a tour that stand on the seven of a life: what they need on the hosts, and a program of all twelve. */
import {
  CephAuthEntity,
  CephCrushRule,
  CephErasureCodeProfile,
  CephPool,
  ClientCheck,
  ClientPackages,
  Service,
} from "../../index";
import { secretUuid } from "../../providers/formats/libvirt-secret";
import { makeRepository, removeRepository } from "./apt-repository";
import { ceph, on } from "./hosts";
import { cluster, FILES, Group, oneOfEach, removePools } from "./lifecycle";
import { keepLibvirtd, leaveLibvirtd, makeUnits, removeUnits } from "./units";
import { COUNTS } from "./world";

export const UNIT = "life-unit";
const PACKAGE = "life-package";
const REPOSITORY = "life-repository";
const KEYRING = FILES[0] ?? "";

/** Packages are another host's: APT's own notes of an installation stay. */
const PACKAGES_HOST = "vol1";

/** What a hand has made before, and has the caps that the program says. */
const FOREIGN = "life-foreign";
const FOREIGN_CAPS = { mon: "profile rbd", osd: `profile rbd pool=${FOREIGN}` };

const makeForeign = () =>
  ceph(`
    ceph osd pool create ${FOREIGN} 8; ceph osd pool set ${FOREIGN} pg_autoscale_mode off
    ceph osd pool set ${FOREIGN} size 2; ceph osd pool application enable ${FOREIGN} rbd; rbd pool init ${FOREIGN}
    ceph auth get-or-create client.${FOREIGN} mon '${FOREIGN_CAPS.mon}' osd '${FOREIGN_CAPS.osd}' >/dev/null`);

const removeForeign = async (): Promise<void> => {
  await removePools(FOREIGN);
  await ceph(`ceph auth rm client.${FOREIGN}`);
};

export const makeTourSite = (): Promise<unknown> =>
  Promise.all([
    makeUnits("cmp1", [UNIT]),
    keepLibvirtd("cmp1"),
    makeRepository(PACKAGES_HOST, REPOSITORY, [{ name: PACKAGE, version: "1.0" }]),
    makeForeign(),
  ]);

export const removeTourSite = (): Promise<unknown> =>
  Promise.all([
    removeUnits("cmp1", [UNIT]),
    leaveLibvirtd("cmp1"),
    removeRepository(PACKAGES_HOST, REPOSITORY, [PACKAGE]),
    removeForeign(),
  ]);

/** Records, in the cluster, about what a hand has made. */
export const foreignRecords = (): Promise<string> =>
  ceph(`ceph config-key ls | grep pulumi | grep ${FOREIGN} || true`);

/** A pool and an entity that are there, and are to stay. */
const foreign = (prefix: string): void => {
  new CephPool(`${prefix}-there-pool`, {
    ...{ cluster: cluster(), name: FOREIGN, size: 2, pgAutoscaleMode: "off" },
  });
  new CephAuthEntity(`${prefix}-there-entity`, {
    ...{ cluster: cluster(), entity: `client.${FOREIGN}`, caps: FOREIGN_CAPS },
  });
};

/** One of every artifact but properties of images, named `<prefix>-<artifact>`, and what was there before: `<prefix>-there-<artifact>`. */
export const oneOfAll = (prefix: string, { generation = 1 } = {}): void => {
  foreign(prefix);
  const files = new Group("files");
  oneOfEach(prefix, { generation, opts: () => ({ parent: files }) });
  const at = { host: "cmp1", cluster: cluster(), entity: "client.life" };
  const triggers = { "key of client.life": String(generation) };
  const dependsOn = [files];
  const profile = new CephErasureCodeProfile(`${prefix}-profile`, {
    ...{ cluster: cluster(), name: "life-ec", k: 2, m: 1, crushFailureDomain: "osd" },
  });
  new CephCrushRule(`${prefix}-rule`, {
    ...{ cluster: cluster(), name: "life-rule", type: "erasure", erasureCodeProfile: profile.name },
  });
  new ClientPackages(`${prefix}-packages`, {
    ...{ host: PACKAGES_HOST, packages: [PACKAGE], onDelete: "remove" },
  });
  const reads = ["/etc/nova/nova.conf#[libvirt]", KEYRING];
  new Service(
    `${prefix}-service`,
    { host: "cmp1", unit: UNIT, reads, triggers, steadySeconds: 0 },
    { dependsOn },
  );
  const libvirtSecret = { uuid: secretUuid(cluster().fsid, at.entity) };
  new ClientCheck(
    `${prefix}-check`,
    { ...at, keyring: KEYRING, can: { write: ["life"] }, manager: false, libvirtSecret, triggers },
    { dependsOn },
  );
};

/** What the tools say of the newer ones: unit and its starts, package, profile, rule. */
export const newerFacts = async (): Promise<string[]> => {
  const profile = "ceph osd erasure-code-profile get life-ec 2>&1 | grep -E '^(k|m|crush-failure-domain)='";
  const facts = await Promise.all([
    on("cmp1", `systemctl is-active ${UNIT}; wc -l <${COUNTS}/${UNIT}.starts`),
    on(PACKAGES_HOST, `dpkg-query -W -f '\${db:Status-Abbrev}' ${PACKAGE} 2>/dev/null || true`),
    ceph(`${profile}; ceph osd crush rule ls | grep -c life-rule || true`),
  ]);
  return facts.map((text) => text.trim());
};

/** What a hand does to them: a package purged, profile and rule removed. */
export const disturbNewer = async (): Promise<void> => {
  await on(PACKAGES_HOST, `dpkg --purge ${PACKAGE}`);
  await ceph("ceph osd crush rule rm life-rule && ceph osd erasure-code-profile rm life-ec");
};
