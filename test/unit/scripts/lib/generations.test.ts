import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { valueIn } from "../module-value";

const value = valueIn("generations.mjs");

describe("a pair of releases", () => {
  test("is hosts and cluster, or one for both", () => {
    expect(
      value(`[m.pairOf("bullseye/bookworm"), m.pairOf("trixie"), m.PAIRS.map(m.pairOf).length > 4]`),
    ).toEqual([{ hosts: "bullseye", cluster: "bookworm" }, { hosts: "trixie", cluster: "trixie" }, true]);
  });

  test("that is none is refused with an example", () => {
    expect(() => value(`m.pairOf("--all")`)).toThrow("hosts/cluster, such as bullseye/bookworm");
  });
});

test.each([
  ["Ceph", "ceph version 14.2.21 (5ef401921d7a88aea18ec7558f7f9374ebd8f5a6) nautilus (stable)\n", "14.2.21"],
  ["OpenSSH", "SSH-2.0-OpenSSH_10.0p2 Debian-7+deb13u4\r\n", "10.0p2"],
  ["sudo", "Sudo version 1.9.13p3\nSudoers policy plugin version 1.9.13p3\n", "1.9.13p3"],
  ["systemd", "systemd 257 (257.9-1~deb13u1)\n+PAM\n", "257"],
  ["libvirt", "", "?"],
])("the version of %s is what it says of itself", (what, said, version) => {
  expect(value(`m.versionIn(${JSON.stringify(what)}, ${JSON.stringify(said)})`)).toBe(version);
});

test("a pair of one release is for every file that is there, another one for some of them", () => {
  const [alike, mixed] = value(
    `[m.filesFor(m.pairOf("forky")), m.filesFor(m.pairOf("trixie/forky"))]`,
  ) as string[][];
  const projects = value(`m.filesFor(m.pairOf("forky")).map(m.projectOf)`) as string[];
  const files = alike?.map((name, at) => `${projects[at]}/${name}.test.ts`) ?? [];
  const tests = join(__dirname, "../../..");
  expect(files.filter((file) => !existsSync(join(tests, file)))).toEqual([]);
  const there = readdirSync(join(tests, "generations")).map((name) => `generations/${name}`);
  expect(files).toEqual(expect.arrayContaining(there));
  expect(alike).toEqual(expect.arrayContaining(mixed ?? []));
  expect(mixed).toContain("tour");
  expect(mixed).not.toContain("logins");
  // Ceph 14 has no stretch mode.
  expect(
    value(
      `[m.filesFor(m.pairOf("bullseye")), m.filesFor(m.pairOf("trixie"))].map((files) => files.includes("stretch"))`,
    ),
  ).toEqual([false, true]);
});

test("words name pairs, and files that are run alone", () => {
  const all = value(`m.asked([])`) as { files: string[] }[];
  expect(all.length).toBe(value(`m.PAIRS.length`));
  expect(all.map(({ files }) => files.length)).not.toContain(0);
  expect(value(`m.asked(["known", "trixie/forky", "logins"])`)).toEqual([
    { hosts: "trixie", cluster: "forky", files: ["known", "logins"] },
  ]);
});

describe("the table", () => {
  const row = (pair: string, failed = 0, file = "tour") =>
    `m.rowOf(m.pairOf("${pair}"), { Ceph: "16.2.15" }, { "${file}": { passed: ${8 - failed}, failed: ${failed}, seconds: 61.4 } })`;
  const page = JSON.stringify("before\n<!-- tours -->\n\n<!-- /tours -->\nafter\n");

  test("takes one row for each pair, in the order of the list, and a later tour's in place of an earlier one's", () => {
    const first = `m.pageWith(${page}, [${row("trixie")}, ${row("bookworm", 2)}])`;
    const [before, after] = value(`[${first}, m.pageWith(${first}, [${row("bookworm")}])]`) as [
      string,
      string,
    ];
    const lines = after.split("\n").filter((line) => line.startsWith("|"));
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^\| bookworm \| bookworm \| 16\.2\.15 .* 61 s +\|( +\|)+$/);
    expect(lines[3]).toMatch(/^\| trixie /);
    expect(before).toContain("2 of 8 failed");
    expect(after).not.toContain("failed");
    expect([after.startsWith("before\n"), after.endsWith("after\n")]).toEqual([true, true]);
  });

  test("keeps what a file came to that was not run again", () => {
    const after = value(
      `m.pageWith(m.pageWith(${page}, [${row("trixie", 3)}]), [${row("trixie", 0, "known")}])`,
    );
    expect(after).toMatch(/^\| trixie .* 3 of 8 failed .* 61 s /m);
  });

  test("keeps what stands in it when a column has come since", () => {
    const old = JSON.stringify(
      "<!-- tours -->\n| hosts | cluster | logins | tour |\n| - | - | - | - |\n| trixie | forky | 9 s | 8 s |\n<!-- /tours -->",
    );
    const after = value(`[...m.rowsIn(m.pageWith(${old}, [${row("bookworm")}])).get("trixie/forky")]`);
    expect(after).toEqual(expect.arrayContaining(["trixie", "forky", "9 s", "8 s", ""]));
    expect(value(`m.pageWith(${old}, [])`)).toMatch(/\| 8 s +\|( +\|)* 9 s /);
  });

  test("has a place in the page or is refused", () => {
    expect(() => value(`m.pageWith("no markers", [])`)).toThrow("no <!-- tours -->");
  });
});
