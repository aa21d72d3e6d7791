/** CRUSH of a cluster of 16.2.15 with four hosts, as `ceph osd crush rule dump` and `ceph osd tree` tell it. */

export const STEPS = [
  { op: "take", item: -1, item_name: "default" },
  { op: "chooseleaf_firstn", num: 0, type: "host" },
  { op: "emit" },
];
const NUMBERS = [0, 1, 2, 3];
export const TREE = {
  nodes: [
    { id: -1, name: "default", type: "root", type_id: 11, children: NUMBERS.map((n) => -2 - n) },
    ...NUMBERS.flatMap((n) => [
      { id: -2 - n, name: `ceph${n}`, type: "host", type_id: 1, children: [n] },
      { id: n, name: `osd.${n}`, type: "osd", type_id: 0, device_class: "hdd", status: "up", reweight: 1 },
    ]),
  ],
  stray: [],
};
