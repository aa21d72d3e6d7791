/** A world for one resource: a client host with real files and a real shell, a libvirt and a cluster in memory; and what there is in it. */
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import type { Order } from "../../providers/clients/ceph/door";
import { fingerprint, isKey } from "../../providers/formats/keyring";
import { secretUuid } from "../../providers/formats/libvirt-secret";
import { tmpfilesPath } from "../../providers/formats/tmpfiles";
import type { Machine } from "../../providers/remote/machine";
import { fakeCeph16_2_15, type FakeCeph } from "./fake-ceph";
import { fakeCheck, type FakeCheck } from "./fake-check";
import { fakeGlance, type FakeGlance } from "./fake-glance";
import { fakeApt, type FakeApt } from "./fake-apt";
import { fakeHost, type FakeHost } from "./fake-host";
import { fakeSystemctl, type FakeSystemctl } from "./fake-systemctl";
import { fakeVirsh, type FakeVirsh } from "./fake-virsh";

export interface Site {
  readonly host: FakeHost;
  readonly ceph: FakeCeph;
  readonly virsh: FakeVirsh;
  readonly systemctl: FakeSystemctl;
  readonly check: FakeCheck;
  readonly glance: FakeGlance;
  readonly apt: FakeApt;
  /** Names of the client host and of the admin host. */
  readonly hostName: string;
  readonly adminName: string;
  readonly machines: Readonly<Record<string, Machine>>;
  /** Every key that an entity ever had, oldest first. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  /** Below the client host's scratch directory. */
  path(...parts: string[]): string;
  dispose(): void;
}

/** Notes each new key of each entity, whatever order gave it. */
const watchKeys = (ceph: FakeCeph): Map<string, string[]> => {
  const keys = new Map<string, string[]>();
  const note = () => {
    for (const [entity, { key }] of ceph.entities) {
      const known = keys.get(entity) ?? [];
      if (known.at(-1) !== key) keys.set(entity, [...known, key]);
    }
  };
  const answer = ceph.answer.bind(ceph);
  ceph.answer = (line) => {
    note();
    const answered = answer(line);
    note();
    return answered;
  };
  return keys;
};

/**
 * The n-th world: names and fsid hold the number, so that many of them can be used by one process. Its client host may be the admin host as
 * well: one connection for both.
 */
export const newSite = (number = 1, { isAdmin = false } = {}): Site => {
  const hostName = `far${number}`;
  const adminName = isAdmin ? hostName : `mon${number}`;
  const host = fakeHost({ name: hostName });
  for (const part of ["etc", "tmpfiles.d"]) mkdirSync(host.path(part));
  const systemctl = fakeSystemctl(host.path("systemd"));
  // Files in /etc/tmpfiles.d belong to the test's own scratch directory, and units to its systemctl.
  host.before = (request) => ({
    ...request,
    program: { ...request.program, text: `PATH='${systemctl.bin}':$PATH\n${request.program.text}` },
    args: (request.args ?? []).map((arg) =>
      arg.replace(/^\/etc\/tmpfiles\.d\//, `${host.path("tmpfiles.d")}/`),
    ),
  });
  const fsid = `b0a1c2d3-0000-4000-8000-${String(number).padStart(12, "0")}`;
  const ceph = fakeCeph16_2_15({ fsid, host: adminName });
  return {
    host,
    ceph,
    virsh: fakeVirsh(host.path("libvirt")),
    systemctl,
    check: fakeCheck(host.path("container")),
    glance: fakeGlance(),
    apt: fakeApt(host.root),
    hostName,
    adminName,
    machines: { [hostName]: host, [adminName]: ceph.machine },
    keys: watchKeys(ceph),
    path: (...parts) => host.path(...parts),
    dispose: () => host.dispose(),
  };
};

/** Text without what differs from site to site: names, paths, the fsid, keys; a key is called by whose it is. */
const sameEverywhere = (site: Site, text: string): string => {
  const { ceph, host, hostName, adminName } = site;
  const keyed = [...ceph.entities].reduce(
    (rest, [entity, { key }]) =>
      rest
        .replaceAll(key, `<key of ${entity}>`)
        .replaceAll(fingerprint(key), `<fingerprint of the key of ${entity}>`)
        .replaceAll(secretUuid(ceph.fsid, entity), `<uuid of ${entity}>`),
    text,
  );
  return (
    keyed
      .replaceAll(basename(tmpfilesPath(host.path("guests"))), "<line of guests>.conf")
      .replaceAll(host.root, "<root>")
      .replaceAll(ceph.fsid, "<fsid>")
      .replaceAll(new RegExp(`\\b${hostName}\\b`, "g"), "<host>")
      .replaceAll(new RegExp(`\\b${adminName}\\b`, "g"), "<admin>")
      .replaceAll(/(?<=token\\*":\\*")[0-9a-f]{16}\b/g, "<token>")
      .replaceAll(/\b[0-9a-f]{64}\b/g, "<sha256>")
      // Which of the holders of a key: a hash of host and path.
      .replaceAll(/(pulumi-ceph-openstack-keys\/[^/\s]+\/)[0-9a-f]{16}/g, "$1<place>")
  );
};

/** Properties, comparable between sites. */
export const comparable = (site: Site, props: unknown): unknown =>
  JSON.parse(sameEverywhere(site, JSON.stringify(props)));

const filesBelow = (site: Site): Record<string, string> => {
  const { host, virsh, check } = site;
  const skipped = [
    join(host.root, "state"),
    virsh.command,
    virsh.log,
    check.command,
    check.log,
    host.path("packages", "log"),
  ];
  const walk = (folder: string): [string, string][] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      if (skipped.includes(path)) return [];
      const { mode } = statSync(path);
      const shown = sameEverywhere(site, relative(host.root, path));
      const bits = (mode & 0o7777).toString(8);
      if (statSync(path).isDirectory()) return [[`${shown}/`, bits], ...walk(path)];
      return [[shown, `${bits} ${sameEverywhere(site, readFileSync(path, "utf8"))}`]];
    });
  return Object.fromEntries(walk(host.root));
};

const isImageRecord = (property: string): boolean => property.startsWith("pulumi_ceph_openstack_");

const imagesOf = ({ glance }: Site): unknown[] =>
  [...glance.images.values()].map((image) =>
    Object.fromEntries(
      Object.entries(image)
        .filter(([name]) => !isImageRecord(name))
        .sort(),
    ),
  );

/** Records on the client host, on images and in the cluster, in no particular order. */
export const recordsOf = (site: Site): string[] => {
  const { host, ceph, glance } = site;
  const onHost = host.records().map((name) => readFileSync(join(host.ledger, name), "utf8"));
  const inCluster = [...ceph.records].map(([key, value]) => `${key} = ${value}`);
  const onImages = [...glance.images.values()].flatMap((image) =>
    Object.entries(image)
      .filter(([name]) => isImageRecord(name))
      .map(([name, text]) => `${name} = ${String(text)}`),
  );
  return [...onHost, ...inCluster, ...onImages].map((text) => sameEverywhere(site, text)).sort();
};

const poolsOf = ({ ceph }: Site): unknown[] =>
  [...ceph.pools.values()].map(({ id: _id, flags, options, applications, objects, ...pool }) => ({
    ...pool,
    flags: [...flags].sort(),
    options: Object.fromEntries([...options].sort()),
    applications: [...applications].sort(),
    objects: [...objects].sort(),
  }));

/** Everything there is, comparable between sites. */
export const worldOf = (site: Site): unknown => ({
  pools: poolsOf(site),
  rules: site.ceph.rules.map(({ rule_id: _id, ...rule }) => rule),
  profiles: Object.fromEntries(site.ceph.profiles),
  entities: Object.fromEntries([...site.ceph.entities].map(([name, { caps }]) => [name, caps])),
  files: filesBelow(site),
  images: imagesOf(site),
  // Who holds a key is told for each name of a machine.
  records: recordsOf(site).filter((text) => !text.startsWith("pulumi-ceph-openstack-keys/")),
});

/** All keys that were ever used in a site: nothing printed or stored may hold one. */
export const secretsOf = ({ keys, ceph }: Site): string[] =>
  [...new Set([...[...keys.values()].flat(), ...[...ceph.entities.values()].map(({ key }) => key)])].filter(
    isKey,
  );

const isRecord = (order: Order): boolean =>
  order.do === "mon" && ["config-key set", "config-key rm"].includes(order.command.prefix);

/** Whatever was done to the world since; its records count, or do not. */
export const writesIn = (site: Site, ofRecords = true) => {
  const walk = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      const { virsh, check, host: far } = site;
      const logs = [virsh.log, check.log, far.path("packages", "log")];
      if (logs.includes(path) || (path === far.ledger && !ofRecords)) return [];
      const { ino, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
      // A lock's directory may be touched, the files in it may not.
      const below = statSync(path).isDirectory() ? walk(path) : [];
      return statSync(path).isDirectory() ? [path, ...below] : [`${path} ${ino} ${mtimeNs} ${ctimeNs}`];
    });
  const orders = site.ceph.writes().filter((order) => ofRecords || !isRecord(order));
  const { written, records } = site.glance;
  const properties = written.length + (ofRecords ? records.length : 0);
  return { files: walk(site.host.root), orders: orders.length, properties };
};
