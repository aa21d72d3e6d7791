/** Truthful previews of units, packages, checks, profiles, rules and images. */
import type { Program } from "./previews";
import { all, given, more, without } from "./previews-changes";
import { PACKAGES, unit } from "./previews-newer";
import type { Row } from "./previews-rows";

type Change = (program: Program) => Program;

/** Options of a section, and what the units that read it are told of them. */
const one = (user: string, pool = "volumes"): Change =>
  all(
    given("part", { options: { user, pool } }),
    given("one", { triggers: { "[one] user": user, "[one] pool": pool } }),
    given("both", { triggers: { "[one] user": user, "[one] pool": pool, "[two] user": "cinder" } }),
  );
const two = (user: string): Change =>
  all(
    given("other", { options: { user } }),
    given("both", { triggers: { "[one] user": "cinder", "[one] pool": "volumes", "[two] user": user } }),
  );

const units: readonly Row[] = [
  { name: "an option that two units read: both restart", to: one("nova") },
  { name: "two options that units read: each restarts once", to: one("nova", "vms") },
  { name: "an option of a section that one of two units reads: that one restarts", to: two("nova") },
  {
    name: "sections that a unit reads both of: it restarts once",
    to: all(
      one("glance"),
      given("other", { options: { user: "glance" } }),
      given("both", {
        triggers: { "[one] user": "glance", "[one] pool": "volumes", "[two] user": "glance" },
      }),
    ),
  },
  {
    name: "an option more in a section that a unit reads, of which no trigger tells: it restarts, and is named",
    to: given("end", { options: { user: "cinder", more: 1 } }),
    bears: ["ended"],
  },
  {
    name: "a trigger of a unit whose files stay as they are: no restart",
    to: given("one", { triggers: { "[one] user": "cinder", "[one] pool": "volumes", x: "1" } }),
    idle: ["one triggers.x"],
  },
  {
    name: "a trigger of a unit of whose files nothing is known",
    to: given("plain", { triggers: { a: "2" } }),
  },
  { name: "a trigger more", to: given("plain", { triggers: { a: "1", b: "1" } }) },
  { name: "a trigger of a unit that reloads", to: given("reload", { triggers: { a: "2" } }) },
  {
    name: "a trigger of a unit that people restart: nothing restarts",
    to: given("said", { triggers: { a: "2" } }),
    idle: ["said triggers.a"],
  },
  { name: "that a unit starts with its host", to: given("plain", { enabled: true }) },
  { name: "that a unit does not run", to: given("plain", { running: false }) },
  {
    name: "what must answer after a restart",
    to: given("one", { probe: { command: ["true"] } }),
    idle: ["one probe"],
  },
  {
    name: "how long a unit must be well",
    to: given("reload", { steadySeconds: 1 }),
    idle: ["reload steadySeconds"],
  },
  {
    name: "what a destroy does with a unit",
    to: given("said", { onDelete: "keep" }),
    idle: ["said onDelete"],
  },
  {
    name: "a unit more: nothing restarts",
    to: more({ spare: unit({ unit: "truth-spare", triggers: { a: "1" } }) }),
    idleThere: ["create spare"],
    letGo: ["delete spare"],
  },
  {
    name: "a unit less: nothing restarts",
    to: without("said"),
    idleThere: ["delete said"],
    letGo: ["create said"],
  },
  {
    name: "another unit: nothing restarts",
    to: given("reload", { unit: "truth-spare" }),
    idle: ["replace reload", "reload unit"],
  },
  {
    name: "a file put back at the end, and the unit that is restarted then",
    to: without("last", "end", "ended"),
    idleThere: ["delete ended"],
    letGo: ["create ended"],
  },
];

const crush: readonly Row[] = [
  {
    name: "a profile more",
    to: more({
      "new-profile": { kind: "profile", args: { name: "truth-more", k: 2, m: 1, crushFailureDomain: "osd" } },
    }),
  },
  { name: "a profile less", to: without("profile") },
  { name: "another name for a profile", to: given("profile", { name: "truth-ec2" }) },
  {
    name: "what a destroy does with a profile",
    to: given("profile", { onDelete: "keep" }),
    idle: ["profile onDelete"],
  },
  {
    name: "a CRUSH rule more",
    to: more({ "new-rule": { kind: "rule", args: { name: "truth-more", type: "replicated" } } }),
  },
  {
    name: "a CRUSH rule of a profile more",
    to: more({
      "new-erasure": {
        kind: "rule",
        args: { name: "truth-erasure", type: "erasure", erasureCodeProfile: "truth-ec" },
      },
    }),
    bears: ["profile"],
  },
  { name: "a CRUSH rule's failure domain", to: given("rule", { failureDomain: "host" }) },
  {
    name: "a CRUSH rule's class of devices",
    to: given("rule", { deviceClass: "hdd" }),
    letGo: ["rule deviceClass"],
  },
  { name: "a CRUSH rule less", to: without("rule") },
  { name: "another name for a CRUSH rule", to: given("rule", { name: "truth-rule2" }) },
  {
    name: "what a destroy does with a CRUSH rule",
    to: given("rule", { onDelete: "keep" }),
    idle: ["rule onDelete"],
  },
];

const others: readonly Row[] = [
  { name: "a package more", to: given("packages", { packages: [...PACKAGES] }) },
  { name: "another package", to: given("packages", { packages: [PACKAGES[1]] }) },
  {
    name: "what the version of packages must be",
    to: given("packages", { version: "1.0" }),
    idle: ["packages version"],
  },
  { name: "packages less", to: without("packages") },
  {
    name: "how long packages may take",
    to: given("packages", { timeoutSeconds: 900 }),
    idle: ["packages timeoutSeconds"],
  },
  {
    name: "what a check depends on",
    to: given("check", { triggers: { key: "2" } }),
    idle: ["check triggers.key"],
  },
  {
    name: "what a check tries",
    to: given("check", { can: { read: ["truth-a"] } }),
    idle: ["check can.read", "check can.write"],
  },
  {
    name: "how long a check may take",
    to: given("check", { timeoutSeconds: 100 }),
    idle: ["check timeoutSeconds"],
  },
  { name: "a check less", to: without("check"), idleThere: ["delete check"], letGo: ["create check"] },
  {
    name: "a property of an image",
    to: given("image", { properties: { hw_disk_bus: "virtio", x_truth: "1" } }),
  },
  {
    name: "a property of an image more",
    to: given("image", { properties: { hw_disk_bus: "scsi", x_truth: "1", x_more: "2" } }),
  },
  { name: "a property of an image less", to: given("image", { properties: { hw_disk_bus: "scsi" } }) },
  { name: "the properties of an image less", to: without("image") },
];

export const newerRows: readonly Row[] = [...units, ...crush, ...others];
