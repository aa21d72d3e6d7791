/**
 * Options against the distribution's own services: what the component writes passes `oslo-config-validator`, and our data has the same names as the
 * services' own code.
 */
import { describe, expect, test } from "@jest/globals";
import type { CephOpenStackIntegrationArgs } from "../../components/integration-args";
import { sectionsOf as writtenBy } from "../../components/plan/service-files";
import { SERVICES } from "../../components/plan/services";
import type { Sections } from "../../components/releases/index";
import { integrationTopology } from "../../components/topology/integration";
import { merged } from "../../components/topology/sections";
import { libraryOption, optionsOf, sectionsOf, type Project } from "../../providers/formats/openstack/index";
import { lintSection } from "../../providers/formats/openstack/lint";
import type { Series } from "../../providers/formats/openstack/series";
import { packagedSeries, validate } from "../support/options-oracle";

const hosts = ["ctl1"];
const fsid = "11111111-1111-4111-8111-111111111111";

/** Clouds that between them use every argument by which the component writes options of the services. */
const CLOUDS: readonly Pick<CephOpenStackIntegrationArgs, "pools" | "glance" | "cinder" | "clusters">[] = [
  {
    glance: { hosts, stores: [{ name: "a", pool: "images" }] },
    cinder: {
      hosts,
      backends: [{ name: "a", pool: "volumes", backendHost: "rbd", availabilityZone: "az1" }],
    },
  },
  {
    clusters: { site2: { fsid: fsid.replace("1", "2"), admin: "mon2" } },
    pools: {
      ...{ images: { dataPool: "data" }, volumes: { dataPool: "data" }, data: { type: "erasure" } },
      ...{
        backups: {},
        vms: { dataPool: "data" },
        far: { cluster: "site2" },
        "far-images": { cluster: "site2" },
      },
    },
    glance: {
      hosts,
      stores: [
        { name: "a", pool: "images" },
        { name: "b", pool: "far-images" },
      ],
      reservedStores: { staging: "/srv/staging", tasks: "/srv/tasks" },
    },
    cinder: {
      hosts,
      backends: [
        { name: "a", pool: "volumes" },
        { name: "b", pool: "far" },
      ],
      activeActive: { cluster: "rbd", coordination: "etcd3+http://ctl:2379" },
    },
  },
];

const packaged = packagedSeries();
const projects = [...packaged];

/** Sections whose names an option gives stand in the services' samples under these; those that Glance has of its own are stores of files, as one store of the older form is. */
const SAMPLE: Readonly<Record<Project, (section: string, option: string) => string>> = {
  glance: (section) => {
    if (section.startsWith("os_glance_")) return "glance_store";
    return ["a", "b"].includes(section) ? "glance.store.rbd.store" : section;
  },
  cinder: (section, option) => {
    // cinder-volume registers it in each backend's section; the sample has it in one of its own.
    if (option === "backend_host") return "backend";
    return ["a", "b"].includes(section) ? "backend_defaults" : section;
  },
  nova: (section) => section,
};

/** What the files of a project's services say, secrets too, for each of the clouds. */
const emitted = (project: Project, series: Series): readonly Sections[] =>
  CLOUDS.flatMap((cloud) => {
    const topology = integrationTopology("rbd", {
      cluster: { fsid, admin: "mon1" },
      openstackRelease: series,
      cinderBackup: { hosts },
      nova: { hosts },
      ...cloud,
    });
    return topology.roles
      .filter(({ role }) => SERVICES[role].project === project)
      .map((use) => merged(writtenBy(topology, use), use.secretOptions));
  });

const isLibrary = (project: Project, name: string): boolean => {
  const [section = "", option = ""] = name.split("/");
  return libraryOption(project, section, option) !== undefined;
};

/** Each option with the section that the sample has it in. */
const sampled = (project: Project, sections: Sections): { section: string; name: string; value: unknown }[] =>
  Object.entries(sections).flatMap(([section, options]) =>
    Object.entries(options).map(([name, value]) => ({
      section: SAMPLE[project](section, name),
      name,
      value: value,
    })),
  );

const fileOf = (project: Project, sections: Sections): string =>
  sampled(project, sections)
    .map(({ section, name, value }) => `[${section}]\n${name} = ${JSON.stringify(value)}\n`)
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
      const ours = emitted(project, series)
        .flatMap((sections) => sampled(project, sections))
        .map(({ section, name }) => `${section}/${name}`);
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
