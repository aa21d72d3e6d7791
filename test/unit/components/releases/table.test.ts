import { expect, test } from "@jest/globals";
import type { Series } from "../../../../providers/formats/openstack/series";
import { optionsIn, type Table } from "../../../../components/releases/table";

const table: Table<string> = {
  always: { value: (fact) => fact },
  from_train: { since: "train", value: () => 1 },
  to_zed: { until: "zed", value: () => 2 },
  moved: [
    { until: "rocky", value: () => "old" },
    { since: "stein", until: "zed", value: () => "new" },
  ],
};

test.each<[Series, object]>([
  ["rocky", { always: "x", to_zed: 2, moved: "old" }],
  ["stein", { always: "x", to_zed: 2, moved: "new" }],
  ["train", { always: "x", from_train: 1, to_zed: 2, moved: "new" }],
  ["zed", { always: "x", from_train: 1, to_zed: 2, moved: "new" }],
  ["antelope", { always: "x", from_train: 1 }],
])("%s has the options whose range holds it, both ends included", (series, options) => {
  expect(optionsIn(table, series, "x")).toEqual(options);
});
