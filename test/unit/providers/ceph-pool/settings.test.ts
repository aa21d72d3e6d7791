import { describe, expect, test } from "@jest/globals";
import { creation } from "../../../../providers/ceph-pool/changes";
import { parseDetails } from "../../../../providers/clients/ceph/pool-detail";
import { foundSettings, settingOrders, type PoolSettings } from "../../../../providers/ceph-pool/settings";

const pool = (options: Record<string, number> = {}) => {
  const [found] = parseDetails(
    JSON.stringify([{ pool_id: 3, pool_name: "vms", type: 1, size: 3, min_size: 2, pg_num: 32, options }]),
  );
  if (found === undefined) throw new Error("no pool");
  return found;
};
const orders = (desired: PoolSettings, changed: string[], options?: Record<string, number>) =>
  settingOrders(desired, changed, pool(options)).map((group) =>
    group.map((order) => `${String(order["var"] ?? order["field"])}=${String(order["val"])}`),
  );

describe("orders", () => {
  test.each<[string, PoolSettings, string[], Record<string, number>, string[][]]>([
    ["nothing differs", { size: 3 }, [], {}, []],
    [
      "size before min_size, which goes again with it",
      { size: 2, minSize: 1 },
      ["size"],
      {},
      [["size=2"], ["min_size=1"]],
    ],
    [
      "the autoscaler is off before pg_num is set",
      { pgAutoscaleMode: "off", pgNum: { exact: 8 } },
      ["pgAutoscaleMode", "pgNum"],
      {},
      [["pg_autoscale_mode=off"], ["pg_num=8"]],
    ],
    [
      "a bound that makes room goes before pg_num",
      { pgNum: { exact: 8 }, pgNumMin: 4 },
      ["pgNum", "pgNumMin"],
      { pg_num_min: 16 },
      [["pg_num_min=4"], ["pg_num=8"]],
    ],
    [
      "a bound that takes room away goes after it",
      { pgNum: { exact: 8 }, pgNumMax: 16 },
      ["pgNum", "pgNumMax"],
      {},
      [["pg_num=8"], ["pg_num_max=16"]],
    ],
    [
      "a least number above the present one takes that along first: Ceph refuses it otherwise",
      { pgNumMin: 64, pgAutoscaleMode: "on" },
      ["pgNumMin"],
      {},
      [["pg_num=64"], ["pg_num_min=64"]],
    ],
    [
      "a greatest number below the present one does so too",
      { pgNumMin: 4, pgNumMax: 16 },
      ["pgNumMin", "pgNumMax"],
      { pg_num_min: 32 },
      [["pg_num_min=4"], ["pg_num=16"], ["pg_num_max=16"]],
    ],
    ["an initial pg_num is never set", { pgNum: { initial: 8 } }, ["pgNum"], {}, []],
    [
      "maps are written whole",
      { quota: { maxBytes: 5, maxObjects: 0 } },
      ["quota"],
      {},
      [["max_bytes=5", "max_objects=0"]],
    ],
  ])("%s", (_name, desired, changed, options, expected) => {
    expect(orders(desired, changed, options)).toEqual(expected);
  });

  test("a size of 1 carries the flag that Ceph asks for, no other size does", () => {
    expect(settingOrders({ size: 1 }, ["size"], pool())[0]?.[0]).toHaveProperty("yes_i_really_mean_it", true);
    expect(settingOrders({ size: 2 }, ["size"], pool())[0]?.[0]).not.toHaveProperty("yes_i_really_mean_it");
  });
});

test("a creation takes the first number of placement groups, and leaves a size of 1 to its flag", () => {
  expect(creation("vms", { type: "replicated", pgNum: { initial: 64 }, size: 1 })).toEqual({
    prefix: "osd pool create",
    pool: "vms",
    pg_num: 64,
    pool_type: "replicated",
  });
  expect(creation("ec", { type: "erasure", pgNumMin: 16 })).toMatchObject({
    pg_num: 16,
    erasure_code_profile: "default",
  });
});

test.each([
  [{ nodelete: "1" }, "nodelete", { nodelete: "1" }],
  [{ nodelete: "0" }, "", { nodelete: "0" }],
  [{ nodelete: "true" }, "nodelete", { nodelete: "true" }],
  [{ nodelete: "true" }, "", { nodelete: "false" }],
  [{ scrub_priority: "0" }, "", { scrub_priority: "0" }],
])("flags are 1 or true, 0 or false, or unset: %j of %j", (options, flags_names, found) => {
  const [one] = parseDetails(JSON.stringify([{ pool_id: 3, pool_name: "vms", type: 1, flags_names }]));
  expect(one && foundSettings({ options }, one, { rules: new Map(), asked: new Map() })).toEqual({
    options: found,
  });
});

test.each<[Record<string, string | number>, Record<string, string | number>]>([
  [{ csum_type: "crc32c" }, { csum_type: 4 }],
  [{ csum_type: "none" }, { csum_type: 1 }],
  [{ csum_max_block: "8K" }, { csum_max_block: 8192 }],
  [{ compression_max_blob_size: "1Mi" }, { compression_max_blob_size: 1_048_576 }],
  [{ pg_autoscale_bias: ".10" }, { pg_autoscale_bias: 0.1 }],
  [{ deep_scrub_interval: "604800.0" }, { deep_scrub_interval: 604_800 }],
  [{ fingerprint_algorithm: "sha1" }, { fingerprint_algorithm: "sha1" }],
  [{ dedup_tier: "images" }, { dedup_tier: 7 }],
  [{ csum_type: "unset", scrub_min_interval: "0.0", fingerprint_algorithm: "unset" }, {}],
])("what Ceph keeps in another form is compared in that: %j is %j", (options, kept) => {
  const [one] = parseDetails(
    JSON.stringify([{ pool_id: 3, pool_name: "vms", type: 1, flags_names: "", options: kept }]),
  );
  const around = { rules: new Map(), asked: new Map(), pools: new Map([["images", 7]]) };
  expect(one && foundSettings({ options }, one, around)).toEqual({ options });
});

test.each<[Record<string, string>, Record<string, string | number>]>([
  [{ csum_type: "crc32c" }, { csum_type: 5 }],
  [{ csum_max_block: "8K" }, { csum_max_block: 8000 }],
  [{ csum_max_block: "8K" }, {}],
  [{ fingerprint_algorithm: "sha256" }, { fingerprint_algorithm: "sha1" }],
  [{ dedup_tier: "volumes" }, { dedup_tier: 7 }],
])("another value is a difference: %j is not %j", (options, kept) => {
  const [one] = parseDetails(
    JSON.stringify([{ pool_id: 3, pool_name: "vms", type: 1, flags_names: "", options: kept }]),
  );
  const around = { rules: new Map(), asked: new Map(), pools: new Map([["images", 7]]) };
  expect(one && foundSettings({ options }, one, around)).not.toEqual({ options });
});
