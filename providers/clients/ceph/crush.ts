/** CRUSH as the cluster has it: rules and buckets. Nothing here changes them. */
import { failureDomains, type FailureDomains } from "./failure-domains.js";
import { parseRules } from "./pool-detail.js";
import { lookGroup } from "./shared.js";

export interface Crush {
  /** Names of CRUSH rules by number. */
  rules(): Promise<ReadonlyMap<number, string>>;
  /** On how many places a rule can put copies; undefined where that cannot be said. */
  failureDomains(rule: number): Promise<FailureDomains | undefined>;
}

const ALL = "all";

/** `json` asks for the output of a command of that prefix. */
export const crushOf = (json: (prefix: string) => Promise<string>): Crush => {
  const { shared } = lookGroup();
  const dump = shared(() => json("osd crush rule dump"));
  const tree = shared(() => json("osd tree"));
  return {
    rules: async () => parseRules(await dump(ALL)),
    async failureDomains(rule) {
      const [rules, buckets] = await Promise.all([dump(ALL), tree(ALL)]);
      return failureDomains(rules, buckets, rule);
    },
  };
};
