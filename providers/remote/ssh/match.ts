import { Failure } from "../failure.js";
import { matchesList, matchesPattern } from "../patterns.js";
import type { ConfigLine } from "./config.js";
import { ALONE, criteriaOf, type Named } from "./criteria.js";
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
  /** Whether some `Match final` was met, shared by both readings. */
  readonly wants: { second: "no" | "perhaps" | "yes" };
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

/** What tokens of `Match exec` (and, since OpenSSH 10, `Include`) stand for. */
export const execTokens = (pass: Reading) => ({
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
  tagged: (pass, argument, where) => {
    const tag = valueOf(pass, "tag");
    if (tag !== undefined) return matchesList(tag, list(argument));
    if (!matchesList("", list(argument))) return false;
    throw new Failure({
      code: "configuration",
      what: `${where}: \`Match tagged\` for no tag is read differently by versions of OpenSSH`,
    });
  },
  exec: (pass, argument, where) => pass.succeeds(expandTokens(argument, execTokens(pass), where)),
};

const refuse = (line: ConfigLine, what: string): Failure =>
  new Failure({
    code: "configuration",
    what: `${line.where}: ${what}, and passing it over might reach another machine`,
    cure: "Say the same with Host, `Match host`, originalhost, user, localuser, exec, tagged, final or all; or give another file by ceph-openstack:sshConfig.",
  });

/** One criterion; `canonical` and `final` are both true on the second reading only. */
const holds = async (pass: Reading, line: ConfigLine, { name, argument }: Named): Promise<boolean> => {
  if (ALONE.has(name)) return name === "all" || pass.final;
  const criterion = CRITERIA[name];
  if (criterion === undefined) throw refuse(line, `\`Match ${name}\` is not honoured`);
  if (argument === undefined || (argument === "" && name !== "tagged") || argument.startsWith("#"))
    throw refuse(line, `\`Match ${name}\` has nothing to compare with`);
  return criterion(pass, argument, line.where);
};

/** `all` stands alone, or after `final` or `canonical`. */
const checkAll = (line: ConfigLine, criteria: readonly Named[], at: number): void => {
  if (at > 1 || at + 1 < criteria.length) throw refuse(line, "`Match all` is combined with other criteria");
};

/** OpenSSH looks for this second reading where `final` stands, whatever else holds; newer ones not for `!final`. */
const wantSecond = (pass: Reading, { name, negated }: Named): void => {
  if (name !== "final") return;
  if (negated) pass.wants.second = pass.wants.second === "no" ? "perhaps" : pass.wants.second;
  else pass.wants.second = "yes";
};

const DOUBT = "this `Match` is read differently by OpenSSH before and since 10.0 (quotes, = and backslashes)";

/**
 * True where all criteria of a `Match` line hold. What follows one that does not is not looked at: nothing is executed or refused for it.
 * `never`: the file is included where nothing can hold; it may still ask for the second reading.
 * @throws Failure `configuration` for what is not honoured
 */
export const matchHolds = async (pass: Reading, line: ConfigLine, never: boolean): Promise<boolean> => {
  const { criteria, doubtful } = criteriaOf(line);
  let result = !never;
  if (result && criteria.length === 0) throw refuse(line, "`Match` has no criteria");
  for (const [at, criterion] of criteria.entries()) {
    wantSecond(pass, criterion);
    if (!result) continue;
    if (at >= doubtful) throw refuse(line, DOUBT);
    if (criterion.name === "all") checkAll(line, criteria, at);
    result = (await holds(pass, line, criterion)) !== criterion.negated;
  }
  return result;
};

/** True where a `Host` line is for this host. */
export const hostHolds = (host: string, patterns: readonly string[]): boolean => {
  if (patterns.some((pattern) => pattern.startsWith("!") && matchesPattern(host, pattern.slice(1))))
    return false;
  return patterns.some((pattern) => matchesPattern(host, pattern));
};
