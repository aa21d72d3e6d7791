/** The table of truthful previews: changes of a program of one of everything. */
import type { Program } from "./previews";
import { all, CINDER, given, more, options, without } from "./previews-changes";
import { newerRows } from "./previews-newer-rows";

/** A change of the program. */
export interface Row {
  readonly name: string;
  readonly to: (program: Program) => Program;
  /** What is named although nothing changes: policy, and settings that are let go. */
  readonly idle?: readonly string[];
  /** The same on the way there alone. */
  readonly idleThere?: readonly string[];
  /** The same when the change is taken back alone: a setting that no program gave before is let go. */
  readonly letGo?: readonly string[];
  /** What changes in consequence, there and back, on settings that the program leaves to it: an owner's own group. */
  readonly follows?: readonly string[];
  /** `nothing`: neither is anything named nor does anything change. `forward`: it cannot be taken back. */
  readonly only?: "nothing" | "forward";
  /** Resources beside those whose words change, on which it bears: no other row may touch them in the same run. */
  readonly bears?: readonly string[];
}

const osd = (...clauses: string[]) => ({ caps: { mon: "profile rbd", osd: clauses } });
const [READS, WRITES] = ["profile rbd-read-only pool=truth-b", "profile rbd pool=truth-a"];

const nothing: readonly Row[] = [
  {
    name: "nothing: other order, other spelling",
    to: all(
      options({ rbd_max_clone_depth: "5" }),
      given("user", { caps: { osd: `${READS},  ${WRITES}`, mon: ["profile  rbd"] } }),
      given("shared", { options: { debug: "true" } }),
    ),
    only: "nothing",
  },
];

const files: readonly Row[] = [
  { name: "an option's value", to: options({ rbd_max_clone_depth: 6 }) },
  { name: "an option more", to: options({ rbd_store_chunk_size: 8 }) },
  { name: "an option less", to: options({ rbd_max_clone_depth: undefined }) },
  {
    name: "several options at once",
    to: options({ rbd_max_clone_depth: 7, rbd_pool: "truth-b", extra: true }),
  },
  { name: "a list's item", to: options({ hosts: ["a", "c"] }) },
  { name: "a list's item more", to: options({ hosts: ["a", "b", "c"] }) },
  { name: "a repeated option's item", to: options({ filters: { repeated: ["x", "z"] } }) },
  { name: "a repeated option's item less", to: options({ filters: { repeated: ["x"] } }) },
  {
    name: "an option that was not there before us, absent",
    to: given("shared", { absent: ["enabled_backends"] }),
  },
  { name: "a secret option's value", to: given("section", { secretOptions: { password: "two" } }) },
  { name: "a secret option more", to: given("section", { secretOptions: { password: "one", token: "x" } }) },
  {
    name: "a section more",
    to: more({
      "new-section": {
        kind: "section",
        args: { host: "vol1", path: CINDER, section: "new", options: { a: 1 } },
      },
    }),
  },
  { name: "a section less", to: without("section") },
  { name: "another section", to: given("section", { section: "truth2" }) },
  {
    name: "the same option on a host more",
    to: more({
      "new-option": {
        kind: "section",
        args: { host: "cmp1", path: "/etc/nova/nova.conf", section: "truth", options: { a: 1 } },
      },
    }),
  },
  {
    name: "an option of a ceph.conf more",
    to: given("conf", { options: { "client.truth": { rbd_cache: true, rbd_cache_size: 1 } } }),
  },
  {
    name: "an option of a ceph.conf changed",
    to: given("conf", { options: { "client.truth": { rbd_cache: false } } }),
  },
  {
    name: "a section of a ceph.conf more",
    to: given("conf", { options: { "client.truth": { rbd_cache: true }, "client.x": { rbd_cache: true } } }),
  },
  { name: "the options of a ceph.conf less", to: given("conf", { options: {} }) },
  { name: "a ceph.conf's mode", to: given("conf", { mode: "0600" }), letGo: ["conf mode"] },
  { name: "a ceph.conf more", to: more({ conf2: { kind: "conf", args: { host: "cmp2" } } }) },
];

const holders: readonly Row[] = [
  // A keyring's own changes stand apart where the way back of one would meet the next.
  { name: "a keyring's owner", to: given("keyring", { owner: "root" }), follows: ["keyring group"] },
  {
    name: "a secret on a host more",
    to: more({ secret2: { kind: "secret", args: { host: "cmp2", entity: "client.truth" } } }),
  },
  { name: "a keyring's group", to: given("keyring", { group: "libvirt" }) },
  { name: "a keyring's mode", to: given("keyring", { mode: "0600" }) },
  { name: "a secret less", to: without("secret") },
  { name: "a keyring's host", to: given("keyring", { host: "cmp2" }) },
  { name: "a keyring's path", to: given("keyring", { path: "/etc/ceph/truth.keyring" }) },
  { name: "a keyring less", to: without("keyring") },
  { name: "a directory's mode", to: given("etc", { mode: "0700" }) },
  { name: "a directory's owner", to: given("etc", { owner: "root" }) },
  { name: "the mode of a directory under /run", to: given("runtime", { mode: "0700" }) },
  { name: "a directory under /run that a reboot need not keep", to: given("runtime", { tmpfiles: false }) },
  {
    name: "a directory more",
    to: more({ "new-directory": { kind: "directory", args: { host: "cmp1", path: "/etc/truth" } } }),
  },
  { name: "a directory less", to: without("etc") },
];

const rbd = { kind: "pool", args: { name: "truth-c", size: 2, pgNum: 8, pgAutoscaleMode: "off" } } as const;

const clusterRows: readonly Row[] = [
  { name: "a clause more", to: given("user", osd(WRITES, READS, "profile rbd pool=truth-b")) },
  { name: "a clause less", to: given("user", osd(WRITES)) },
  { name: "a clause changed", to: given("user", osd(WRITES, "allow r pool=truth-b")) },
  {
    name: "caps of a service more",
    to: given("user", { caps: { ...osd(WRITES, READS).caps, mgr: "profile rbd" } }),
  },
  {
    name: "an entity and its keyring more",
    to: more({
      user2: { kind: "entity", args: { entity: "client.truth2", caps: { mon: "profile rbd" } } },
      keyring2: { kind: "keyring", args: { host: "vol1", entity: "client.truth2", owner: "cinder" } },
    }),
  },
  {
    name: "an entity, its keyring and its secret less",
    to: without("user", "keyring", "secret"),
    bears: ["secret2", "key"],
  },
  { name: "a pool's size", to: given("pool-a", { size: 3 }) },
  { name: "a pool's min_size", to: given("pool-a", { minSize: 2 }) },
  {
    name: "a pool's quota",
    to: given("pool-a", { quota: { maxBytes: 1_000_000_000, maxObjects: 0 } }),
    letGo: ["pool-a quota"],
  },
  {
    name: "an application more",
    to: given("pool-b", { application: ["rbd", "truth"] }),
    letGo: ["pool-b application"],
  },
  { name: "a pool's placement groups", to: given("pool-a", { pgNum: 4 }) },
  { name: "how a pool scales", to: given("pool-a", { pgAutoscaleMode: "warn", pgNum: { exact: 8 } }) },
  { name: "a pool's flag", to: given("pool-a", { options: { nodelete: true } }), letGo: ["pool-a options"] },
  {
    name: "a pool's compression",
    to: given("pool-a", { compression: { mode: "passive", algorithm: "zlib" } }),
    letGo: ["pool-a compression"],
  },
  {
    name: "a hint for the autoscaler",
    to: given("pool-b", { targetSizeRatio: 0.5 }),
    letGo: ["pool-b targetSizeRatio"],
  },
];

const idleRows: readonly Row[] = [
  {
    name: "what a destroy does with a pool",
    to: given("pool-a", { onDelete: "remove" }),
    idle: ["pool-a onDelete"],
  },
  {
    name: "that a destroy may lose data",
    to: given("pool-a", { forceDestroy: true }),
    idle: ["pool-a forceDestroy"],
  },
  { name: "what a create adopts", to: given("user", { adopt: "overwrite" }), idle: ["user adopt"] },
  {
    name: "what a destroy does with a file",
    to: given("keyring", { onDelete: "keep" }),
    idle: ["keyring onDelete"],
  },
  {
    name: "a name that a pool has not had",
    to: given("pool-a", { renamedFrom: "truth-0" }),
    idle: ["pool-a renamedFrom"],
  },
  {
    name: "a setting that is left to Ceph again",
    to: given("pool-a", { minSize: undefined }),
    idle: ["pool-a minSize"],
  },
];

const finalRows: readonly Row[] = [
  { name: "a pool more", to: more({ "pool-c": rbd }), only: "forward" },
  { name: "a pool less, which is kept", to: without("pool-c"), idle: ["delete pool-c"], only: "forward" },
  {
    name: "a pool's new name",
    to: given("pool-b", { name: "truth-b2", renamedFrom: "truth-b" }),
    idle: ["pool-b renamedFrom"],
    only: "forward",
  },
  {
    name: "a rotation: the unit that reads the key is restarted",
    to: all(given("user", { keyGeneration: 2 }), given("key", { triggers: { "key of client.truth": "2" } })),
    only: "forward",
    bears: ["keyring", "secret"],
  },
  {
    name: "everything at once",
    to: all(
      options({ rbd_pool: "truth-b2", more: 1, filters: undefined }),
      given("user", { keyGeneration: 3, ...osd(WRITES) }),
      given("key", { triggers: { "key of client.truth": "3" } }),
      given("pool-a", { size: 3, minSize: 2 }),
      given("keyring", { mode: "0600" }),
      given("etc", { mode: "0755" }),
      without("shared"),
    ),
    only: "forward",
    bears: ["keyring", "secret"],
  },
];

/** What can be taken back comes first; what cannot, last. */
export const rows: readonly Row[] = [
  ...nothing,
  ...files,
  ...holders,
  ...clusterRows,
  ...idleRows,
  ...newerRows,
  ...finalRows,
];
