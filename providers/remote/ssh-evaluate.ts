import { spawn } from "node:child_process";
import { Failure } from "./failure.js";
import { matchesList, matchesPattern } from "./patterns.js";
import { included, parseConfig, readConfig, type ConfigFile, type ConfigLine } from "./ssh-config.js";
import { treatmentOf } from "./ssh-keywords.js";
import { expandTokens, localTokens, type Operator } from "./ssh-tokens.js";

/** What the files set for one host: per keyword the first line, and all of them where a keyword adds up. */
export interface HostConfig {
  first(keyword: string): ConfigLine | undefined;
  all(keyword: string): readonly ConfigLine[];
  /** Keywords set for this host, honoured or not. */
  readonly lines: readonly ConfigLine[];
}

/** Command line of `ssh`, as it were: what counts before any file. */
export interface Wanted {
  /** Lower case, as OpenSSH makes it. */
  readonly host: string;
  readonly original: string;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
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

interface Pass {
  readonly source: ConfigSource;
  readonly wanted: Wanted;
  /** Second reading, with the host's real name: `Match final` holds. */
  readonly final: boolean;
  readonly lines: ConfigLine[];
  wantsFinal: boolean;
}

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

const firstOf = (lines: readonly ConfigLine[], keyword: string): ConfigLine | undefined =>
  lines.find((line) => line.keyword === keyword);

const valueOf = (pass: Pass, keyword: string): string | undefined => firstOf(pass.lines, keyword)?.args[0];

const realName = (pass: Pass): string => {
  const line = firstOf(pass.lines, "hostname");
  const { host } = pass.wanted;
  if (pass.final || line?.args[0] === undefined) return host;
  return expandTokens(line.args[0], { h: host }, line.where);
};

const userOf = (pass: Pass): string => pass.wanted.user ?? valueOf(pass, "user") ?? pass.source.operator.user;

const execTokens = (pass: Pass) => ({
  ...localTokens(pass.source.operator),
  h: realName(pass),
  k: valueOf(pass, "hostkeyalias") ?? pass.wanted.original,
  n: pass.wanted.original,
  p: String(pass.wanted.port ?? valueOf(pass, "port") ?? 22),
  r: userOf(pass),
});

type Criterion = (pass: Pass, argument: string, where: string) => boolean | Promise<boolean>;

const list = (text: string): readonly string[] => text.split(",");

const CRITERIA: Readonly<Record<string, Criterion>> = {
  host: (pass, argument) => matchesList(realName(pass).toLowerCase(), list(argument.toLowerCase())),
  originalhost: (pass, argument) =>
    matchesList(pass.wanted.original.toLowerCase(), list(argument.toLowerCase())),
  user: (pass, argument) => matchesList(userOf(pass), list(argument)),
  localuser: (pass, argument) => matchesList(pass.source.operator.user, list(argument)),
  exec: (pass, argument, where) => pass.source.succeeds(expandTokens(argument, execTokens(pass), where)),
};

const refuse = (line: ConfigLine, criterion: string): Failure =>
  new Failure({
    code: "configuration",
    what: `${line.where}: \`Match ${criterion}\` is not honoured, and passing it over might reach another machine`,
    cure: "Say the same with Host, `Match host`, originalhost, user, localuser, exec, final or all; or give another file by ceph-openstack:sshConfig.",
  });

/** One criterion; `canonical` and `final` are both true on the second reading only. */
const holds = async (
  pass: Pass,
  line: ConfigLine,
  [name, argument]: readonly [string, string | undefined],
): Promise<boolean> => {
  if (name === "all") return true;
  if (name === "final") pass.wantsFinal = true;
  if (name === "final" || name === "canonical") return pass.final;
  const criterion = CRITERIA[name];
  if (criterion === undefined || argument === undefined) throw refuse(line, name);
  return criterion(pass, argument, line.where);
};

const ALONE = new Set(["all", "final", "canonical"]);

/** Criteria of a `Match` line with their arguments; `host=a` is the same as `host a`. */
const criteriaOf = (
  line: ConfigLine,
): readonly { negated: boolean; criterion: readonly [string, string | undefined] }[] => {
  const found = [];
  const args = line.args.flatMap((word) =>
    /^!?(?:host|originalhost|user|localuser)=/i.test(word) ? word.split(/=(.*)/s, 2) : [word],
  );
  for (let i = 0; i < args.length; i += 1) {
    const word = (args[i] ?? "").toLowerCase();
    const negated = word.startsWith("!");
    const name = negated ? word.slice(1) : word;
    const argument = ALONE.has(name) ? undefined : args[(i += 1)];
    found.push({ negated, criterion: [name, argument] as const });
  }
  return found;
};

const matches = async (pass: Pass, line: ConfigLine): Promise<boolean> => {
  let result = true;
  for (const { negated, criterion } of criteriaOf(line)) {
    // OpenSSH runs no command where the rest does not hold already.
    if (!result && criterion[0] === "exec") continue;
    if ((await holds(pass, line, criterion)) === negated) result = false;
  }
  return result;
};

const hostMatches = (host: string, patterns: readonly string[]): boolean => {
  if (patterns.some((pattern) => pattern.startsWith("!") && matchesPattern(host, pattern.slice(1))))
    return false;
  return patterns.some((pattern) => matchesPattern(host, pattern));
};

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
    if (line.keyword === "host") active = hostMatches(pass.wanted.host, line.args);
    else if (line.keyword === "match") active = await matches(pass, line);
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
  const pass: Pass = { source, wanted, final: false, lines: [], wantsFinal: false };
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
