/** What the doctor says: one line of its table. Pure. */

/** From good to bad. */
export const STATUSES = ["ready", "to make", "to change", "not known yet", "warning", "trouble"] as const;
export type Status = (typeof STATUSES)[number];

/** One thing that was looked at. */
export interface Finding {
  /** The resource by its name in the program; undefined for a host or a cluster. */
  readonly resource?: string;
  /** What it is about: an artifact as errors call it, a host, a cluster. */
  readonly subject: string;
  readonly status: Status;
  /** One sentence, with the cure where there is one. Redacted. */
  readonly text: string;
  /** A directory, as `<host>:<path>`, without which this is trouble: none where the program makes it. */
  readonly needs?: string;
  /** The directory that the resource makes. */
  readonly makes?: string;
}

const isFinding = (value: unknown): value is Finding =>
  typeof value === "object" &&
  value !== null &&
  "subject" in value &&
  "status" in value &&
  STATUSES.some((status) => status === value.status);

/** Findings from the lines that the provider's process wrote; each once, and what the program makes itself is not missed. */
export const findingsOf = (lines: string): Finding[] => {
  const texts = [...new Set(lines.split("\n").filter((line) => line !== ""))];
  const all = texts.map((line): unknown => JSON.parse(line)).filter(isFinding);
  const made = new Set(all.map(({ makes }) => makes));
  return all.filter(({ needs }) => needs === undefined || !made.has(needs));
};

const rank = ({ status, resource }: Finding): number =>
  (resource === undefined ? 0 : 10) + STATUSES.length - STATUSES.indexOf(status);

const count = (findings: readonly Finding[], status: Status): string[] => {
  const many = findings.filter((one) => one.status === status).length;
  return many === 0 ? [] : [`${many} ${status}`];
};

/** Of resources that share a section, each with options of its own, a person reads the same once. */
const eachOnce = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((one) => [JSON.stringify([one.status, one.subject, one.text]), one])).values(),
];

/** The table that a person reads: hosts and clusters first, then resources, the worst first. */
export const tableOf = (all: readonly Finding[]): string => {
  const findings = eachOnce(all);
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b) || a.subject.localeCompare(b.subject));
  const width = Math.max(...STATUSES.map(({ length }) => length));
  const rows = sorted.map(({ status, subject, text }) => {
    const [first = "", ...more] = text.split("\n").map((line) => line.trim());
    const indent = " ".repeat(width + 2);
    return [`${status.padEnd(width)}  ${subject}: ${first}`, ...more.map((line) => indent + line)].join("\n");
  });
  return [...rows, STATUSES.flatMap((status) => count(findings, status)).join(", ")].join("\n");
};

/** True where nothing stands in the way of an `up`. */
export const isFit = (findings: readonly Finding[]): boolean =>
  findings.every(({ status }) => status !== "trouble");
