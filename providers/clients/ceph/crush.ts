/** CRUSH as the cluster has it: rules, buckets, and the erasure-code profiles that rules and pools are made by. */
import { crushPlaces, crushRuleOf, profileOf, type CrushPlaces, type CrushRule } from "./crush-map.js";
import { EBUSY, ENOENT, parseJson, type MonCommand } from "./door.js";
import { failureDomains, type FailureDomains } from "./failure-domains.js";
import { mon, must, type Ask } from "./orders.js";
import { parseRules } from "./pool-detail.js";
import { lookGroup } from "./shared.js";

export interface Crush {
  /** Names of CRUSH rules by number. */
  rules(): Promise<ReadonlyMap<number, string>>;
  /** On how many places a rule can put copies; undefined where that cannot be said. */
  failureDomains(rule: number): Promise<FailureDomains | undefined>;
  /** The rule of that name with its steps; undefined when there is none. */
  rule(name: string): Promise<CrushRule | undefined>;
  /** What a rule can start from and tell copies apart by. */
  places(): Promise<CrushPlaces>;
  /** An erasure-code profile by Ceph's own keys; undefined when there is none. */
  profile(name: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Names of the erasure-code profiles. */
  profiles(): Promise<readonly string[]>;
  /** A change of rules or profiles. */
  changeCrush(command: MonCommand): Promise<void>;
  /** Takes one away. Yields what the cluster says where it is in use. */
  removeCrush(command: MonCommand): Promise<string | undefined>;
}

const ALL = "all";

const namesOf = (out: string): readonly string[] => {
  const names = parseJson(out);
  return Array.isArray(names) ? names.filter((name): name is string => typeof name === "string") : [];
};

export const crushOf = (ask: Ask): Crush => {
  const { shared, write } = lookGroup();
  const json = (prefix: string) => must(ask, mon({ prefix, format: "json" }));
  const dump = shared(() => json("osd crush rule dump"));
  const tree = shared(() => json("osd tree"));
  const map = shared(async () => crushPlaces(await json("osd crush dump")));
  const profile = shared(async (name) => {
    const { answer, failed } = await ask(
      mon({ prefix: "osd erasure-code-profile get", name, format: "json" }),
    );
    if (answer.code === ENOENT) return undefined;
    if (answer.code !== 0) throw failed();
    return profileOf(answer.out);
  });
  return {
    rules: async () => parseRules(await dump(ALL)),
    async failureDomains(rule) {
      const [rules, buckets] = await Promise.all([dump(ALL), tree(ALL)]);
      return failureDomains(rules, buckets, rule);
    },
    rule: async (name) => crushRuleOf(await dump(ALL), name),
    places: () => map(ALL),
    profile,
    profiles: async () => namesOf(await json("osd erasure-code-profile ls")),
    async changeCrush(command) {
      await write(() => must(ask, mon(command)));
    },
    removeCrush: (command) =>
      write(async () => {
        const { answer, failed } = await ask(mon(command));
        if (answer.code === EBUSY) return answer.text.trim();
        if (answer.code !== 0) throw failed();
        return undefined;
      }),
  };
};
