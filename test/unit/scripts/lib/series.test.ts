import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { SERIES, titleOf } from "../../../../providers/formats/openstack/series";
import { valueIn } from "../module-value";

const root = join(__dirname, "../../../..");
const value = valueIn("series.mjs");

describe("the series that are proven", () => {
  test("are all that the data has, in its order", () => {
    expect(value(`m.asked([]).map(({ name }) => name)`)).toEqual(SERIES.map(titleOf));
  });

  test("are those that are named, in any case", () => {
    expect(value(`m.asked(["ZED", "2023.1"]).map(({ name }) => name)`)).toEqual(["Zed", "2023.1"]);
    expect(() => value(`m.asked(["pike"])`)).toThrow('"pike" is no series: there are Queens, Rocky,');
  });

  test("are installed by the numbers that their projects count, with libraries of their time", () => {
    expect(value(`m.installed(m.asked(["zed"])[0], "py").join(" ")`)).toBe(
      "pip install --quiet --python py --exclude-newer 2022-10-26" +
        " --exclude-newer-package glance=2100-01-01 --exclude-newer-package cinder=2100-01-01 --exclude-newer-package nova=2100-01-01" +
        " setuptools glance==25.* cinder==21.* nova==26.*",
    );
  });

  test("have a validator where their time had none, and what the index lacks is not wanted", () => {
    const told = value(`m.installed(m.asked(["queens"])[0], "py").join(" ")`);
    expect(told).toContain("--exclude-newer-package oslo.config=2019-04-20");
    expect(told).not.toContain("glance");
  });

  test("have extract.py's newest version of each project", () => {
    const wanted = value(
      `m.asked([]).map(({ wanted }) => wanted.filter((one) => /^(glance|cinder|nova)==/.test(one)))`,
    ) as string[][];
    const source = readFileSync(join(root, "scripts/options/extract.py"), "utf8");
    const released = (project: string): string[] =>
      new RegExp(`"${project}": """([^"]+)"""`).exec(source)?.[1]?.split("|") ?? [];
    for (const [at, all] of wanted.entries())
      for (const one of all) {
        const [project = "", number = ""] = one.split("==");
        const last = released(project)[at]?.trim().split(/\s+/).at(-1) ?? "";
        expect(last).toMatch(new RegExp(`^${number.replace(".*", "\\.")}`));
      }
  });
});

test("the versions are those that are installed", () => {
  const frozen = "cinder==21.3.2\nglance-store==4.1.0\nnova==26.3.0\noslo-config==9.0.0\n";
  expect(value(`m.versionsIn(${JSON.stringify(frozen)})`)).toEqual([
    "not there",
    "21.3.2",
    "26.3.0",
    "4.1.0",
    "9.0.0",
  ]);
});

describe("the table", () => {
  const page = "# T\n\n<!-- series -->\n\n<!-- /series -->\n\nafter\n";
  const zed = `m.rowOf({ name: "Zed" }, { python: "3.10", versions: ["1", "2", "3", "4", "5"] }, { passed: 9 })`;

  test("has each series once, the oldest first, and keeps the others", () => {
    const first = `m.pageWith(${JSON.stringify(page)}, [${zed}])`;
    const made = String(
      value(
        `m.pageWith(m.pageWith(${first}, [m.rowOf({ name: "Yoga" }, { python: "3.8", versions: ["", "", "", "", ""] }, { passed: 6 })]), [m.rowOf({ name: "Zed" }, { python: "3.9", versions: ["1", "2", "3", "4", "5"] }, { passed: 7 })])`,
      ),
    );
    const rows = made.split("\n").filter((line) => line.startsWith("|"));
    expect(rows.map((row) => row.replaceAll(/ +/g, " "))).toEqual([
      "| series | Python | Glance | Cinder | Nova | glance_store | oslo.config | passed |",
      expect.stringMatching(/^\| -+ \|/),
      "| Yoga | 3.8 | | | | | | 6 tests |",
      "| Zed | 3.9 | 1 | 2 | 3 | 4 | 5 | 7 tests |",
    ]);
    expect(made.startsWith("# T\n\n<!-- series -->\n\n| series")).toBe(true);
    expect(made.endsWith("\n\n<!-- /series -->\n\nafter\n")).toBe(true);
  });

  test("is as the formatter has it", () => {
    const text = readFileSync(join(root, "docs/releases.md"), "utf8");
    expect(value(`m.pageWith(${JSON.stringify(text)}, [])`)).toBe(text);
  });
});
