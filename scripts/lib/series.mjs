/** Series of OpenStack in the Python index: which versions a series is, which Python runs them, and the table of what was proven. */
import { pageWithTable, rowsOf, tableOf } from "./table.mjs";

/**
 * Day of the release, and the Pythons that run it, the best first. The index has no list of libraries for a series: what lay there some weeks after its
 * release is what it was made with.
 */
const ALL = {
  Queens: { released: "2018-02-28", pythons: ["3.6"] },
  Rocky: { released: "2018-08-30", pythons: ["3.6"] },
  Stein: { released: "2019-04-10", pythons: ["3.6", "3.7"] },
  Train: { released: "2019-10-16", pythons: ["3.6", "3.7"] },
  Ussuri: { released: "2020-05-13", pythons: ["3.6", "3.7"] },
  Victoria: { released: "2020-10-14", pythons: ["3.8", "3.6"] },
  Wallaby: { released: "2021-04-14", pythons: ["3.8", "3.9", "3.6"] },
  Xena: { released: "2021-10-06", pythons: ["3.9", "3.8", "3.6"] },
  Yoga: { released: "2022-03-30", pythons: ["3.9", "3.8"] },
  Zed: { released: "2022-10-05", pythons: ["3.10", "3.9"] },
  2023.1: { released: "2023-03-22", pythons: ["3.11", "3.10", "3.9"] },
  2023.2: { released: "2023-10-04", pythons: ["3.11", "3.10"] },
  2024.1: { released: "2024-04-03", pythons: ["3.11", "3.10"] },
  2024.2: { released: "2024-10-02", pythons: ["3.11", "3.12"] },
  2025.1: { released: "2025-04-02", pythons: ["3.11", "3.12"] },
  2025.2: { released: "2025-10-01", pythons: ["3.11", "3.12", "3.13"] },
  2026.1: { released: "2026-04-01", pythons: ["3.11", "3.12", "3.13"] },
  2026.2: { released: "2026-09-30", pythons: ["3.11", "3.12", "3.13"] },
};

/** Numbers in front: JavaScript would sort them before the names. */
const NAMES = Object.keys(ALL).sort((a, b) => ALL[a].released.localeCompare(ALL[b].released));

/** Releases of a project are numbered by series. */
const QUEENS = { glance: 16, cinder: 12, nova: 17 };

/** What the index lacks. */
const NOT_THERE = { Queens: ["glance"] };

/** The validator came with it, after Rocky. */
const VALIDATOR = { package: "oslo.config", until: "2019-04-20" };

/**
 * Libraries that are asked for by name: Cinder 22.3 imports from a later point release of os-brick, and 29 from what is an extra of it; oslo.limit before
 * 1.5.1 hands the validator its options in a wrong form.
 */
const LIBRARIES = {
  Xena: { "oslo.limit": "1.5" },
  Yoga: { "oslo.limit": "1.5" },
  2023.1: { "os-brick": "6.2" },
  2026.2: { "google-api-python-client": "2" },
};

const WEEKS = 3;

const some = (day, days) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/**
 * A series as it is asked for.
 * @typedef {object} Series
 * @property {string} name as in the table
 * @property {string[]} pythons
 * @property {string[]} wanted what is installed, with its versions
 * @property {string} until libraries as they were on this day
 * @property {Record<string, string>} later days of packages that may be younger
 */

/** @param {string} name @returns {Series} */
function seriesOf(name) {
  const { released, pythons } = ALL[name];
  const projects = Object.keys(QUEENS).filter((project) => !NOT_THERE[name]?.includes(project));
  const number = (project) => QUEENS[project] + NAMES.indexOf(name);
  const isOld = released < VALIDATOR.until;
  const libraries = LIBRARIES[name] ?? {};
  return {
    name,
    pythons,
    // Old releases take setuptools for granted.
    wanted: [
      "setuptools",
      ...projects.map((project) => `${project}==${number(project)}.*`),
      ...Object.entries(libraries).map(([library, of]) => `${library}==${of}.*`),
    ],
    until: some(released, 7 * WEEKS),
    // The series' last point release, of whatever day.
    later: Object.fromEntries([
      ...[...projects, ...Object.keys(libraries)].map((one) => [one, "2100-01-01"]),
      ...(isOld ? [[VALIDATOR.package, VALIDATOR.until]] : []),
    ]),
  };
}

/**
 * The series that these words name; all where there is none.
 * @param {string[]} words
 */
export function asked(words) {
  const names = words.map((word) => {
    const name = NAMES.find((one) => one.toLowerCase() === word.toLowerCase());
    if (name === undefined)
      throw new Error(`${JSON.stringify(word)} is no series: there are ${NAMES.join(", ")}`);
    return name;
  });
  return (names.length > 0 ? names : NAMES).map(seriesOf);
}

/** What uv is told to install. @param {Series} series @param {string} python of the environment */
export const installed = ({ wanted, until, later }, python) => [
  ...["pip", "install", "--quiet", "--python", python, "--exclude-newer", until],
  ...Object.entries(later).flatMap(([name, day]) => ["--exclude-newer-package", `${name}=${day}`]),
  ...wanted,
];

const SHOWN = ["glance", "cinder", "nova", "glance-store", "oslo-config"];

/** Versions in what `uv pip freeze` printed. */
export const versionsIn = (frozen) =>
  SHOWN.map((name) => new RegExp(`^${name}==(.*)$`, "m").exec(frozen)?.[1] ?? "not there");

const HEAD = ["series", "Python", "Glance", "Cinder", "Nova", "glance_store", "oslo.config", "passed"];

/** @param {Series} series @param {{ python: string, versions: string[] }} found @param {import("./checks.mjs").Result} result */
export const rowOf = ({ name }, { python, versions }, { passed }) => [
  name,
  python,
  ...versions,
  `${passed} tests`,
];

/** The page with these rows in place of older ones of the same series, the oldest first. @param {string} page @param {string[][]} rows */
export const pageWith = (page, rows) =>
  pageWithTable(page, "series", (table) => {
    const all = new Map([...rowsOf(table).slice(1), ...rows].map((row) => [row[0], row]));
    return tableOf(
      HEAD,
      NAMES.flatMap((name) => (all.has(name) ? [all.get(name)] : [])),
    );
  });
