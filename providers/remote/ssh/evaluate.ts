import { spawn } from "node:child_process";
import { environmentOf } from "../environment.js";
import { Failure } from "../failure.js";
import { matchesList } from "../patterns.js";
import { included, parseConfig, readConfig, type ConfigFile, type ConfigLine } from "./config.js";
import { treatmentOf } from "./keywords.js";
import { addressName } from "./address.js";
import { execTokens, firstOf, hostHolds, matchHolds, realName, type Reading, type Wanted } from "./match.js";
import { expandOrNothing, type Operator } from "./tokens.js";

/** What the files set for one host: per keyword the first line, and all of them where a keyword adds up. */
export interface HostConfig {
  /** The real name: HostName or the name asked for, in lower case; an address in its usual form. */
  readonly hostName: string;
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

/** Seconds that a command of `Match exec` may take. */
const EXEC_SECONDS = 10;

const succeeds =
  (operator: Operator) =>
  (command: string): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const fail = (why: string): void =>
        reject(
          new Failure({
            code: "configuration",
            what: `\`Match exec\` ${command}: ${why}, so it is not known whether it holds`,
          }),
        );
      const child = spawn(operator.env["SHELL"] ?? "/bin/sh", ["-c", command], {
        stdio: "ignore",
        env: environmentOf(operator.env),
        timeout: EXEC_SECONDS * 1000,
        killSignal: "SIGKILL",
      });
      child.on("error", (error) => fail(error.message));
      child.on("close", (code, signal) => {
        if (code === null) fail(`ended by ${String(signal)} (it has ${EXEC_SECONDS} s)`);
        else resolve(code === 0);
      });
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
    include: (argument, from) => included(argument, from, operator),
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

/** Times for which `none` is the same as nothing: a later line counts. */
const NONE_IS_NOTHING = new Set(["connecttimeout", "serveraliveinterval"]);

const keep = (pass: Pass, line: ConfigLine): void => {
  const { keyword } = line;
  if (NONE_IS_NOTHING.has(keyword) && line.args[0] === "none") return;
  const rivals = PROXIES.has(keyword) ? [...PROXIES] : [keyword];
  if (!ADDING.has(keyword) && rivals.some((name) => firstOf(pass.lines, name) !== undefined)) return;
  pass.lines.push(line);
};

/** Deeper than OpenSSH lets files include one another. */
const DEPTH = 16;

interface Place {
  readonly file: ConfigFile;
  readonly depth: number;
  /** Included where nothing holds: its lines set nothing. */
  readonly never: boolean;
}

const walk = async (pass: Pass, place: Place): Promise<void> => {
  const { file, depth, never } = place;
  if (depth > DEPTH)
    throw new Failure({ code: "configuration", what: `${file.path}: files include one another without end` });
  let active = !never;
  for (const line of await pass.source.read(file)) {
    if (line.keyword === "host") active = !never && hostHolds(pass.wanted.host, line.args);
    else if (line.keyword === "match") active = await matchHolds(pass, line, never);
    else if (line.keyword === "include") await include(pass, line, { file, depth, never: !active });
    else if (active) keep(pass, line);
  }
};

const include = async (pass: Pass, line: ConfigLine, { file, depth, never }: Place): Promise<void> => {
  for (const argument of line.args) {
    for (const other of await filesOf(pass, line, { argument, file }))
      await walk(pass, { file: other, depth: depth + 1, never });
  }
};

interface Named {
  readonly argument: string;
  readonly file: ConfigFile;
}

const pathsOf = (files: readonly ConfigFile[]): string => files.map(({ path }) => path).join("\n");

/** OpenSSH expands tokens and variables of `Include` since 10.0; before that they are part of the name. */
const filesOf = async (
  pass: Pass,
  line: ConfigLine,
  { argument, file }: Named,
): Promise<readonly ConfigFile[]> => {
  const literal = await pass.source.include(argument, file);
  if (!/%|\$\{/.test(argument)) return literal;
  const { env } = pass.operator;
  const expanded = expandOrNothing(argument, execTokens(pass), { env, where: line.where });
  const newer = expanded === undefined ? [] : await pass.source.include(expanded, file);
  if (pathsOf(literal) === pathsOf(newer)) return literal;
  throw new Failure({
    code: "configuration",
    what: `${line.where}: versions of OpenSSH before and since 10.0 include different files by ${argument}`,
    cure: "Write the path without % and ${…}, or let ssh itself connect (ceph-openstack:transport openssh).",
  });
};

/** Names that no file names and no keyword is (typing errors), unless `IgnoreUnknown` has them: OpenSSH refuses them too. */
export const unknownLines = (config: HostConfig): readonly ConfigLine[] => {
  const ignored = (config.first("ignoreunknown")?.args[0] ?? "").toLowerCase().split(",");
  return config.lines.filter(
    ({ keyword }) => treatmentOf(keyword) === undefined && !matchesList(keyword, ignored),
  );
};

const read = async (pass: Pass): Promise<void> => {
  for (const file of pass.source.files) await walk(pass, { file, depth: 0, never: false });
};

/** What a second reading adds, with the host's real name in place of the one asked for. */
const readAgain = async (pass: Pass, hostName: string): Promise<void> => {
  const lines = [...pass.lines];
  await read({ ...pass, lines, final: true, wanted: { ...pass.wanted, host: hostName } });
  if (pass.wants.second === "perhaps" && lines.length !== pass.lines.length)
    throw new Failure({
      code: "configuration",
      what: `${lines[pass.lines.length]?.where ?? ""}: with \`Match !final\` alone, versions of OpenSSH differ about a second reading`,
      cure: "Say it with `Match final` or without.",
    });
  pass.lines.splice(0, pass.lines.length, ...lines);
};

/** Reads the files for one host; twice where some `Match final` asks for it. */
export const evaluate = async (source: ConfigSource, wanted: Wanted): Promise<HostConfig> => {
  const { operator, succeeds } = source;
  const pass: Pass = { source, operator, succeeds, wanted, final: false, lines: [], wants: { second: "no" } };
  await read(pass);
  const hostName = addressName(realName(pass), firstOf(pass.lines, "addressfamily")?.args[0]?.toLowerCase());
  if (pass.wants.second !== "no") await readAgain(pass, hostName);
  const { lines } = pass;
  return {
    hostName,
    lines,
    first: (keyword) => firstOf(lines, keyword),
    all: (keyword) => lines.filter((line) => line.keyword === keyword),
  };
};

/** True where some `Host` line names the host itself, not by a pattern. */
export const namesHost = async (source: ConfigSource, host: string): Promise<boolean> => {
  // Files may include one another: each is looked at once.
  const seen = new Set<string>();
  const search = async (file: ConfigFile): Promise<boolean> => {
    if (seen.has(file.path)) return false;
    seen.add(file.path);
    for (const line of await source.read(file)) {
      if (line.keyword === "host" && line.args.includes(host)) return true;
      if (line.keyword !== "include") continue;
      const others = (await Promise.all(line.args.map((argument) => source.include(argument, file)))).flat();
      for (const other of others) if (await search(other)) return true;
    }
    return false;
  };
  for (const file of source.files) if (await search(file)) return true;
  return false;
};
