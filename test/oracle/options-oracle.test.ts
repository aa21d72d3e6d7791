/**
 * Options against the distribution's own services: what the component writes passes `oslo-config-validator`, and our data has the same names as the
 * services' own code.
 */
import { describe, expect, test } from "@jest/globals";
import { releaseOf, type Sections } from "../../components/releases/index";
import { libraryOption, optionsOf, sectionsOf, type Project } from "../../providers/formats/openstack/index";
import { lintSection } from "../../providers/formats/openstack/lint";
import type { Series } from "../../providers/formats/openstack/series";
import { packagedSeries, validate } from "../support/options-oracle";

const conf = "/etc/ceph/ceph.conf";
const secretUuid = "11111111-1111-4111-8111-111111111111";
const store = (name: string) => ({ name, pool: "images", user: "glance", conf });
const backend = (name: string) => ({ name, pool: "volumes", user: "cinder", conf, secretUuid });

const packaged = packagedSeries();
const projects = [...packaged];

/** Sections whose names an option gives stand in the services' samples under these. */
const SAMPLE: Readonly<Record<Project, (section: string) => string>> = {
  glance: (section) => (["a", "b"].includes(section) ? "glance.store.rbd.store" : section),
  cinder: (section) => (["a", "b"].includes(section) ? "backend_defaults" : section),
  nova: (section) => section,
};

const emitted = (project: Project, series: Series): readonly Sections[] => {
  const release = releaseOf(series);
  if (project === "nova") return [release.nova({ pool: "vms", user: "cinder", conf, secretUuid })];
  if (project === "glance") return [release.glance([store("a"), store("b")]), release.glance([store("a")])];
  return [
    release.cinder([backend("a"), backend("b")]),
    release.cinder([backend("a")]),
    release.cinderBackup({ pool: "backups", user: "cinder-backup", conf }),
  ];
};

const isLibrary = (project: Project, name: string): boolean => {
  const [section = "", option = ""] = name.split("/");
  return libraryOption(project, section, option) !== undefined;
};

const fileOf = (project: Project, sections: Sections): string =>
  Object.entries(sections)
    .map(([section, options]) => {
      const lines = Object.entries(options).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
      return [`[${SAMPLE[project](section)}]`, ...lines, ""].join("\n");
    })
    .join("\n");

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

/** What the services' samples have beside the projects' releases: Debian's patches, old names of os-vif, and a section that the validator passes over. */
const BESIDE: readonly RegExp[] = [
  // Of Debian 11: the cure of CVE-2022-47951, carried back.
  /\/vmdk_allowed_types$/,
  /^workarounds\/disable_deep_image_inspection$/,
  /^DEFAULT\/(flat_interface|forward_bridge_interface|iptables_(bottom_regex|drop_action|top_regex)|network_device_mtu|ovs_vsctl_timeout|use_ipv6|vlan_interface)$/,
  /^keystone_authtoken\/no_such_option$/,
];

describe("the services' own code", () => {
  test.each(projects)(
    "%s of %s knows every option that the component writes, and no name that we call unknown",
    (project, series) => {
      const written = emitted(project, series).map((sections) => fileOf(project, sections));
      const all = everyName(project);
      const { unknown, renamed } = validate(project, [...written, namesFile(all)].join("\n"));
      const ours = emitted(project, series).flatMap((sections) =>
        Object.entries(sections).flatMap(([section, options]) =>
          Object.keys(options).map((name) => `${SAMPLE[project](section)}/${name}`),
        ),
      );
      expect(ours.length).toBeGreaterThan(5);
      expect(unknown).toContain("DEFAULT/no_such_option");
      expect(ours.filter((name) => unknown.includes(name) || renamed.includes(name))).toEqual([]);

      const names = all.flatMap(([, some]) => some);
      const warned = all.flatMap((section) => warnedAbout(project, series, section));
      expect(
        warned.filter((name) => !unknown.includes(name) && !BESIDE.some((one) => one.test(name))),
      ).toEqual([]);
      expect(warned.length).toBeGreaterThan(20);
      // The other way round: what a command line or a plug-in alone registers is in no sample.
      const passed = unknown.filter((name) => !warned.includes(name) && !isLibrary(project, name));
      expect(passed.length / names.length).toBeLessThan(0.1);
    },
    300_000,
  );
});
