import { spawn } from "node:child_process";
import { Failure } from "../failure.js";
import { matchesList } from "../patterns.js";
import { included, parseConfig, readConfig, type ConfigFile, type ConfigLine } from "./config.js";
import { treatmentOf } from "./keywords.js";
import { firstOf, hostHolds, matchHolds, realName, type Reading, type Wanted } from "./match.js";
import type { Operator } from "./tokens.js";

/** What the files set for one host: per keyword the first line, and all of them where a keyword adds up. */
export interface HostConfig {
  first(keyword: string): ConfigLine | undefined;
  all(keyword: string): readonly ConfigLine[];
  /** Keywords set for this host, honoured or not. */
  readonly lines: readonly ConfigLine[];
}

/** Reads files once, however many hosts are asked for. */
export interface ConfigSource {
  readonly files: readonly ConfigFile[];
  readonly operator: Operator;
  readonly read: (file: ConfigFile) => Promise<readonly ConfigLine[]>;
  readonly include: (argument: string, from: ConfigFile) => Promise<readonly ConfigFile[]>;
  /** True where a command exits 0. */
  readonly succeeds: (command: string) => Promise<boolean>;
}

const memo = <T>(ask: (key: string) => Promise<T>): ((key: string) => Promise<T>) => {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const answer = known.get(key) ?? ask(key);
    known.set(key, answer);
    return answer;
  };
};

const succeeds =
  (operator: Operator) =>
  (command: string): Promise<boolean> =>
    new Promise((resolve) => {
      const child = spawn(operator.env["SHELL"] ?? "/bin/sh", ["-c", command], {
        stdio: "ignore",
        env: operator.env,
        timeout: 10_000,
      });
      child.on("error", () => resolve(false));
      child.on("close", (code) => resolve(code === 0));
    });

export const configSource = (files: readonly ConfigFile[], operator: Operator): ConfigSource => {
  const texts = new Map<string, Promise<readonly ConfigLine[]>>();
  return {
    files,
    operator,
    read: (file) => {
      const known =
        texts.get(file.path) ?? readConfig(file).then((text) => parseConfig(text ?? "", file.path));
      texts.set(file.path, known);
      return known;
    },
    include: (argument, from) => included(argument, from, operator.home),
    succeeds: memo(succeeds(operator)),
  };
};

type Pass = Reading & { readonly source: ConfigSource };

/** These add up; of all others the first counts. */
const ADDING = new Set([
  "identityfile",
  "certificatefile",
  "sendenv",
  "setenv",
  "localforward",
  "remoteforward",
  "dynamicforward",
]);

const PROXIES = new Set(["proxycommand", "proxyjump"]);

const keep = (pass: Pass, line: ConfigLine): void => {
  const { keyword } = line;
  const rivals = PROXIES.has(keyword) ? [...PROXIES] : [keyword];
  if (!ADDING.has(keyword) && rivals.some((name) => firstOf(pass.lines, name) !== undefined)) return;
  pass.lines.push(line);
};

/** Deeper than OpenSSH lets files include one another. */
const DEPTH = 16;

const walk = async (pass: Pass, file: ConfigFile, depth: number): Promise<void> => {
  if (depth > DEPTH)
    throw new Failure({ code: "configuration", what: `${file.path}: files include one another without end` });
  let active = true;
  for (const line of await pass.source.read(file)) {
    if (line.keyword === "host") active = hostHolds(pass.wanted.host, line.args);
    else if (line.keyword === "match") active = await matchHolds(pass, line);
    else if (active && line.keyword === "include") await include(pass, line, { file, depth });
    else if (active) keep(pass, line);
  }
};

const include = async (
  pass: Pass,
  line: ConfigLine,
  { file, depth }: { file: ConfigFile; depth: number },
): Promise<void> => {
  for (const argument of line.args) {
    for (const other of await pass.source.include(argument, file)) await walk(pass, other, depth + 1);
  }
};

/** Names that no file names and no keyword is (typing errors), unless `IgnoreUnknown` has them: OpenSSH refuses them too. */
export const unknownLines = (config: HostConfig): readonly ConfigLine[] => {
  const ignored = (config.first("ignoreunknown")?.args[0] ?? "").toLowerCase().split(",");
  return config.lines.filter(
    ({ keyword }) => treatmentOf(keyword) === undefined && !matchesList(keyword, ignored),
  );
};

/** Reads the files for one host; twice where some `Match final` asks for it. */
export const evaluate = async (source: ConfigSource, wanted: Wanted): Promise<HostConfig> => {
  const { operator, succeeds } = source;
  const pass: Pass = { source, operator, succeeds, wanted, final: false, lines: [], wantsFinal: false };
  for (const file of source.files) await walk(pass, file, 0);
  if (pass.wantsFinal) {
    const second: Pass = { ...pass, final: true, wanted: { ...wanted, host: realName(pass).toLowerCase() } };
    for (const file of source.files) await walk(second, file, 0);
  }
  const { lines } = pass;
  return {
    lines,
    first: (keyword) => firstOf(lines, keyword),
    all: (keyword) => lines.filter((line) => line.keyword === keyword),
  };
};

/** True where some `Host` line names the host itself, not by a pattern. */
export const namesHost = async (source: ConfigSource, host: string): Promise<boolean> => {
  const search = async (file: ConfigFile, depth: number): Promise<boolean> => {
    if (depth > DEPTH) return false;
    for (const line of await source.read(file)) {
      if (line.keyword === "host" && line.args.includes(host)) return true;
      if (line.keyword !== "include") continue;
      const others = (await Promise.all(line.args.map((argument) => source.include(argument, file)))).flat();
      for (const other of others) if (await search(other, depth + 1)) return true;
    }
    return false;
  };
  for (const file of source.files) if (await search(file, 0)) return true;
  return false;
};
