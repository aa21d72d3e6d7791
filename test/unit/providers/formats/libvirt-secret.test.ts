import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import {
  defaultUsage,
  parseSecretXml,
  secretUuid,
  secretXml,
} from "../../../../providers/formats/libvirt-secret.js";

const UUID = "457eb676-33da-42ec-9a8c-9293d545c337";
const DUMPED = `<secret ephemeral='no' private='no'>
  <uuid>${UUID}</uuid>
  <usage type='ceph'>
    <name>client.cinder secret</name>
  </usage>
</secret>
`;

describe("the XML of a secret", () => {
  test("is what libvirt takes", () => {
    expect(secretXml({ uuid: UUID, usage: "client.cinder secret", private: true, ephemeral: false })).toBe(
      `<secret ephemeral="no" private="yes">\n  <uuid>${UUID}</uuid>\n  <usage type="ceph">\n    <name>client.cinder secret</name>\n  </usage>\n</secret>\n`,
    );
  });

  test("escapes what would be markup", () => {
    const xml = secretXml({
      uuid: UUID,
      usage: `a<b>&"c'`,
      description: "</secret>",
      private: false,
      ephemeral: true,
    });
    expect(xml).toContain("<name>a&lt;b&gt;&amp;&quot;c&apos;</name>");
    expect(xml).toContain("<description>&lt;/secret&gt;</description>");
  });

  test("reads back as it was written, whatever the names", () => {
    const text = fc
      .string({ unit: "grapheme", minLength: 1 })
      .filter((name) => !/\p{Cc}|\p{Cs}|[\ufffe\uffff]/u.test(name));
    fc.assert(
      fc.property(
        text,
        fc.option(text, { nil: undefined }),
        fc.boolean(),
        fc.boolean(),
        (usage, note, isPrivate, ephemeral) => {
          const secret = {
            uuid: UUID,
            usage,
            private: isPrivate,
            ephemeral,
            ...(note === undefined ? {} : { description: note }),
          };
          expect(parseSecretXml(secretXml(secret))).toEqual({ ...secret, usageType: "ceph" });
        },
      ),
      { seed: 3, numRuns: 500 },
    );
  });

  test("is refused with control characters", () => {
    expect(() => secretXml({ uuid: UUID, usage: "a\u0000b", private: false, ephemeral: false })).toThrow(
      /control/,
    );
  });
});

describe("reading what libvirt prints", () => {
  test("of a ceph secret", () => {
    expect(parseSecretXml(DUMPED)).toEqual({
      uuid: UUID,
      usage: "client.cinder secret",
      usageType: "ceph",
      private: false,
      ephemeral: false,
    });
  });

  test("of another kind, with a description that has a name too", () => {
    const xml = `<secret ephemeral='yes' private='yes'><description>&#x41;&#66; &lt;name></description><uuid>${UUID.toUpperCase()}</uuid><usage type='volume'><volume>/x</volume></usage></secret>`;
    expect(parseSecretXml(xml)).toEqual({
      uuid: UUID,
      usage: "",
      usageType: "volume",
      description: "AB <name>",
      private: true,
      ephemeral: true,
    });
  });

  test("of no secret is no answer", () => {
    expect(parseSecretXml("")).toBeUndefined();
    expect(parseSecretXml("<domain/>")).toBeUndefined();
  });
});

describe("the UUID of an entity's secret", () => {
  test("is version 5 in the namespace of the fsid (example of RFC 9562, A.4)", () => {
    expect(secretUuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")).toBe(
      "2ed6657d-e927-568b-95e1-2665a8aea6a2",
    );
  });

  test("differs by cluster and by entity", () => {
    const uuids = [
      secretUuid(UUID, "client.a"),
      secretUuid(UUID, "client.b"),
      secretUuid(UUID.replace("4", "5"), "client.a"),
    ];
    expect(new Set(uuids).size).toBe(3);
    expect(secretUuid(UUID.toUpperCase(), "client.a")).toBe(uuids[0]);
  });

  test("wants an fsid", () => {
    expect(() => secretUuid("ceph", "client.a")).toThrow(/fsid/);
  });
});

test("the usage names the cluster only where that is not the usual one", () => {
  expect(defaultUsage("ceph", "client.cinder")).toBe("client.cinder secret");
  expect(defaultUsage("site-b", "client.cinder")).toBe("site-b client.cinder secret");
});
