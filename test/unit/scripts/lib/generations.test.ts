import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "@jest/globals";

const library = pathToFileURL(join(__dirname, "../../../../scripts/lib/generations.mjs")).href;

/** The value of an expression over the library's functions, in a process that knows such modules. */
const value = (expression: string): unknown => {
  const text = `import * as g from ${JSON.stringify(library)}; process.stdout.write(JSON.stringify(${expression}));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", text], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

describe("a pair of releases", () => {
  test("is hosts and cluster, or one for both", () => {
    expect(
      value(`[g.pairOf("bullseye/bookworm"), g.pairOf("trixie"), g.PAIRS.map(g.pairOf).length > 4]`),
    ).toEqual([{ hosts: "bullseye", cluster: "bookworm" }, { hosts: "trixie", cluster: "trixie" }, true]);
  });

  test("that is none is refused with an example", () => {
    expect(() => value(`g.pairOf("--all")`)).toThrow("hosts/cluster, such as bullseye/bookworm");
  });
});

test.each([
  ["Ceph", "ceph version 14.2.21 (5ef401921d7a88aea18ec7558f7f9374ebd8f5a6) nautilus (stable)\n", "14.2.21"],
  ["OpenSSH", "SSH-2.0-OpenSSH_10.0p2 Debian-7+deb13u4\r\n", "10.0p2"],
  ["sudo", "Sudo version 1.9.13p3\nSudoers policy plugin version 1.9.13p3\n", "1.9.13p3"],
  ["systemd", "systemd 257 (257.9-1~deb13u1)\n+PAM\n", "257"],
  ["libvirt", "", "?"],
])("the version of %s is what it says of itself", (what, said, version) => {
  expect(value(`g.versionIn(${JSON.stringify(what)}, ${JSON.stringify(said)})`)).toBe(version);
});

test("a pair of one release is for every file that is there, another one for some of them", () => {
  const [alike, mixed] = value(
    `[g.filesFor(g.pairOf("forky")), g.filesFor(g.pairOf("trixie/forky"))]`,
  ) as string[][];
  const there = readdirSync(join(__dirname, "../../../generations"));
  expect(alike?.map((name) => `${name}.test.ts`).sort()).toEqual(there.sort());
  expect(alike).toEqual(expect.arrayContaining(mixed ?? []));
  expect(mixed).toContain("tour");
  expect(mixed).not.toContain("logins");
});

test("words name pairs, and files that are run alone", () => {
  const all = value(`g.asked([])`) as { files: string[] }[];
  expect(all.length).toBe(value(`g.PAIRS.length`));
  expect(all.map(({ files }) => files.length)).not.toContain(0);
  expect(value(`g.asked(["known", "trixie/forky", "logins"])`)).toEqual([
    { hosts: "trixie", cluster: "forky", files: ["known", "logins"] },
  ]);
});

describe("the table", () => {
  const row = (pair: string, failed = 0, file = "tour") =>
    `g.rowOf(g.pairOf("${pair}"), { Ceph: "16.2.15" }, { "${file}": { passed: ${8 - failed}, failed: ${failed}, seconds: 61.4 } })`;
  const page = JSON.stringify("before\n<!-- tours -->\n\n<!-- /tours -->\nafter\n");

  test("takes one row for each pair, in the order of the list, and a later tour's in place of an earlier one's", () => {
    const first = `g.pageWith(${page}, [${row("trixie")}, ${row("bookworm", 2)}])`;
    const [before, after] = value(`[${first}, g.pageWith(${first}, [${row("bookworm")}])]`) as [
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
      `g.pageWith(g.pageWith(${page}, [${row("trixie", 3)}]), [${row("trixie", 0, "known")}])`,
    );
    expect(after).toMatch(/^\| trixie .* 3 of 8 failed .* 61 s /m);
  });

  test("has a place in the page or is refused", () => {
    expect(() => value(`g.pageWith("no markers", [])`)).toThrow("no <!-- tours -->");
  });
});
