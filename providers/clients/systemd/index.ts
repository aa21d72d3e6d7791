/**
 * Services of one host: units of systemd's, or containers of docker and podman.
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemctl.html
 */
import { readOf } from "../../formats/read-digest.js";
import type { Failure } from "../../remote/failure.js";
import type { Machine, Program, RunResult } from "../../remote/machine.js";
import { journalText } from "./journal.js";
import { NO_ANSWER, NOT_THERE, parseUnitLook, type UnitLook } from "./look.js";
import { ACT_PROGRAM, LOOK_PROGRAM, NO_ENGINE, WATCH_PROGRAM } from "./programs.js";
import { programFailed, type Cures } from "../program-failed.js";

export { NO_ANSWER, NOTHING_RUNS, type FoundRead, type UnitLook } from "./look.js";

/** What tells that a service answers; tried on its host. */
export type Probe =
  { readonly tcp: number | string } | { readonly http: string } | { readonly command: readonly string[] };

/** What a unit is told to do. */
export type Verb = "restart" | "reload" | "start" | "stop" | "enable" | "disable";

/** What is asked of a look. */
export interface Asked {
  /** Files, or sections of them. */
  readonly reads: readonly string[];
  /** How virsh is started, where guests are to be counted. */
  readonly virsh?: readonly string[];
  /** Where systemd, or the container engine, is not there or does not answer, the unit is not there. */
  readonly isOptional?: boolean;
}

/** How long a unit has to be well, and how long it may take to get there. */
export interface Patience {
  readonly steadySeconds: number;
  readonly timeoutSeconds: number;
  readonly probe?: Probe;
}

/** How the watch over a unit ended. */
export interface Watched {
  readonly verdict: "healthy" | "failed" | "stopped" | "loops" | "late" | "probe";
  /** State, or what the probe said. */
  readonly seen: string;
  /** The end of its journal, redacted; empty where it is healthy. */
  readonly journal: string;
}

export interface Units {
  /** @throws Failure `command` where there is no such tool, or it does not answer */
  look(unit: string, asked: Asked): Promise<UnitLook>;
  /** Yields what was said where it failed. Without a verb, a command of the user's own. */
  act(
    unit: string,
    what: Verb | { readonly command: readonly string[] },
    seconds: number,
  ): Promise<string | undefined>;
  watch(unit: string, patience: Patience): Promise<Watched>;
}

const CURES: Cures = [
  [
    /not been booted with systemd|Failed to connect to bus/,
    "The host is not run by systemd (a container?): name the host that its units are on, or a container as docker:NAME or podman:NAME.",
  ],
  [
    /systemctl: not found|systemctl: command not found/,
    "The host has no systemd; give the container as docker:NAME or podman:NAME.",
  ],
  [
    /(?:docker|podman): (?:command )?not found/,
    "There is no such container engine on the host; `unit` names the other one, or a unit of systemd's.",
  ],
  [/Cannot connect to the Docker daemon/, "Start docker on the host, or look at why it does not run."],
];

/** The daemon is stopped, or has no bus. */
const SILENT =
  /Cannot connect to (?:the Docker daemon|Podman)|Failed to connect to (?:\S+ scope )?bus|Failed to get D-Bus connection/;

const failed = (host: string, command: string, result: RunResult): Failure =>
  programFailed({ host, command, cures: CURES }, result);

/** `9292` is of the host itself. */
const addressOf = (tcp: number | string): string[] => {
  const text = String(tcp);
  const at = text.lastIndexOf(":");
  return at < 0 ? ["localhost", text] : [text.slice(0, at).replace(/^\[|\]$/g, ""), text.slice(at + 1)];
};

const probeWords = (probe: Probe | undefined): string[] => {
  if (probe === undefined) return ["none"];
  if ("tcp" in probe) return ["tcp", ...addressOf(probe.tcp)];
  return "http" in probe ? ["http", probe.http] : ["command", ...probe.command];
};

const VERDICTS = ["healthy", "failed", "stopped", "loops", "late", "probe"] as const;

const TIMED_OUT = [124, 137];

/** What a unit said that was told to do something; undefined where it did. */
const saidBy = ({ code, stderr }: RunResult, seconds: number): string | undefined => {
  if (code === 0) return undefined;
  if (code !== null && TIMED_OUT.includes(code)) return `it took longer than ${seconds} s`;
  const said = stderr.trim();
  return said === "" ? `it ended with exit code ${String(code)}` : journalText(said, 5);
};

/** The services of a host. */
export const unitsOn = (machine: Machine): Units => {
  const run = async (program: Program, args: readonly string[], timeoutSeconds?: number) => {
    const result = await machine.run({
      program,
      args,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    });
    if (result.code !== 0) throw failed(machine.name, program.name, result);
    return result.stdout;
  };
  return {
    look: async (unit, { reads, virsh, isOptional = false }) => {
      const paths = reads.map((read) => readOf(read).path);
      const wants = virsh === undefined ? "" : "guests";
      const args = [unit, wants, String(paths.length), ...paths, ...(virsh ?? [])];
      const result = await machine.run({ program: LOOK_PROGRAM, args });
      if (result.code === NO_ENGINE && isOptional) return NOT_THERE;
      if (result.code !== 0 && isOptional && SILENT.test(result.stderr))
        return { ...NOT_THERE, load: NO_ANSWER };
      if (result.code !== 0) throw failed(machine.name, LOOK_PROGRAM.name, result);
      return parseUnitLook(unit, result.stdout, reads);
    },
    act: async (unit, what, seconds) => {
      const words =
        typeof what === "string" ? [what, String(seconds)] : ["command", String(seconds), ...what.command];
      const request = { program: ACT_PROGRAM, args: [unit, ...words], timeoutSeconds: seconds + 30 };
      return saidBy(await machine.run(request), seconds);
    },
    watch: async (unit, { steadySeconds, timeoutSeconds, probe }) => {
      const args = [unit, String(steadySeconds), String(timeoutSeconds), ...probeWords(probe)];
      const stdout = await run(WATCH_PROGRAM, args, timeoutSeconds + steadySeconds + 60);
      const [verdict, seen = "", journal = ""] = Buffer.from(stdout).toString("utf8").split("\0");
      return {
        verdict: VERDICTS.find((one) => one === verdict) ?? "late",
        seen: journalText(seen, 3),
        journal: journalText(journal, 15),
      };
    },
  };
};
