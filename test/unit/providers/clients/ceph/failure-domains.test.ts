import { expect, test } from "@jest/globals";
import { failureDomains } from "../../../../../providers/clients/ceph/failure-domains";

/** `ceph osd tree -f json` of 16.2.15: one host with three OSDs, one of them an SSD, and a second root without any. */
const TREE = JSON.stringify({
  nodes: [
    { id: -1, name: "default", type: "root", type_id: 11, children: [-3, -4] },
    { id: -3, name: "ceph1", type: "host", type_id: 1, pool_weights: {}, children: [2, 1, 0] },
    { id: 0, device_class: "hdd", name: "osd.0", type: "osd", type_id: 0, status: "up", reweight: 1 },
    { id: 1, device_class: "hdd", name: "osd.1", type: "osd", type_id: 0, status: "up", reweight: 1 },
    { id: 2, device_class: "ssd", name: "osd.2", type: "osd", type_id: 0, status: "up", reweight: 1 },
    { id: -4, name: "empty", type: "host", type_id: 1, pool_weights: {}, children: [] },
    { id: -9, name: "other", type: "root", type_id: 11, children: [] },
  ],
  stray: [],
});

const take = (item_name: string) => ({ op: "take", item: -1, item_name });
const choose = (op: string, type: string) => ({ op, num: 0, type });
const DUMP = JSON.stringify([
  { rule_id: 0, rule_name: "osds", steps: [take("default"), choose("choose_firstn", "osd"), { op: "emit" }] },
  {
    rule_id: 1,
    rule_name: "hosts",
    steps: [take("default"), choose("chooseleaf_firstn", "host"), { op: "emit" }],
  },
  {
    rule_id: 2,
    rule_name: "ssd",
    steps: [take("default~ssd"), choose("chooseleaf_firstn", "osd"), { op: "emit" }],
  },
  {
    rule_id: 3,
    rule_name: "two",
    steps: [
      take("default"),
      choose("choose_firstn", "rack"),
      choose("chooseleaf_firstn", "host"),
      { op: "emit" },
    ],
  },
  {
    rule_id: 4,
    rule_name: "gone",
    steps: [take("nowhere"), choose("chooseleaf_firstn", "host"), { op: "emit" }],
  },
  {
    rule_id: 5,
    rule_name: "empty",
    steps: [take("other"), choose("chooseleaf_firstn", "host"), { op: "emit" }],
  },
]);

test.each([
  [0, { rule: "osds", type: "osd", count: 3 }],
  [1, { rule: "hosts", type: "host", count: 1 }],
  [2, { rule: "ssd", type: "osd", count: 1 }],
  [3, undefined],
  [4, undefined],
  [5, { rule: "empty", type: "host", count: 0 }],
  [6, undefined],
])("rule %i has %j", (rule, expected) => {
  expect(failureDomains(DUMP, TREE, rule)).toEqual(expected);
});
