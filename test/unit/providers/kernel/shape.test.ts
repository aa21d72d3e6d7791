import { describe, expect, test } from "@jest/globals";
import { absolutePath, clusterRule, fileMode, host } from "../../../../providers/kernel/common.js";
import { UNKNOWN } from "../../../../providers/kernel/json.js";
import { newProblems } from "../../../../providers/kernel/problems.js";
import {
  checkShape,
  defaulted,
  either,
  integer,
  map,
  optional,
  secret,
  text,
  type Rule,
} from "../../../../providers/kernel/shape.js";

interface Thing {
  size: number;
  mode?: string;
  keys: Readonly<Record<string, string>>;
}

const any = text(/^[^\n]*$/, "text without line ends");
const shape = { size: defaulted(integer(1, 10), 3), mode: optional(fileMode), keys: secret(map(any, any)) };

const failures = (value: Record<string, unknown>) => {
  const { report, failures } = newProblems<Thing>(shape);
  const checked = checkShape<Thing>(shape, value, { path: [], report });
  return { checked, failures };
};

describe("rules for inputs", () => {
  test("a default stands for a value left out, and what is optional stays away", () => {
    expect(failures({ keys: {} })).toEqual({ checked: { size: 3, keys: {} }, failures: [] });
  });

  test("a plain value that is not allowed names its property and what is allowed", () => {
    expect(failures({ size: 11, keys: {} }).failures).toEqual([
      { property: "size", reason: "must be a whole number from 1 to 10" },
    ]);
  });

  test.each([
    ["2", "text"],
    [true, "true or false"],
    [[2], "a list"],
    [{ is: 2 }, "a map"],
  ])(
    "a value of another type, %j, is told by its type: the engine prints text and numbers alike",
    (size, is) => {
      const [failure] = failures({ size, keys: {} }).failures;
      expect(failure?.reason).toBe(`must be a whole number from 1 to 10, and this is ${is}`);
    },
  );

  test("where one of two rules is for the type, the type is not blamed", () => {
    const reasons: string[] = [];
    const rule = either(integer(1, 10), text(/^auto$/, "auto"), "a whole number from 1 to 10, or auto");
    for (const value of [11, "often", [1]])
      rule.check(value, ["x"], (_path, _value, why) => reasons.push(why));
    expect(reasons).toEqual([
      "must be a whole number from 1 to 10, or auto",
      "must be a whole number from 1 to 10, or auto",
      "must be a whole number from 1 to 10, or auto, and this is a list",
    ]);
  });

  test("a secret value is never shown and its property is not named to the engine", () => {
    const { failures: found } = failures({ keys: { password: "hun\nter2" } });
    expect(found).toEqual([
      { property: "", reason: "keys.password [secret] must be text without line ends" },
    ]);
  });

  test("a missing required property is named", () => {
    expect(failures({}).failures).toEqual([{ property: "", reason: "keys is required: it must be a map" }]);
  });

  test("an unknown property is refused with those that there are", () => {
    expect(failures({ keys: {}, sise: 3 }).failures).toEqual([
      { property: "", reason: "sise 3 is not a property here; there are size, mode, keys" },
    ]);
  });

  test("an unknown value passes every rule untouched, at any depth", () => {
    expect(failures({ size: UNKNOWN, keys: { a: UNKNOWN } })).toEqual({
      checked: { size: UNKNOWN, keys: { a: UNKNOWN } },
      failures: [],
    });
  });
});

const accepts = <T>(rule: Rule<T>, value: unknown): boolean => {
  let good = true;
  rule.check(value, ["x"], () => (good = false));
  return good;
};

describe("common rules", () => {
  test.each(["cmp1", "cmp1.example.org", "10.0.0.1", "fe80::1", "::1", "2001:db8::17"])(
    "the host %s is a host",
    (value) => {
      expect(accepts(host, value)).toBe(true);
    },
  );
  test.each(["root@cmp1", "cmp1:22", "-oProxyCommand=x", "a b", "", "cmp1;id"])(
    "the host %j is refused",
    (value) => {
      expect(accepts(host, value)).toBe(false);
    },
  );
  test.each(["/etc/ceph/ceph.conf", "/a", "/etc/a b"])("the path %s is absolute", (value) => {
    expect(accepts(absolutePath, value)).toBe(true);
  });
  test.each(["etc/ceph", "/", "/etc/", "/etc//ceph", "/etc/../ceph", "/etc/.", "/a\nb", ""])(
    "the path %j is refused",
    (value) => {
      expect(accepts(absolutePath, value)).toBe(false);
    },
  );
  test("a cluster without an fsid learns how to get it", () => {
    const reasons: string[] = [];
    clusterRule.check({ admin: "mon1" }, ["cluster"], (path, _value, allowed) =>
      reasons.push(`${path.join(".")}: ${allowed}`),
    );
    expect(reasons.join()).toContain("`ceph fsid`");
  });
});
