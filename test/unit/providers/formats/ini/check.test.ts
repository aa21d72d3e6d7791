import { describe, expect, test } from "@jest/globals";

import {
  checkKey,
  checkList,
  checkSection,
  checkValue,
  keyWarning,
  literalValue,
  type Dialect,
} from "../../../../../providers/formats/ini/index.js";
import { setOption } from "../../../../support/ini-edits";

const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

function set(text: string, dialect: Dialect, name: string, ...values: string[]): string {
  return setOption(text, { dialect, section: "a" }, { name, values });
}

describe("what must be quoted or escaped is", () => {
  test.each<[Dialect, string, string]>([
    ["oslo", " v", 'k = " v"'],
    ["oslo", '"v"', 'k = ""v""'],
    ["oslo", '"', 'k = """'],
    ["oslo", "v ; # c", "k = v ; # c"],
    ["oslo", "$$ %s \\", "k = $$ %s \\"],
    ["ceph", "a;b#c\\", "k = a\\;b\\#c\\\\"],
    ["ceph", '"v"', 'k = \\"v"'],
    ["ceph", "it's", "k = it's"],
    ["ceph", 'é "#', 'k = "é \\"\\#"'],
    ["ceph", "$host", "k = $host"],
  ])("%s: %j", (dialect, value, line) => {
    expect(set("[a]\n", dialect, "k", value)).toBe(latin1(`[a]\n${line}\n`));
  });
});

describe("what cannot be written is refused with its rule", () => {
  test.each<[Dialect, string, RegExp]>([
    ["oslo", "s3cret\nx", /one line/],
    ["oslo", "s3cret\r", /one line/],
    ["oslo", "s3cret\0", /control/],
    ["oslo", "s3cret\x1b", /control/],
    ["oslo", "s3cret\x85", /control/],
    ["oslo", "s3cret\ud800", /Unicode/],
    ["ceph", " s3cret", /blank/],
    ["ceph", "s3cret\t", /blank/],
    ["ceph", "s3cret\n[x]", /one line/],
  ])("value of %s: %j, and the value is not shown", (dialect, value, reason) => {
    expect(checkValue(dialect, value)).toMatch(reason);
    expect(checkValue(dialect, value)).not.toContain("s3cret");
    expect(() => set("[a]\n", dialect, "k", value)).toThrow(reason);
    expect(() => set("[a]\n", dialect, "k", value)).not.toThrow(/s3cret/);
  });

  test.each<[Dialect, string, RegExp]>([
    ["oslo", "", /empty/],
    ["oslo", " k", /blank/],
    ["oslo", "a=b", /"="/],
    ["oslo", "a:b", /":"/],
    ["oslo", "#a", /begin with/],
    ["oslo", "[a", /begin with/],
    ["oslo", "a\nb", /control/],
    ["ceph", "a#b", /"#"/],
    ["ceph", "a[b", /"\["/],
    ["ceph", "a\\b", /backslash/],
    ["ceph", "é", /ASCII/],
  ])("name of %s: %j", (dialect, key, reason) => {
    expect(checkKey(dialect, key)).toMatch(reason);
    expect(() => set("[a]\n", dialect, key, "v")).toThrow(reason);
  });

  test.each<[Dialect, string, RegExp]>([
    ["oslo", "", /empty/],
    ["oslo", "a]", /"\]"/],
    ["oslo", "a ", /blank/],
    ["oslo", "a\rb", /control/],
    ["ceph", "a;b", /";"/],
    ["ceph", "é", /ASCII/],
  ])("section of %s: %j", (dialect, section, reason) => {
    expect(checkSection(dialect, section)).toMatch(reason);
    expect(() => setOption("", { dialect, section }, { name: "k", values: ["v"] })).toThrow(reason);
  });

  test("usual names and values are not", () => {
    for (const key of ["rbd_pool", "a.b", "a b", "pci.alias", "k-d"]) {
      expect([checkKey("oslo", key), checkKey("ceph", key)]).toEqual([undefined, undefined]);
    }
    for (const name of ["DEFAULT", "client.cinder", "rbd:1", "a b"]) {
      expect([checkSection("oslo", name), checkSection("ceph", name)]).toEqual([undefined, undefined]);
    }
    expect([checkValue("oslo", ' "x" \t'), checkValue("ceph", "a\tb é $host")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("lists of Ceph, metavariables meant literally, items with commas", () => {
    expect(checkValue("ceph", "v", { list: true })).toMatch(/no lists/);
    expect(checkValue("oslo", "v", { list: true })).toBeUndefined();
    expect(() => set("[a]\n", "ceph", "k", "1", "2")).toThrow(/no lists/);
    expect(checkValue("ceph", "a${host}", { literal: true })).toMatch(/literally/);
    expect(checkValue("ceph", "a$5", { literal: true })).toBeUndefined();
    expect(literalValue("oslo", "pa$word$")).toBe("pa$$word$$");
    expect(literalValue("oslo", "a\\$b")).toBe("a\\\\$b");
    expect(literalValue("ceph", "a$b")).toBe("a$b");
    expect(checkList("oslo", ["rbd,lvm"])).toMatch(/comma/);
    expect(checkList("oslo", ["rbd", "lvm"])).toBeUndefined();
    expect(checkList("oslo", ["s3cret,x"])).not.toMatch(/s3cret/);
  });

  test("a dash in a name is warned of", () => {
    expect(keyWarning("oslo", "rbd-pool")).toMatch(/never reads/);
    expect(keyWarning("ceph", "rbd-cache")).toMatch(/default/);
    expect(keyWarning("oslo", "rbd_pool")).toBeUndefined();
  });
});
