import { Failure } from "../failure.js";
import { matchesList, matchesPattern } from "../patterns.js";
import type { ConfigLine } from "./config.js";
import { expandTokens, localTokens, type Operator } from "./tokens.js";

/** Command line of `ssh`, as it were: what counts before any file. */
export interface Wanted {
  /** As it was asked for; on the second reading the real name. */
  readonly host: string;
  readonly original: string;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
}

/** One reading of the files for one host, and what it has set so far. */
export interface Reading {
  readonly operator: Operator;
  readonly wanted: Wanted;
  /** Second reading, with the host's real name: `Match final` holds. */
  readonly final: boolean;
  readonly lines: ConfigLine[];
  /** Some `Match final` was met. */
  wantsFinal: boolean;
  /** True where a command exits 0. */
  readonly succeeds: (command: string) => Promise<boolean>;
}

/** The line that counts for a keyword. */
export const firstOf = (lines: readonly ConfigLine[], keyword: string): ConfigLine | undefined =>
  lines.find((line) => line.keyword === keyword);

const valueOf = (pass: Reading, keyword: string): string | undefined => firstOf(pass.lines, keyword)?.args[0];

/** HostName expanded, or the name asked for. */
export const realName = (pass: Reading): string => {
  const line = firstOf(pass.lines, "hostname");
  const { host } = pass.wanted;
  if (pass.final || line?.args[0] === undefined) return host;
  return expandTokens(line.args[0], { h: host }, line.where);
};

const userOf = (pass: Reading): string => pass.wanted.user ?? valueOf(pass, "user") ?? pass.operator.user;

const execTokens = (pass: Reading) => ({
  ...localTokens(pass.operator),
  h: realName(pass),
  k: valueOf(pass, "hostkeyalias") ?? pass.wanted.original,
  n: pass.wanted.original,
  p: String(pass.wanted.port ?? valueOf(pass, "port") ?? 22),
  r: userOf(pass),
});

type Criterion = (pass: Reading, argument: string, where: string) => boolean | Promise<boolean>;

const list = (text: string): readonly string[] => text.split(",");

const CRITERIA: Readonly<Record<string, Criterion>> = {
  host: (pass, argument) => matchesList(realName(pass).toLowerCase(), list(argument.toLowerCase())),
  originalhost: (pass, argument) =>
    matchesList(pass.wanted.original.toLowerCase(), list(argument.toLowerCase())),
  user: (pass, argument) => matchesList(userOf(pass), list(argument)),
  localuser: (pass, argument) => matchesList(pass.operator.user, list(argument)),
  exec: (pass, argument, where) => pass.succeeds(expandTokens(argument, execTokens(pass), where)),
};

const refuse = (line: ConfigLine, criterion: string): Failure =>
  new Failure({
    code: "configuration",
    what: `${line.where}: \`Match ${criterion}\` is not honoured, and passing it over might reach another machine`,
    cure: "Say the same with Host, `Match host`, originalhost, user, localuser, exec, final or all; or give another file by ceph-openstack:sshConfig.",
  });

/** One criterion; `canonical` and `final` are both true on the second reading only. */
const holds = async (
  pass: Reading,
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

/** True where all criteria of a `Match` line hold. @throws Failure `configuration` for those that are not honoured */
export const matchHolds = async (pass: Reading, line: ConfigLine): Promise<boolean> => {
  let result = true;
  for (const { negated, criterion } of criteriaOf(line)) {
    // OpenSSH runs no command where the rest does not hold already.
    if (!result && criterion[0] === "exec") continue;
    if ((await holds(pass, line, criterion)) === negated) result = false;
  }
  return result;
};

/** True where a `Host` line is for this host. */
export const hostHolds = (host: string, patterns: readonly string[]): boolean => {
  if (patterns.some((pattern) => pattern.startsWith("!") && matchesPattern(host, pattern.slice(1))))
    return false;
  return patterns.some((pattern) => matchesPattern(host, pattern));
};
