/** What the monitors of a Ceph 16.2.15 cluster answer about CRUSH rules and erasure-code profiles. Texts and codes as recorded from the real ones. */
import { CLASSES, CRUSH_MAP, newRule, ruleOfProfile, TREE, type FakeProfile } from "./fake-crush.js";
import { done, NO_PROFILE, type Answer, type FakeMonitor, type Handler } from "./fake-ceph-pools.js";

const failed = (code: number, text: string): Answer => ({ code, text });

const completed = (words: readonly string[]): FakeProfile => {
  const given = Object.fromEntries(
    words.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]),
  );
  const plugin = given["plugin"] ?? "jerasure";
  return {
    "crush-device-class": "",
    "crush-failure-domain": "host",
    "crush-root": "default",
    ...(plugin === "jerasure" ? { "jerasure-per-chunk-alignment": "false", w: "8" } : {}),
    technique: "reed_sol_van",
    plugin,
    ...given,
  };
};

const shown = (profile: FakeProfile): string =>
  `{${Object.keys(profile)
    .sort()
    .map((key) => `${key}=${profile[key]}`)
    .join(",")}}`;

const wrongProfile = (profile: FakeProfile): Answer | undefined => {
  const { k, m, plugin } = profile;
  const domain = profile["crush-failure-domain"];
  if (Number(k) < 2) return failed(22, `k=${k} must be >= 2`);
  if (Number(m) < 1) return failed(22, `m=${m} must be >= 1`);
  if (!CRUSH_MAP.types.some(({ name }) => name === domain))
    return failed(
      22,
      `erasure-code-profile ${shown(profile)} contains an invalid failure-domain "${domain}"`,
    );
  if (!["jerasure", "isa", "lrc", "shec", "clay"].includes(plugin ?? ""))
    return failed(
      5,
      `load dlopen(libec_${plugin}.so): cannot open shared object file: No such file or directory`,
    );
  return undefined;
};

const setProfile: Handler = ({ profiles }, { name, profile: words, force }) => {
  const proposed = completed(typeof words === "object" ? words : []);
  const wrong = wrongProfile(proposed);
  if (wrong !== undefined) return wrong;
  const there = profiles.get(String(name));
  if (there !== undefined && shown(there) !== shown(proposed) && force !== true)
    return failed(
      1,
      `will not override erasure code profile ${String(name)} because the existing profile ${shown(there)} is different from the proposed profile ${shown(proposed)}`,
    );
  profiles.set(String(name), proposed);
  return done();
};

const removeProfile: Handler = ({ profiles, pools }, { name }) => {
  const users = [...pools.values()].filter(({ profile }) => profile === name).map((pool) => pool.name);
  if (users.length > 0)
    return failed(16, `${users.join(",")} pool(s) are using the erasure code profile '${String(name)}'`);
  return profiles.delete(String(name))
    ? done()
    : done("", `erasure-code-profile ${String(name)} does not exist`);
};

const exists = ({ rules }: FakeMonitor, name: unknown): boolean =>
  rules.some(({ rule_name }) => rule_name === name);

const replicated: Handler = (monitor, { name, root, type, class: deviceClass }) => {
  if (exists(monitor, name)) return done("", `rule ${String(name)} already exists`);
  if (!CRUSH_MAP.buckets.some((bucket) => bucket.name === root))
    return failed(2, `root item ${String(root)} does not exist`);
  if (!CRUSH_MAP.types.some((known) => known.name === type))
    return failed(22, `unknown type ${String(type)}`);
  if (deviceClass !== undefined && !CLASSES.includes(String(deviceClass)))
    return failed(22, `device class ${String(deviceClass)} does not exist`);
  const desired = { root: String(root), place: String(type), deviceClass: String(deviceClass ?? "") };
  monitor.rules.push(newRule(monitor.rules, String(name), desired));
  return done();
};

const erasure: Handler = (monitor, { name, profile: of = "default" }) => {
  if (exists(monitor, name)) return done("", `rule ${String(name)} already exists`);
  const profile = monitor.profiles.get(String(of));
  if (profile === undefined) return failed(22, NO_PROFILE);
  const deviceClass = profile["crush-device-class"] ?? "";
  if (deviceClass !== "" && !CLASSES.includes(deviceClass))
    return failed(22, `device class ${deviceClass} does not exist`);
  const rule = ruleOfProfile(monitor.rules, String(name), profile);
  monitor.rules.push(rule);
  return done("", `created rule ${rule.rule_name} at ${rule.rule_id}`);
};

const removeRule: Handler = ({ rules, pools }, { name }) => {
  const at = rules.findIndex(({ rule_name }) => rule_name === name);
  const id = rules[at]?.rule_id;
  if (id === undefined) return done("", `rule ${String(name)} does not exist`);
  if ([...pools.values()].some(({ rule }) => rule === id))
    return failed(16, `crush ruleset ${String(name)} ${id} is in use`);
  rules.splice(at, 1);
  return done();
};

export const crushHandlers: Record<string, Handler> = {
  "osd tree": () => done(TREE),
  "osd crush dump": ({ rules }) => done({ ...CRUSH_MAP, rules }),
  "osd crush rule dump": ({ rules }) => done(rules),
  "osd crush rule create-replicated": replicated,
  "osd crush rule create-erasure": erasure,
  "osd crush rule rm": removeRule,
  "osd erasure-code-profile ls": ({ profiles }) => done([...profiles.keys()].sort()),
  "osd erasure-code-profile get": ({ profiles }, { name }) => {
    const profile = profiles.get(String(name));
    return profile === undefined
      ? failed(2, `unknown erasure code profile '${String(name)}'`)
      : done(profile);
  },
  "osd erasure-code-profile set": setProfile,
  "osd erasure-code-profile rm": removeProfile,
};
