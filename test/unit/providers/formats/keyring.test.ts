import { describe, expect, test } from "@jest/globals";

import {
  fingerprint,
  isKey,
  keyringText,
  newKey,
  readKeyring,
} from "../../../../providers/formats/keyring.js";

// made for this test: type 1, created 1700000000.0, sixteen times 0x11
const KEY = Buffer.from(`010000f15365000000001000${"11".repeat(16)}`, "hex").toString("base64");

test("a keyring file is the entity's header and its key, and nothing else", () => {
  expect(keyringText("client.cinder", KEY)).toBe(`[client.cinder]\n\tkey = ${KEY}\n`);
});

describe("reading a keyring", () => {
  test("finds what was written", () => {
    expect(readKeyring(keyringText("client.cinder", KEY))).toEqual({
      entries: new Map([["client.cinder", { key: KEY }]]),
    });
  });

  test("finds several entities, also with dots, caps and comments, and lists one without a key", () => {
    const text = `# made by hand\n[client.a]\n\tkey = ${KEY}\n\tcaps mon = "profile rbd"\n\n[client.a.b]\nkey="${KEY}"\r\n[mon.]\n`;
    expect(readKeyring(text).problem).toBeUndefined();
    expect([...readKeyring(text).entries]).toEqual([
      ["client.a", { key: KEY }],
      ["client.a.b", { key: KEY }],
      ["mon.", {}],
    ]);
  });

  test("of nothing is empty", () => {
    expect(readKeyring("")).toEqual({ entries: new Map() });
  });

  test.each([
    [`Warning: hello\n[client.a]\n\tkey = ${KEY}\n`, /line 1: neither/],
    [`[client.a]\n\tkey = ${KEY}`, /line 2: the last line lacks its line end/],
    [`[client.a]\n\tkey = ${KEY.slice(0, -4)}\n`, /key of client\.a is no cephx key/],
    [`[client.a]\n\tkey = ${KEY.slice(0, 9)} ${KEY.slice(9)}\n`, /key of client\.a is no cephx key/],
    [`[client.a]\n\tkey = ${KEY}\n\tcomment = x\n`, /an option of client\.a/],
    [`[client.a]\n\tkey = ${KEY}\n[notes]\nx = y\n`, /no entity/],
    [`key = ${KEY}\n`, /before the first section/],
  ])("says why Ceph refuses the whole file, and shows nothing of a key (%#)", (text, problem) => {
    const said = readKeyring(text).problem ?? "";
    expect(said).toMatch(problem);
    expect(said).not.toContain(KEY.slice(0, 9));
  });
});

describe("a new key", () => {
  test("is of type 1 with 16 random bytes, made now", () => {
    const second = (): number => Math.floor(Date.now() / 1000);
    const before = second();
    const bytes = Buffer.from(newKey(), "base64");
    expect(bytes.length).toBe(28);
    expect(bytes.readUInt16LE(0)).toBe(1);
    expect(bytes.readUInt32LE(2)).toBeGreaterThanOrEqual(before);
    expect(bytes.readUInt32LE(2)).toBeLessThanOrEqual(second());
    expect(bytes.readUInt32LE(6)).toBeLessThan(1_000_000_000);
    expect(bytes.readUInt16LE(10)).toBe(16);
  });

  test("follows the type and length of the key it replaces", () => {
    const like = Buffer.from(`0200${"00".repeat(8)}2000${"22".repeat(32)}`, "hex").toString("base64");
    const bytes = Buffer.from(newKey(like), "base64");
    expect([bytes.readUInt16LE(0), bytes.length]).toEqual([2, 44]);
    expect(Buffer.from(newKey(KEY), "base64").length).toBe(28);
  });

  test("is another one every time", () => {
    expect(new Set(Array.from({ length: 50 }, () => newKey())).size).toBe(50);
    expect(newKey(KEY)).not.toBe(KEY);
  });

  test("does not follow something that is no key, and does not show it", () => {
    expect(() => newKey("hunter2")).toThrow(/no cephx key/);
    expect(() => newKey("hunter2")).not.toThrow(/hunter2/);
  });
});

test.each([
  [KEY, true],
  [newKey(), true],
  ["", false],
  ["hunter2", false],
  [KEY.slice(0, -4), false],
  [`${KEY}\n`, false],
  [Buffer.alloc(28).toString("base64"), false],
])("key %#", (text, expected) => {
  expect(isKey(text)).toBe(expected);
});

test("a fingerprint is short, is the same for the same key only, and holds nothing of it", () => {
  expect(fingerprint(KEY)).toMatch(/^sha256:[0-9a-f]{16}$/);
  expect(fingerprint(`${KEY}\n`)).toBe(fingerprint(KEY));
  expect(fingerprint(newKey())).not.toBe(fingerprint(KEY));
});
