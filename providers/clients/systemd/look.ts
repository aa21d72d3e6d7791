/** What the look at a service prints, as plain data. Pure. */
import { sha256 } from "../../formats/digest.js";
import { digestOf, digestOfAll, readOf } from "../../formats/read-digest.js";
import { unitName } from "../../formats/unit.js";
import { defined } from "../defined.js";

/** Something that the service reads. */
export interface FoundRead {
  /** Of the content, without comments. */
  readonly digest: string;
  /** When content was written last, in seconds; 0 where nothing is there. */
  readonly written: number;
  /** When anything of it was changed last, the name and the rights too. */
  readonly changed: number;
}

/** One look at a service. */
export interface UnitLook {
  readonly isThere: boolean;
  /** Other names on this host, where it is not there. */
  readonly others: readonly string[];
  /** `loaded`, `masked`, …; `container`. */
  readonly load: string;
  readonly active: "active" | "failed" | "inactive";
  /** Active in full: neither on its way up nor on its way down. */
  readonly isUp: boolean;
  /** As systemd says it: `enabled`, `disabled`, `static`, … */
  readonly fileState: string;
  /** Which of its runs this is: no other has this name, before or after, nor one of another boot. Left out where it does not run. */
  readonly run?: string;
  /** When that run began, in seconds. */
  readonly started?: number;
  /** The host's clock, in seconds. */
  readonly now: number;
  readonly canReload: boolean;
  /** Running guests, where they were asked for. */
  readonly guests?: number;
  readonly reads: Readonly<Record<string, FoundRead>>;
}

export const NOTHING_RUNS = "nothing runs it";
export const NO_ANSWER = "what runs it does not answer";

/** A unit of a host on which nothing runs units. */
export const NOT_THERE: UnitLook = {
  isThere: false,
  others: [],
  load: NOTHING_RUNS,
  active: "inactive",
  isUp: false,
  fileState: "",
  now: 0,
  canReload: false,
  reads: {},
};

const TIME = /(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(\.\d+)?\s*(?:Z|UTC|([+-])(\d\d):?(\d\d))?/;

/** Seconds since 1970 of what systemd, docker or podman print; undefined where it never was. */
export const secondsOf = (text: string): number | undefined => {
  const found = TIME.exec(text);
  if (found === null) return undefined;
  const part = (at: number, otherwise = "0"): string => found[at] ?? otherwise;
  const whole = Date.parse(`${part(1)}-${part(2)}-${part(3)}T${part(4)}:${part(5)}:${part(6)}Z`) / 1000;
  if (!(whole > 0)) return undefined;
  const offset = Number(part(9)) * 3600 + Number(part(10)) * 60;
  return whole + Number(`0${part(7, "")}`) - (part(8) === "-" ? -offset : offset);
};

const propertiesOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split("\n").flatMap((line): [string, string][] => {
      const at = line.indexOf("=");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );

type Facts = Pick<
  UnitLook,
  "isThere" | "load" | "active" | "isUp" | "fileState" | "run" | "started" | "canReload"
>;

type Value = (key: string) => string;

/** When the host was asked, by its clock and since it was booted, in seconds. */
interface Asked {
  readonly now: number;
  readonly up: number;
}

/** The clocks are read one after the other, and the uptime has hundredths. */
const APART = 0.1;

/**
 * A moment that systemd prints. Before 247 it prints whole seconds: the fraction is that of its monotonic clock, where both clocks tell of the same second
 * (in some containers the uptime is the container's).
 */
const momentOf = (value: Value, name: string, { now, up }: Asked): number | undefined => {
  const text = value(name);
  const whole = secondsOf(text);
  const since = Number(value(`${name}Monotonic`)) / 1e6;
  if (whole === undefined || /:\d\d\.\d/.test(text) || !(since > 0) || !(up > 0)) return whole;
  const exact = now - up + since;
  const isSame = exact > whole - APART && exact < whole + 1 + APART;
  return isSame ? Math.min(Math.max(exact, whole), whole + 0.999_999) : whole;
};

/** A process that forks away has read its files before it is the main one. */
const startOf = (value: Value, asked: Asked): number | undefined =>
  (value("Type") === "forking" ? undefined : momentOf(value, "ExecMainStartTimestamp", asked)) ??
  momentOf(value, "InactiveExitTimestamp", asked);

/** What no other run has: before systemd 232 there is no InvocationID, and when it began, with its main process, stands for it. */
const markOf = (value: Value): string => {
  const invocation = value("InvocationID");
  if (invocation !== "") return invocation;
  const began = ["InactiveExitTimestampMonotonic", "ExecMainStartTimestampMonotonic", "ExecMainPID"].map(
    value,
  );
  return began.every((one) => one === "" || one === "0") ? "" : began.join(" ");
};

const stateOf = (active: string): UnitLook["active"] =>
  active === "failed" || active === "inactive" ? active : "active";

const unitFacts = (facts: string, boot: string, asked: Asked): Facts => {
  const properties = propertiesOf(facts);
  const value = (key: string): string => properties.get(key) ?? "";
  const active = stateOf(value("ActiveState"));
  const mark = markOf(value);
  return {
    isThere: value("LoadState") !== "not-found",
    load: value("LoadState"),
    active,
    isUp: ["active", "reloading"].includes(value("ActiveState")),
    fileState: value("UnitFileState"),
    canReload: value("CanReload") === "yes",
    ...defined({
      run: active === "inactive" || mark === "" ? undefined : sha256(`${boot}/${mark}`),
      started: active === "inactive" ? undefined : startOf(value, asked),
    }),
  };
};

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const containerFacts = (facts: string): Facts => {
  const { id, state } = facts === "" ? {} : fields(JSON.parse(facts));
  const { Status: status, StartedAt: started } = fields(state);
  const isUp = ["running", "restarting", "paused"].includes(text(status));
  return {
    isThere: facts !== "",
    load: "container",
    active: isUp ? "active" : "inactive",
    isUp: status === "running",
    fileState: "",
    canReload: true,
    ...defined({
      run: isUp ? sha256(`${text(id)}/${text(started)}`) : undefined,
      started: isUp ? secondsOf(text(started)) : undefined,
    }),
  };
};

/** One file, as it was printed. */
interface Printed {
  readonly path: string;
  readonly kind: string;
  readonly stamps: string;
  readonly content: string;
}

const bytesOf = ({ kind, content }: Printed): string | undefined => {
  if (kind === "absent") return undefined;
  return kind === "hash" ? `sha256 ${content}` : Buffer.from(content, "base64").toString("latin1");
};

const readFrom = (name: string, files: readonly Printed[]): FoundRead => {
  const { section } = readOf(name);
  const stamps = files.map(({ stamps: one }) => one.split(" ").map(Number));
  // A directory counts by the names in it; its own time says when one came or went.
  const digests = files.map((file) => {
    if (file.kind === "directory") return "directory";
    const digest = digestOf({ path: file.path, ...defined({ section }) }, bytesOf(file));
    return files.length === 1 ? digest : `${file.path} ${digest}`;
  });
  return {
    digest: digestOfAll(digests),
    written: Math.max(0, ...stamps.map(([written = 0]) => written)),
    changed: Math.max(0, ...stamps.map(([, changed = 0]) => changed)),
  };
};

/** Files of each path, up to the empty name that ends it. */
const printedOf = (parts: readonly string[]): { groups: Printed[][]; rest: string } => {
  const groups: Printed[][] = [];
  let group: Printed[] = [];
  let at = 0;
  for (; at + 4 < parts.length; at += 4) {
    const [path = "", kind = "", stamps = "", content = ""] = parts.slice(at, at + 4);
    if (path !== "") group.push({ path, kind, stamps, content });
    else {
      groups.push(group);
      group = [];
    }
  }
  return { groups, rest: parts[at] ?? "" };
};

/** @param names what was asked for, in order */
export const parseUnitLook = (unit: string, stdout: Uint8Array, names: readonly string[]): UnitLook => {
  const [clocks = "", boot = "", facts = "", similar = "", ...parts] = Buffer.from(stdout)
    .toString("utf8")
    .split("\0");
  const { groups, rest } = printedOf(parts);
  const [now = 0, up = 0] = clocks.split(" ").map(Number);
  return {
    ...(unitName(unit).engine === "systemd" ? unitFacts(facts, boot, { now, up }) : containerFacts(facts)),
    others: similar.split("\n").filter((name) => name !== ""),
    now,
    ...defined({ guests: rest.trim() === "" ? undefined : Number(rest) }),
    reads: Object.fromEntries(names.map((name, at) => [name, readFrom(name, groups[at] ?? [])])),
  };
};
