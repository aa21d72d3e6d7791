/**
 * On how many different places of its kind a CRUSH rule can put copies. Pure.
 * @see https://docs.ceph.com/en/latest/rados/operations/crush-map-edits/#crush-map-rules
 */
import { parseJson } from "./door.js";
import { fieldsOf, listOf, type Fields } from "./pool-detail.js";

/** The kind of place that a rule tells copies apart by, and how many of them hold an OSD. */
export interface FailureDomains {
  readonly rule: string;
  /** `host`, `rack`, `osd`, … */
  readonly type: string;
  readonly count: number;
}

/** Where a rule begins, and by what it tells copies apart; undefined for a rule of several takes or choices: those are a person's own. */
const placesOf = (
  rule: Fields,
): { root: string; deviceClass: string | undefined; type: string } | undefined => {
  const steps = listOf(rule["steps"]);
  const takes = steps.filter(({ op }) => op === "take");
  const choices = steps.filter(({ op }) => typeof op === "string" && op.startsWith("choose"));
  const item = takes[0]?.["item_name"];
  const [root = "", deviceClass] = typeof item === "string" ? item.split("~") : [];
  const type = choices[0]?.["type"];
  return takes.length === 1 && choices.length === 1 && typeof type === "string"
    ? { root, deviceClass, type }
    : undefined;
};

/** The rule of a number in `osd crush rule dump`, counted in `osd tree`; undefined where that cannot be said. */
export const failureDomains = (dump: string, tree: string, ruleId: number): FailureDomains | undefined => {
  const rule = listOf(parseJson(dump)).find(({ rule_id }) => rule_id === ruleId);
  const places = rule === undefined ? undefined : placesOf(rule);
  if (rule === undefined || places === undefined) return undefined;
  const nodes = listOf(fieldsOf(parseJson(tree))["nodes"]);
  const byId = new Map(nodes.map((node): [unknown, Fields] => [node["id"], node]));
  const below = (node: Fields): Fields[] => {
    const ids: readonly unknown[] = Array.isArray(node["children"]) ? node["children"] : [];
    const children = ids.map((id) => byId.get(id)).filter((child) => child !== undefined);
    return [node, ...children.flatMap((child) => below(child))];
  };
  const isOsd = ({ type, device_class: of }: Fields): boolean =>
    type === "osd" && (places.deviceClass === undefined || of === places.deviceClass);
  const root = nodes.find(({ name }) => name === places.root);
  if (root === undefined) return undefined;
  const count = below(root)
    .filter(({ type }) => type === places.type)
    .filter((node) => below(node).some(isOsd)).length;
  return { rule: String(rule["rule_name"]), type: places.type, count };
};
