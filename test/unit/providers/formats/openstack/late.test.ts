/** "is there from … on only" is said of what a point release brought, and of nothing that was there before. */
import { describe, expect, test } from "@jest/globals";
import { integrationTopology } from "../../../../../components/topology/integration";
import { planOf } from "../../../../../components/plan/plan";
import {
  optionsOf,
  rangesOf,
  sectionsOf,
  seriesOf,
  type OptionFacts,
  type Project,
} from "../../../../../providers/formats/openstack/index";
import { lintSection } from "../../../../../providers/formats/openstack/lint";
import { orderOf, SERIES, type Series } from "../../../../../providers/formats/openstack/series";
import { text } from "../../../../support/planned-clouds";
import { standing } from "../../../../support/late-options";

const LATE = "is there from";

test.each(standing)("%s of %s had [%s] %s all along", (project, series, section, name, value) => {
  const said = lintSection({ project, series }, section, [{ name, value }]).map((one) => one.text);
  expect(said.filter((one) => one.includes(LATE))).toEqual([]);
});

const PROJECTS = ["glance", "cinder", "nova"] as const satisfies readonly Project[];

/** Series, by their places, in which an option is said to be late although the series before had it from its first release on. */
const falselyLate = (project: Project, ranges: readonly OptionFacts[]): string[] => {
  const names = seriesOf(project);
  const isLate = (at: number, { backport }: OptionFacts) => backport?.[names[at] ?? ""] !== undefined;
  const factsAt = (at: number) =>
    ranges.find(({ since, until = names.length }) => since <= at && at <= until);
  return names.filter((_, at) => {
    const [before, now] = [factsAt(at - 1), factsAt(at)];
    return before !== undefined && now !== undefined && !isLate(at - 1, before) && isLate(at, now);
  });
};

test.each(PROJECTS)(
  "in all data of %s nothing is late that the series before had at its start",
  (project) => {
    const all = sectionsOf(project).flatMap((section) =>
      optionsOf(project, section).map(
        (name) => [`[${section}] ${name}`, rangesOf(project, section, name)] as const,
      ),
    );
    expect(all.length).toBeGreaterThan(200);
    expect(all.some(([, ranges]) => ranges.some(({ backport }) => backport !== undefined))).toBe(true);
    expect(
      all.flatMap(([name, ranges]) => falselyLate(project, ranges).map((series) => `${name} ${series}`)),
    ).toEqual([]);
  },
);

/** A cloud that uses whatever the component may write by itself. */
const sectionsFor = (series: Series) => {
  const several = orderOf(series) >= orderOf("train");
  const topology = integrationTopology("rbd", {
    cluster: { fsid: "11111111-1111-4111-8111-111111111111", admin: "mon1" },
    openstackRelease: series,
    glance: {
      hosts: ["ctl"],
      ...(several ? { reservedStores: { staging: "/var/lib/s", tasks: "/var/lib/t" } } : {}),
    },
    cinder: {
      hosts: ["vol"],
      backends: [{ name: "ceph", pool: "volumes", availabilityZone: "az1" }],
      ...(series === "queens"
        ? {}
        : { activeActive: { cluster: "rbd", coordination: "etcd3+http://e:2379" } }),
    },
    cinderBackup: { hosts: ["vol"] },
    nova: { hosts: ["cmp"] },
  });
  return planOf(topology).entries.flatMap((entry) =>
    entry.kind === "ConfigSection" ? [{ ...entry.args, section: text(entry.args.section) }] : [],
  );
};

describe("of what the component writes by itself", () => {
  test.each(SERIES)("nothing is late in %s", (series) => {
    const said = sectionsFor(series).flatMap(({ readBy, section, options = {}, secretOptions = {} }) => {
      const project = (readBy as { service: Project }).service;
      const given = [...Object.keys(options), ...Object.keys(secretOptions)];
      return lintSection(
        { project, series },
        section,
        given.map((name) => ({ name, value: undefined })),
      ).map((one) => `[${section}] ${one.option} ${one.text}`);
    });
    expect(sectionsFor(series).length).toBeGreaterThan(6);
    expect(said.filter((one) => one.includes(LATE))).toEqual([]);
  });
});
