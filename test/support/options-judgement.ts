/**
 * Options against the services' own code: what the component writes passes `oslo-config-validator` and is read as it is meant, and our data has the same
 * names as that code.
 */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { libraryOption, optionsOf, sectionsOf, type Project } from "../../providers/formats/openstack/index";
import { lintSection } from "../../providers/formats/openstack/lint";
import type { Series } from "../../providers/formats/openstack/series";
import { emitted, PARTS } from "./emitted-options";
import type { Code } from "./options-code";
import { readAs, seriesThere, validate, type Written } from "./options-oracle";

const isPart = (section: string): boolean => PARTS.some((name) => name === section);

/** Sections whose names an option gives stand in the services' samples under these; those that Glance has of its own are stores of files, as one store of the older form is. */
const SAMPLE: Readonly<Record<Project, (section: string, option: string) => string>> = {
  glance: (section) => {
    if (section.startsWith("os_glance_")) return "glance_store";
    return isPart(section) ? "glance.store.rbd.store" : section;
  },
  cinder: (section, option) => {
    // cinder-volume registers it in each backend's section; the sample has it in one of its own.
    if (option === "backend_host") return "backend";
    return isPart(section) ? "backend_defaults" : section;
  },
  nova: (section) => section,
};

const isLibrary = (project: Project, name: string): boolean => {
  const [section = "", option = ""] = name.split("/");
  return libraryOption(project, section, option) !== undefined;
};

/** Of these clouds all values are plain. */
const plainText = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new Error(`a value that is not plain: ${JSON.stringify(value)}`);
};

/** What is written, each value once, with the section that the sample has it in. */
const written = (project: Project, series: Series): readonly Written[] => {
  const rows = emitted(project, series).flatMap((sections) =>
    Object.entries(sections).flatMap(([section, options]) =>
      Object.entries(options).map(([name, value]): Written => ({
        section: SAMPLE[project](section, name),
        name,
        text: plainText(value),
      })),
    ),
  );
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
};

const at = ({ section, name }: Written): string => `${section}/${name}`;

const writtenFile = (rows: readonly Written[]): string =>
  rows.map(({ section, name, text }) => `[${section}]\n${name} = ${text}\n`).join("\n");

/** Names of the data, and what nobody has, by section; sections of fixed names only. */
const everyName = (project: Project): [section: string, names: string[]][] =>
  sectionsOf(project)
    .filter((section) => !/[<*]/.test(section))
    .map((section) => [section, [...optionsOf(project, section), "no_such_option"]]);

const namesFile = (all: readonly (readonly [string, readonly string[]])[]): string =>
  all
    .map(([section, names]) => [`[${section}]`, ...names.map((name) => `${name} = 1`), ""].join("\n"))
    .join("\n");

const NOT_THERE = [/^is no option/, /^came with/, /^is gone since [A-Z0-9]/, /^is not read here/];

/** Names of which we say that the release has them not. */
const warnedAbout = (
  project: Project,
  series: Series,
  [section, names]: readonly [string, readonly string[]],
): string[] =>
  lintSection(
    { project, series },
    section,
    names.map((name) => ({ name, value: undefined })),
  )
    .filter(({ text }) => NOT_THERE.some((pattern) => pattern.test(text)))
    .map(({ option }) => `${section}/${option}`);

/** Old names of os-vif, and a section that the validator passes over. */
const NOT_OURS: readonly RegExp[] = [
  /^DEFAULT\/(flat_interface|forward_bridge_interface|iptables_(bottom_regex|drop_action|top_regex)|network_device_mtu|ovs_vsctl_timeout|use_ipv6|vlan_interface)$/,
  /^keystone_authtoken\/no_such_option$/,
];

/** Deprecated since Rocky, and Glance's only form of one store, which `compat: "classic"` asks for. */
const CLASSIC = ["glance_store/stores", "glance_store/default_store"];

/**
 * The tests of all projects that the code has.
 * @param beside names that the code has beside the projects' own releases
 */
export const judgeOptions = (code: Code, beside: readonly RegExp[]): void => {
  describe.each([...seriesThere(code)])("%s of %s, by its own code,", (project, series) => {
    const rows = written(project, series);
    const all = everyName(project);
    let unknown: readonly string[] = [];
    let renamed: readonly string[] = [];

    beforeAll(() => {
      ({ unknown, renamed } = validate(code, project, [writtenFile(rows), namesFile(all)].join("\n")));
    }, 300_000);

    test("has every option that the component writes, under that name", () => {
      expect(rows.length).toBeGreaterThan(5);
      expect(unknown).toContain("DEFAULT/no_such_option");
      expect(rows.map(at).filter((name) => unknown.includes(name) || renamed.includes(name))).toEqual([]);
    });

    test("reads each value as it is meant, and has none of them on its way out", () => {
      const readings = readAs(code, project, rows);
      expect(rows.filter((row, index) => readings[index]?.text !== row.text)).toEqual([]);
      const deprecated = rows.filter((_, index) => readings[index]?.deprecated).map(at);
      expect(deprecated.filter((name) => !CLASSIC.includes(name))).toEqual([]);
    }, 300_000);

    test("has no name that we call unknown", () => {
      const warned = all.flatMap((section) => warnedAbout(project, series, section));
      expect(
        warned.filter(
          (name) => !unknown.includes(name) && ![...NOT_OURS, ...beside].some((one) => one.test(name)),
        ),
      ).toEqual([]);
      expect(warned.length).toBeGreaterThan(20);
      // The other way round: what a command line or a plug-in alone registers is in no sample.
      const passed = unknown.filter((name) => !warned.includes(name) && !isLibrary(project, name));
      expect(passed.length / all.flatMap(([, some]) => some).length).toBeLessThan(0.1);
    });
  });
};
