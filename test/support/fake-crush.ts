/** CRUSH of a cluster of 16.2.15 with four hosts: what `osd crush rule dump`, `osd crush dump` and `osd tree` tell, its rules and profiles. */

interface FakeStep {
  readonly op: string;
  readonly item?: number;
  readonly item_name?: string;
  readonly num?: number;
  readonly type?: string;
}

export interface FakeRule {
  readonly rule_id: number;
  readonly rule_name: string;
  readonly type: 1 | 3;
  steps: readonly FakeStep[];
}

export type FakeProfile = Readonly<Record<string, string>>;

/** Class of each OSD; there is no NVMe. */
export const CLASSES = ["hdd", "hdd", "ssd", "ssd"];
const NUMBERS = [0, 1, 2, 3];
const TYPES = [
  "osd",
  "host",
  "chassis",
  "rack",
  "row",
  "pdu",
  "pod",
  "room",
  "datacenter",
  "zone",
  "region",
  "root",
];

export const TREE = {
  nodes: [
    { id: -1, name: "default", type: "root", type_id: 11, children: NUMBERS.map((n) => -2 - n) },
    ...NUMBERS.flatMap((n) => [
      { id: -2 - n, name: `ceph${n}`, type: "host", type_id: 1, children: [n] },
      {
        id: n,
        name: `osd.${n}`,
        type: "osd",
        type_id: 0,
        device_class: CLASSES[n],
        status: "up",
        reweight: 1,
      },
    ]),
  ],
  stray: [],
};

/** A tree of each class lies beside the whole, under the names with `~`. */
export const CRUSH_MAP = {
  types: TYPES.map((name, type_id) => ({ type_id, name })),
  buckets: ["", "~hdd", "~ssd"].flatMap((suffix, i) => [
    {
      id: -1 - 10 * i,
      name: `default${suffix}`,
      type_name: "root",
      items: NUMBERS.map((n) => ({ id: -2 - n - 10 * i, weight: 1022, pos: n })),
    },
    ...NUMBERS.map((n) => ({
      id: -2 - n - 10 * i,
      name: `ceph${n}${suffix}`,
      type_name: "host",
      items: [{ id: n, weight: 1022, pos: 0 }],
    })),
  ]),
};

const TRIES = [
  { op: "set_chooseleaf_tries", num: 5 },
  { op: "set_choose_tries", num: 100 },
];

const steps = (type: FakeRule["type"], root: string, place: string): FakeStep[] => [
  ...(type === 3 ? TRIES : []),
  { op: "take", item: -1, item_name: root },
  {
    op: `${place === "osd" ? "choose" : "chooseleaf"}_${type === 3 ? "indep" : "firstn"}`,
    num: 0,
    type: place,
  },
  { op: "emit" },
];

/** A rule as `create-replicated` makes it, or `create-erasure` of a profile. */
export const newRule = (
  rules: readonly FakeRule[],
  rule_name: string,
  {
    type = 1,
    root = "default",
    deviceClass = "",
    place = "host",
  }: {
    type?: FakeRule["type"];
    root?: string;
    deviceClass?: string;
    place?: string;
  } = {},
): FakeRule => ({
  rule_id: Math.max(-1, ...rules.map(({ rule_id }) => rule_id)) + 1,
  rule_name,
  type,
  steps: steps(type, deviceClass === "" ? root : `${root}~${deviceClass}`, place),
});

/** The rules that every test finds. */
export const firstRules = (): FakeRule[] => {
  const first = newRule([], "replicated_rule");
  return [first, newRule([first], "ssd", { deviceClass: "ssd" })];
};

/** What 16.2.15 makes of a profile that is not given more. */
export const firstProfiles = (): Map<string, FakeProfile> =>
  new Map([["default", { k: "2", m: "2", plugin: "jerasure", technique: "reed_sol_van" }]]);

export const ruleOfProfile = (rules: readonly FakeRule[], name: string, profile: FakeProfile): FakeRule =>
  newRule(rules, name, {
    type: 3,
    root: profile["crush-root"] ?? "default",
    deviceClass: profile["crush-device-class"] ?? "",
    place: profile["crush-failure-domain"] ?? "host",
  });

/** The number of a new pool's rule: the one named, else one of the profile (the default one's has a name of its own), else the first. */
export const ruleForPool = (
  { rules, profiles }: { rules: FakeRule[]; profiles: ReadonlyMap<string, FakeProfile> },
  { pool, rule, erasure_code_profile: of }: Readonly<Record<string, unknown>>,
): number | undefined => {
  const implied = of === "default" ? "erasure-code" : String(pool);
  const named = rule ?? (of === undefined ? undefined : implied);
  if (named === undefined) return 0;
  const found = rules.find(({ rule_name }) => rule_name === named);
  const profile = rule === undefined ? profiles.get(String(of)) : undefined;
  if (found !== undefined || profile === undefined) return found?.rule_id;
  const made = ruleOfProfile(rules, implied, profile);
  rules.push(made);
  return made.rule_id;
};
