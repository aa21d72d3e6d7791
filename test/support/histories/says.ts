/** What each resource of a program says, with what it takes from others of it. */
import { GLANCE } from "../fake-glance";
import { checkSays, guestsSay } from "./check-says";
import type { Item, Program, Slot } from "./program";
import { cluster, hostOf, type Says, type UrnOf } from "./values";
import { CINDER, ENTITY, HOSTS, keyringPath, POOL } from "./world";

/** What a unit reads, and is told of: by name what each that writes it says. It waits for them. */
const READ: readonly Slot[] = ["section", "section2", "keyring", "keyring2"];

const triggersOf = (item: Item, urnOfSlot: UrnOf, program: Program): Record<string, unknown> => {
  const here = program.filter(
    ({ slot, ...at }) => READ.includes(slot) && HOSTS[hostOf({ slot, ...at })] === HOSTS[hostOf(item)],
  );
  const words = here.map((one): [string, unknown] => [
    one.slot,
    { join: [`${one.choice} of `, { ref: urnOfSlot(one.slot) ?? "", key: "host" }] },
  ]);
  const generation = program.find(({ slot }) => slot === "entity")?.generation;
  return { ...Object.fromEntries(words), ...(generation === undefined ? {} : { key: String(generation) }) };
};

const service: Says = (item, urnOfSlot, program) => ({
  host: hostOf(item),
  unit: "cinder-volume",
  reads: [`${CINDER}#[ceph]`, keyringPath],
  triggers: triggersOf(item, urnOfSlot, program),
  steadySeconds: 0,
});

const keyed = (urnOfSlot: UrnOf) => {
  const entity = urnOfSlot("entity");
  const generation = entity === undefined ? {} : { keyGeneration: { ref: entity, key: "keyGeneration" } };
  return { cluster, entity: ENTITY, ...generation };
};

const keyring: Says = (item, urnOfSlot) => ({
  ...keyed(urnOfSlot),
  host: hostOf(item),
  owner: "cinder",
  mode: item.choice % 2 === 0 ? "0640" : "0600",
});

const inSection = (item: Item, options: object) => ({
  host: hostOf(item),
  path: item.way === 0 ? CINDER : "/srv/cinder.conf",
  section: "ceph",
  options,
});

/** Some need one another, and some are of both. */
const PACKAGES = [
  ["python3-rbd"],
  ["python3-rados", "python3-rbd"],
  ["ceph-common"],
  ["python3-rados", "qemu-block-extra"],
];
const OTHER_PACKAGES = [["ceph-common"], ["python3-rados"], ["librbd1"], ["qemu-block-extra"]];

const THE_IMAGE = { image: "cirros", endpoint: GLANCE };
const PROPERTIES = [
  { hw_disk_bus: "scsi" },
  { hw_disk_bus: "virtio" },
  { hw_disk_bus: "scsi", os_require_quiesce: "yes" },
  { os_require_quiesce: "yes" },
];
const OTHER_PROPERTIES = [
  { hw_qemu_guest_agent: "yes" },
  { hw_qemu_guest_agent: "no", os_distro: "linux" },
  { os_require_quiesce: "no" },
  { hw_disk_bus: "virtio" },
];

/** What each resource says, with what it takes from others of the same program. */
export const SAYS: Readonly<Record<Slot, Says>> = {
  pool: ({ choice }) => ({ cluster, name: POOL, ...(choice === 0 ? {} : { size: 2 + (choice % 2) }) }),
  entity: ({ choice, generation }, urnOfSlot) => {
    const pool = urnOfSlot("pool");
    const name = pool === undefined ? POOL : { ref: pool, key: "name" };
    const caps = { mon: "profile rbd", osd: capsOf(name, choice) };
    return { cluster, entity: ENTITY, keyGeneration: generation, caps };
  },
  keyring,
  keyring2: keyring,
  secret: (item, urnOfSlot) => ({
    ...keyed(urnOfSlot),
    host: hostOf(item),
    ...(item.way === 0 ? {} : { uri: "qemu+unix:///system" }),
  }),
  section: (item) => inSection(item, { rbd_user: "cinder", rbd_pool: `pool${item.choice % 2}` }),
  section2: (item) =>
    inSection(item, {
      ...(item.choice < 2 ? { rbd_secret: "x" } : { rbd_pool: "pool0" }),
      more: item.choice,
    }),
  conf: (item) => ({
    host: hostOf(item),
    cluster,
    options: { client: { rbd_cache: item.choice % 2 === 0 } },
  }),
  dir: (item) => ({
    host: hostOf(item),
    path: "/srv/guests",
    mode: item.choice % 2 === 0 ? "0755" : "0750",
  }),
  // Never changed in place: another choice is another one.
  profile: ({ choice }) => ({
    cluster,
    name: `ec${choice % 2}`,
    k: 2 + (choice % 2),
    m: 1,
    crushFailureDomain: "osd",
  }),
  rule: ({ choice }) => ({
    cluster,
    name: "fast",
    type: "replicated",
    failureDomain: choice % 2 === 0 ? "osd" : "host",
  }),
  packages: (item) => ({ host: hostOf(item), packages: PACKAGES[item.choice] }),
  packages2: (item) => ({ host: hostOf(item), packages: OTHER_PACKAGES[item.choice] }),
  image: ({ choice }) => ({ ...THE_IMAGE, properties: PROPERTIES[choice] }),
  image2: ({ choice }) => ({ ...THE_IMAGE, properties: OTHER_PROPERTIES[choice] }),
  service,
  check: checkSays,
  guests: guestsSay,
};

/** Caps on a pool whose name may be an Output: one text, put together as `pulumi.interpolate` does. */
const capsOf = (pool: unknown, choice: number): unknown =>
  choice % 2 === 0
    ? { join: ["profile rbd pool=", pool] }
    : { join: ["profile rbd pool=", pool, ", profile rbd pool=images"] };

const POLICIES = [undefined, "keep", "remove"] as const;
const ADOPTS = [undefined, "overwrite", "never"] as const;
const ENTITY_ADOPTS = [...ADOPTS, "add-caps"] as const;
const REMOVED: readonly Slot[] = ["packages", "packages2"];
const ADOPTERS: readonly Slot[] = ["pool", "entity", "secret"];

export const policyOf = ({ slot, onDelete, adopt, force }: Item): Record<string, unknown> => {
  // What they do without a word is to stay.
  const keep = POLICIES[onDelete] ?? (REMOVED.includes(slot) ? "remove" : undefined);
  const adopts = slot === "entity" ? ENTITY_ADOPTS : ADOPTS;
  const take = ADOPTERS.includes(slot) ? adopts[adopt] : undefined;
  return {
    ...(keep === undefined ? {} : { onDelete: keep }),
    ...(take === undefined ? {} : { adopt: take }),
    ...(slot === "pool" && force === 1 ? { forceDestroy: true } : {}),
  };
};
