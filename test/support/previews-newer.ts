/** The part of the program of truthful previews that is about units, packages, checks, profiles, rules and images. */
import type { Kinds, Program, Desired } from "./previews";

export const CONF = "/etc/truth.conf";
export const STOCK = "[one]\ndebug = false\n[two]\ndebug = false\n";
export const PACKAGES = ["truth-alpha", "truth-beta"] as const;

/** Units that the test makes, by host. Each writes down its starts and reloads. */
export const UNITS = {
  ctl1: ["truth-one", "truth-both", "truth-plain", "truth-reload", "truth-said", "truth-last", "truth-spare"],
  cmp1: ["truth-key"],
} as const;

const on = "ctl1";
const brisk = { host: on, steadySeconds: 0 } as const;
export const unit = (args: Omit<Kinds["service"], "host">): Desired => ({
  kind: "service",
  args: { ...brisk, ...args },
});
const part = (section: string, options: Kinds["section"]["options"]): Desired => ({
  kind: "section",
  args: { host: on, path: CONF, section, ...(options === undefined ? {} : { options }) },
});

export const newer = (images: string): Program => ({
  profile: { kind: "profile", args: { name: "truth-ec", k: 2, m: 1, crushFailureDomain: "osd" } },
  rule: { kind: "rule", args: { name: "truth-rule", type: "replicated", failureDomain: "osd" } },
  tried: {
    kind: "entity",
    args: {
      entity: "client.tried",
      caps: { mon: "profile rbd", osd: "profile rbd pool=truth-a", mgr: "profile rbd pool=truth-a" },
    },
  },
  "tried-keyring": { kind: "keyring", args: { host: "vol1", entity: "client.tried", owner: "cinder" } },
  "tried-conf": { kind: "conf", args: { host: "vol1", path: "/etc/ceph/truth.conf" } },
  check: {
    kind: "check",
    args: {
      host: "vol1",
      entity: "client.tried",
      conf: "/etc/ceph/truth.conf",
      can: { write: ["truth-a"] },
      triggers: { key: "1" },
    },
  },
  packages: { kind: "packages", args: { host: "vol1", packages: [PACKAGES[0]], onDelete: "remove" } },
  image: {
    kind: "image",
    args: { image: "cirros", endpoint: images, properties: { hw_disk_bus: "scsi", x_truth: "1" } },
  },
  part: part("one", { user: "cinder", pool: "volumes" }),
  other: part("two", { user: "cinder" }),
  one: unit({
    unit: "truth-one",
    reads: [`${CONF}#[one]`],
    triggers: { "[one] user": "cinder", "[one] pool": "volumes" },
  }),
  both: unit({
    unit: "truth-both",
    reads: [`${CONF}#[one]`, `${CONF}#[two]`],
    triggers: { "[one] user": "cinder", "[one] pool": "volumes", "[two] user": "cinder" },
  }),
  plain: unit({ unit: "truth-plain", triggers: { a: "1" }, enabled: false, running: true }),
  reload: unit({ unit: "truth-reload", triggers: { a: "1" }, action: "reload" }),
  said: unit({ unit: "truth-said", triggers: { a: "1" }, action: "none" }),
  last: unit({ unit: "truth-last", reads: [`${CONF}#[three]`], at: "destroy" }),
  ended: unit({ unit: "truth-last", reads: [`${CONF}#[three]`], triggers: { "[three] user": "cinder" } }),
  end: part("three", { user: "cinder" }),
  key: {
    kind: "service",
    args: {
      ...brisk,
      host: "cmp1",
      unit: "truth-key",
      reads: ["/etc/ceph/ceph.client.truth.keyring"],
      triggers: { "key of client.truth": "1" },
    },
  },
});
