/** What is emitted for a series, held against what the projects' own releases of that series have. */
import { describe, expect, test } from "@jest/globals";
import { releaseOf } from "../../../../components/releases/index";
import type { Sections } from "../../../../components/releases/release";
import { numberOf, orderOf, SERIES, type Series } from "../../../../providers/formats/openstack/series";
import {
  factsIn,
  seriesOf,
  type OptionFacts,
  type Project,
} from "../../../../providers/formats/openstack/index";

const conf = "/etc/ceph/ceph.conf";
const secretUuid = "11111111-1111-4111-8111-111111111111";
const store = (name: string) => ({ name, pool: "images", user: "glance", conf });
const backend = (name: string) => ({ name, pool: "volumes", user: "cinder", conf, secretUuid });

/** Everything that a series can be given, by project. */
const emitted = (series: Series): [Project, Sections][] => {
  const release = releaseOf(series);
  const stores = release.stores === "one" ? [[store("rbd")]] : [[store("rbd")], [store("a"), store("b")]];
  return [
    ...stores.map((all): [Project, Sections] => ["glance", release.glance(all)]),
    ["cinder", release.cinder([backend("ceph")])],
    ["cinder", release.cinder([backend("one"), backend("two")])],
    ["cinder", release.cinderBackup({ pool: "backups", user: "cinder-backup", conf })],
    ["nova", release.nova({ pool: "vms", user: "cinder", conf, secretUuid })],
  ];
};

/** Sections that an option names stand under a pattern in the data. */
const PATTERNS: Readonly<Record<string, readonly string[]>> = {
  glance: ["<store:rbd>", "<store>"],
  cinder: ["<backend>"],
  nova: [],
};
const FIXED = ["DEFAULT", "glance_store", "paste_deploy", "libvirt"];

const factsOf = (project: Project, series: Series, [section, option]: readonly [string, string]) =>
  (FIXED.includes(section) ? [section] : (PATTERNS[project] ?? []))
    .map((name) => factsIn(project, { section: name, option, series: orderOf(series) }))
    .find((facts) => facts !== undefined);

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
  list: (value) => typeof value === "string",
  dict: (value) => typeof value === "string" && /^[^:,]+:[^:,]+(,[^:,]+:[^:,]+)*$/.test(value),
};

/** Deprecated, and yet the best that there is: until Stein several stores are an experiment. */
const BEST = ["glance_store/stores", "glance_store/default_store"];

/** Each reason against an option, and whether it holds. */
const reasons = (facts: OptionFacts, series: Series, name: string, value: unknown): [string, boolean][] => {
  const isType = TYPES[facts.type.replace(/^list of .*$/, "list")] ?? ((one) => typeof one === "string");
  const backport = facts.backport?.[numberOf(series)] ?? facts.backport?.[series];
  return [
    [`is ${facts.type}, not ${JSON.stringify(value)}`, !isType(value)],
    ["is none of its choices", facts.choices?.includes(value) === false],
    ["is deprecated", facts.deprecated?.for_removal === true && !BEST.includes(name)],
    ["is there from a point release on only", backport !== undefined],
    ["goes in a point release", facts.gone !== undefined && facts.until === orderOf(series)],
  ];
};

const flaw = (
  project: Project,
  series: Series,
  [section, option, value]: readonly [string, string, unknown],
) => {
  const at = `${series}: ${project} [${section}] ${option}`;
  const facts = factsOf(project, series, [section, option]);
  if (facts === undefined) return [`${at} is not there`];
  return reasons(facts, series, `${section}/${option}`, value)
    .filter(([, holds]) => holds)
    .map(([reason]) => `${at} ${reason}`);
};

test("series stand in the data as here", () => {
  const named = SERIES.map((series) => (numberOf(series) < "2023" ? series : numberOf(series)));
  for (const project of ["glance", "cinder", "nova"] as const) expect(seriesOf(project)).toEqual(named);
});

describe("every option that is emitted", () => {
  test.each(SERIES)("%s has it, of that type, with that choice, not deprecated", (series) => {
    const all = emitted(series);
    const flaws = all.flatMap(([project, sections]) =>
      Object.entries(sections).flatMap(([section, options]) =>
        Object.entries(options).flatMap(([option, value]) => flaw(project, series, [section, option, value])),
      ),
    );
    expect(flaws).toEqual([]);
    expect(
      all.flatMap(([, sections]) => Object.values(sections).flatMap(Object.keys)).length,
    ).toBeGreaterThan(30);
  });
});

describe("the check itself finds", () => {
  test.each<[string, Project, Series, readonly [string, string, unknown], string]>([
    [
      "an option that came later",
      "glance",
      "queens",
      ["DEFAULT", "enabled_backends", "a:rbd"],
      "is not there",
    ],
    ["an option that is gone", "cinder", "victoria", ["ceph", "rbd_keyring_conf", ""], "is not there"],
    ["a deprecated one", "cinder", "ussuri", ["ceph", "rbd_keyring_conf", ""], "is deprecated"],
    ["a wrong type", "cinder", "zed", ["ceph", "rbd_max_clone_depth", "five"], "is integer"],
    ["a wrong choice", "nova", "zed", ["libvirt", "images_type", "ceph"], "none of its choices"],
  ])("%s", (_, project, series, option, said) => {
    expect(flaw(project, series, option).join()).toContain(said);
  });
});
