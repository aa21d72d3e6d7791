/** Pairs of releases, what a sandbox of a pair says of itself, and the table of what was run on what. */
import { pageWithTable, rowsOf, tableOf } from "./table.mjs";

/** Releases of the hosts and of the cluster: as people have them, alike, or one of the two upgraded first. */
export const PAIRS = [
  "bookworm/bookworm",
  "trixie/trixie",
  "bullseye/bullseye",
  "forky/forky",
  "bullseye/bookworm",
  "bookworm/trixie",
  "trixie/bookworm",
  "trixie/forky",
  "bookworm/bullseye",
  "forky/trixie",
];

/**
 * @param {string} text `hosts/cluster`, or one release for both
 * @returns {{ hosts: string, cluster: string }}
 */
export function pairOf(text) {
  const [, hosts, cluster] = /^([a-z]+)(?:\/([a-z]+))?$/.exec(text) ?? [];
  if (hosts === undefined)
    throw new Error(`${JSON.stringify(text)} is no pair: write hosts/cluster, such as bullseye/bookworm`);
  return { hosts, cluster: cluster ?? hosts };
}

/** What tells the versions, by whom it is asked, and what is cut out of the answer. */
export const QUESTIONS = {
  Ceph: ["ceph1", "ceph version", /ceph version (\S+)/],
  "Ceph's tools": ["mon1", "ceph --version", /ceph version (\S+)/],
  libvirt: ["cmp1", "virsh --version", /^(\S+)/],
  OpenSSH: ["cmp1", "exec 3<>/dev/tcp/127.0.0.1/22; head -n 1 <&3", /OpenSSH_([\w.]+)/],
  sudo: ["cmp1", "sudo -V", /version (\S+)/],
  systemd: ["cmp1", "systemctl --version", /^systemd (\d+)/],
};

/**
 * @param {string} question one of QUESTIONS
 * @param {string} answer what the command printed
 */
export function versionIn(question, answer) {
  return QUESTIONS[question][2].exec(answer)?.[1] ?? "?";
}

/** What is run, by the names of files: the first ones wherever hosts and cluster may differ, the others once on each release. */
const ON_EACH_PAIR = ["tour", "demo", "key-types", "tools-alone"];
const ON_EACH_RELEASE = [
  "known",
  "mon-host",
  "secrets",
  "logins",
  "guests",
  "stretch",
  "options-oracle",
  "image-service",
  "whole-cloud",
];
const FILES = [...ON_EACH_PAIR, ...ON_EACH_RELEASE];

/** Files that `npm test` runs, too, on the machine's own release, and their projects of tests. */
const ALSO_IN_NPM_TEST = {
  stretch: "integration",
  "options-oracle": "oracle",
  "image-service": "oracle",
  "whole-cloud": "cloud",
};

/** The project of tests that a file is in. @param {string} name */
export const projectOf = (name) => ALSO_IN_NPM_TEST[name] ?? "generations";

/** What a release's Ceph does not have at all. */
const NOT_ON = { bullseye: ["stretch"] };

/** The files that a pair is for. @param {{ hosts: string, cluster: string }} pair */
export const filesFor = ({ hosts, cluster }) =>
  (hosts === cluster ? FILES : ON_EACH_PAIR).filter((file) => !NOT_ON[cluster]?.includes(file));

/**
 * What is asked for by these words: pairs, and names of files; where there is none, all.
 * @param {string[]} words
 * @returns {{ hosts: string, cluster: string, files: string[] }[]}
 */
export function asked(words) {
  const files = words.filter((word) => FILES.includes(word));
  const pairs = words.filter((word) => !FILES.includes(word));
  return (pairs.length > 0 ? pairs : PAIRS).map(pairOf).map((pair) => ({
    ...pair,
    files: files.length > 0 ? files : filesFor(pair),
  }));
}

const HEAD = ["hosts", "cluster", ...Object.keys(QUESTIONS), ...FILES];

/** The rows of a table, by pair, in the order of HEAD, which may have got columns since. @returns {Map<string, string[]>} */
export function rowsIn(table) {
  const [head = [], ...rows] = rowsOf(table);
  const ordered = rows.map((row) => HEAD.map((column) => row[head.indexOf(column)] ?? ""));
  return new Map(ordered.map((row) => [`${row[0]}/${row[1]}`, row]));
}

const outcomeOf = ({ passed, failed, seconds }) =>
  failed > 0 ? `${failed} of ${passed + failed} failed` : `${Math.round(seconds)} s`;

/**
 * A row for one pair: what each file came to, in seconds where it passed.
 * @param {{ hosts: string, cluster: string }} pair
 * @param {Record<string, string>} versions by question
 * @param {Record<string, import("./checks.mjs").Result>} results by file
 */
export function rowOf({ hosts, cluster }, versions, results) {
  const said = Object.keys(QUESTIONS).map((question) => versions[question] ?? "?");
  return [hosts, cluster, ...said, ...FILES.map((file) => (file in results ? outcomeOf(results[file]) : ""))];
}

/** A file that was not run now is what it was. */
const rowAfter = (before, row) => row.map((cell, at) => (cell === "" ? (before?.[at] ?? "") : cell));

/** The table with these rows in place of older ones of the same pairs, in the order of PAIRS. */
export function tableWith(table, rows) {
  const all = rowsIn(table);
  for (const row of rows) {
    const pair = `${row[0]}/${row[1]}`;
    all.set(pair, rowAfter(all.get(pair), row));
  }
  const rank = (pair) => PAIRS.indexOf(pair) + 1 || PAIRS.length + 1;
  const sorted = [...all].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b)).map(([, row]) => row);
  return tableOf(HEAD, sorted);
}

/** The page with its table made anew. @param {string} page @param {string[][]} rows */
export const pageWith = (page, rows) => pageWithTable(page, "tours", (table) => tableWith(table, rows));
