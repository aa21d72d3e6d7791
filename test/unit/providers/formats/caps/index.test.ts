import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import {
  capsMap,
  capsText,
  checkCaps,
  parseCaps,
  poolsNamed,
  unknownProfiles,
  type CapsType,
} from "../../../../../providers/formats/caps/index.js";

describe("texts that grant the same are the same value", () => {
  const same: [CapsType, string, string][] = [
    [
      "osd",
      "profile rbd pool=a, profile rbd-read-only pool=b",
      "profile rbd-read-only pool=b,profile rbd pool=a",
    ],
    ["osd", "profile rbd pool=a; profile rbd pool=b", "profile rbd pool=b, profile rbd pool=a"],
    ["osd", "profile rbd pool=a", "profile=rbd   pool a"],
    ["osd", "profile rbd pool=a", "profile 'rbd' pool=\"a\""],
    ["osd", "allow rwx pool=a", "allow pool=a rwx"],
    ["osd", "allow rwx pool=a, allow rwx pool=a", "allow rwx pool=a"],
    ["osd", "allow *", "allow all"],
    ["osd", "allow class-read class-write pool=a", "allow x pool=a"],
    ["osd", "allow class-write class-read pool=a", "allow x pool=a"],
    ["osd", "allow rx class-read pool=a", "allow rx pool=a"],
    ["osd", "allow class-read object_prefix rbd_children", "allow class-read  object_prefix 'rbd_children'"],
    ["osd", "allow class-read object_prefix rbd_children", "allow object_prefix rbd_children class-read"],
    ["osd", "allow rw tag cephfs data=x", "allow rw tag cephfs data = x"],
    ["osd", "allow rw tag cephfs *=all", "allow rw tag cephfs all=*"],
    ["osd", "allow rw namespace='a'*", "allow rw namespace a*"],
    ["osd", "allow rw pool=a network 10.0.0.0/8", "allow pool=a rw  network 10.0.0.0/8"],
    ["mon", "profile rbd", "allow profile rbd"],
    ["mon", "profile rbd", "\tprofile\n rbd "],
    ["mon", 'allow r, allow command "osd blacklist"', "allow command 'osd blocklist'; allow r"],
    [
      "mon",
      'allow command "osd blacklist" with blacklistop=add addr regex "^[^/]+/[0-9]+$"',
      "allow command=\"osd blocklist\" with blocklistop=add addr regex '^[^/]+/[0-9]+$'",
    ],
    ["mon", 'allow command "a" with k1=v1 k2=v2', "allow command a with k2=v2 k1=v1"],
    ["mon", "allow service osd r", "allow service=osd r"],
    ["mgr", "profile rbd pool=a namespace=b", "profile rbd namespace = b pool=a"],
    ["mgr", "allow module rbd_support with pool=a r", "allow module=rbd_support with pool=a r"],
    ["mds", "allow rw path=/a, allow r", "allow r; allow rw path='a'"],
    ["mds", "allow rw path=/a uid=1 gids=2,1", "allow rw path=/a uid=1 gids=1,2"],
    ["mds", "allow", "allow rwps"],
  ];

  test.each(same)("%s: %s", (type, one, other) => {
    expect(parseCaps(type, one)).toEqual(parseCaps(type, other));
  });
});

describe("texts that grant different things differ", () => {
  const different: [CapsType, string, string][] = [
    ["osd", "profile rbd pool=a", "profile rbd pool=b"],
    ["osd", "profile rbd pool=a", "profile rbd"],
    ["osd", "profile rbd pool=a", "profile rbd-read-only pool=a"],
    ["osd", "allow rw pool=a", "allow rwx pool=a"],
    ["osd", "allow rw pool=all", "allow rw pool=*"],
    ["osd", 'allow rw tag cephfs data="all"', "allow rw tag cephfs data=all"],
    ["osd", "allow rw pool=a", "allow rw pool=a namespace=b"],
    ["osd", "allow rw pool=a network 10.0.0.0/8", "allow rw pool=a"],
    ["osd", "allow class-read pool=a", "allow x pool=a"],
    ["osd", 'allow rw pool="a,b"', "allow rw pool=a, allow b"],
    ["mon", "allow r", "allow *"],
    ["mon", "allow command a", "allow command b"],
    ["mgr", "profile rbd pool=a", "profile rbd pool prefix a"],
    ["mds", "allow rw path=/a", "allow rw path=/b"],
  ];

  test.each(different)("%s: %s", (type, one, other) => {
    expect(parseCaps(type, one)).not.toEqual(parseCaps(type, other));
  });
});

describe("the canonical value", () => {
  test("is a map by what clauses are about, so that one clause more is one key more", () => {
    const before = capsMap("osd", "profile rbd pool=volumes, profile rbd pool=vms");
    const after = capsMap("osd", [
      "profile rbd pool=vms",
      "profile rbd-read-only pool=images",
      "profile rbd pool=volumes",
    ]);
    expect(before).toEqual({
      "pool=vms": "profile rbd pool=vms",
      "pool=volumes": "profile rbd pool=volumes",
    });
    expect(after).toEqual({ ...before, "pool=images": "profile rbd-read-only pool=images" });
  });

  test.each<[CapsType, string, Record<string, string>]>([
    ["mon", "profile rbd", { "profile rbd": "profile rbd" }],
    [
      "mon",
      'allow r, allow command "osd blocklist"',
      { allow: "allow r", 'command "osd blocklist"': 'allow command "osd blocklist"' },
    ],
    ["mgr", "profile rbd pool=vms", { "pool=vms": "profile rbd pool=vms" }],
    [
      "osd",
      "allow rwx pool=vms namespace=a, allow r tag rbd data=*",
      {
        "pool=vms namespace=a": "allow rwx pool=vms namespace=a",
        "tag rbd data=*": "allow r tag rbd data=*",
      },
    ],
    [
      "osd",
      "allow r pool=vms, profile rbd pool=vms",
      { "pool=vms": "allow r pool=vms, profile rbd pool=vms" },
    ],
    ["mds", "allow rw path=/x", { "path=/x": "allow rw path=/x" }],
  ])("of %s %j is by what each clause is about", (type, text, map) => {
    expect(capsMap(type, text)).toEqual(map);
    expect(parseCaps(type, capsText(map))).toEqual(parseCaps(type, text));
  });

  test("keeps a text that nobody can write otherwise", () => {
    expect(parseCaps("osd", "allow class-read object_prefix rbd_children")).toEqual([
      "allow class-read object_prefix rbd_children",
    ]);
    expect(parseCaps("osd", 'allow rwx pool="my pool"')).toEqual(['allow rwx pool="my pool"']);
    expect(parseCaps("mds", "allow rw fsname=a path=/x")).toEqual(["allow rw fsname=a path=/x"]);
    expect(parseCaps("mds", "allow rw uid=1 gids=1,2")).toEqual(["allow rw uid=1 gids=1,2"]);
  });

  test("becomes one text for Ceph, in the words of its release", () => {
    const clauses = capsMap("mon", 'allow command "osd blacklist" with blacklistop=add, allow r');
    expect(capsText(clauses)).toBe('allow command "osd blocklist" with blocklistop=add, allow r');
    expect(capsText(clauses, "blacklist")).toBe(
      'allow command "osd blacklist" with blacklistop=add, allow r',
    );
    expect(capsText(capsMap("mon", "profile simple-rados-client-with-blocklist"), "blacklist")).toBe(
      "profile simple-rados-client-with-blocklist",
    );
  });

  test("is stable: what was sent reads back as the same value", () => {
    const words = fc.constantFrom(
      "allow",
      "profile",
      "rbd",
      "rwx",
      "*",
      "all",
      "pool",
      "=",
      "a",
      '"b c"',
      "'d'*",
      "namespace",
      "class-read",
      "network",
      "10.0.0.0/8",
      "command",
      '"osd blacklist"',
      "with",
      "path",
      "gids=2,1",
      ",",
      ";",
    );
    const type = fc.constantFrom<CapsType>("mon", "osd", "mgr", "mds");
    fc.assert(
      fc.property(type, fc.array(words, { maxLength: 12 }), (daemon, parts) => {
        const once = parseCaps(daemon, parts.join(" "));
        expect(parseCaps(daemon, capsText(once))).toEqual(once);
      }),
      { seed: 7, numRuns: 3000 },
    );
  });
});

test("pools are those that clauses name, quoted ones too", () => {
  expect(
    poolsNamed("osd", "profile rbd pool=b, allow rw pool='a b', allow r pool c, allow rw tag cephfs data=x"),
  ).toEqual(["a b", "b", "c"]);
  expect(poolsNamed("mgr", "profile rbd pool=a, profile rbd pool prefix z")).toEqual(["a"]);
  expect(poolsNamed("mon", "profile rbd")).toEqual([]);
});

test("a profile that no release knows is named", () => {
  expect(unknownProfiles("mon", "profile rdb, allow profile rbd")).toEqual(["rdb"]);
  expect(unknownProfiles("osd", "profile rbd pool=a, profile rbd-readonly pool=b")).toEqual(["rbd-readonly"]);
  expect(unknownProfiles("mgr", "profile rbd pool=a")).toEqual([]);
  expect(unknownProfiles("mgr", "profile rbd-mirror")).toEqual(["rbd-mirror"]);
});

test.each(["rbd", "rbd-read-only", "rbd-mirror", "rbd-mirror-peer", "cephfs-mirror", "role-definer"])(
  "the monitor's profile %s is known",
  (profile) => {
    expect(unknownProfiles("mon", `profile ${profile}`)).toEqual([]);
  },
);

test.each<[CapsType, string]>([
  ["osd", "allow rwxx pool=vms"],
  ["osd", "allow xwr"],
  ["osd", "allow rwx pool=vms class-read"],
  ["mon", "allow q"],
  ["mgr", "allow rwxx"],
])("an access that Ceph refuses is refused with what is allowed (%s %s)", (type, text) => {
  expect(checkCaps(type, text)).toMatch(/Ceph takes no clause .*"allow" with r, w, x in this order/);
});

describe("what is no caps says why", () => {
  const wrong: [CapsType, string, RegExp][] = [
    ["mon", "", /no clause/],
    ["mon", "  ", /no clause/],
    ["osd", 'allow rw pool="a', /quote is not closed/],
    ["osd", "allow rw pool='a", /quote is not closed/],
    ["osd", "allow r, , allow w", /clause is empty/],
    ["osd", "allow r,", /clause is empty/],
    ["osd", "; allow r", /clause is empty/],
    ["osd", "rwx pool=a", /must begin with/],
    ["osd", "allow", /nothing behind/],
    ["osd", "profile rbd pool=", /nothing behind "="/],
    ["osd", 'allow rw pool=""', /empty quoted/],
    ["mds", "profile x", /must begin with/],
    ["mon", "allow r\u0000", /control/],
    ["mon", "allow r\r\nallow w", /control/],
  ];

  test.each(wrong)("%s: %j", (type, text, reason) => {
    expect(checkCaps(type, text)).toMatch(reason);
  });

  test.each<[CapsType, string]>([
    ["mon", "profile rbd"],
    ["mon", "allow *"],
    ["mon", 'allow r, allow command "osd blocklist" with blocklistop=add addr regex "^[^/]+/[0-9]+$"'],
    ["osd", "profile rbd pool=volumes, profile rbd-read-only pool=images"],
    ["osd", 'allow rw namespace=""'],
    ["osd", "allow class-read object_prefix rbd_children, allow rwx pool=images"],
    ["osd", "allow rw tag cephfs data=x"],
    ["mds", "allow"],
    ["mds", "allow rw fsname=a uid=1 gids=1,2"],
    ["mgr", "profile rbd pool=a namespace=b network 10.0.0.0/8"],
  ])("%s: %s is caps", (type, text) => {
    expect(checkCaps(type, text)).toBeUndefined();
  });
});
