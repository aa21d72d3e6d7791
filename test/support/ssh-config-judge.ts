/** The real `ssh`, as the judge of how a configuration is read: `ssh -G`, and what `ssh -v` says of keys and of its proxy command. */
import { execFile } from "node:child_process";
import { userInfo } from "node:os";

/** What a reading of the files comes to, for one host and the jump hosts before it. */
export interface Reached {
  /** By name; lists as one word for each of their parts. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly via?: Reached | undefined;
}

export type Verdict = Reached | { readonly refused: string };

/** Another client than the machine's own: a program that takes the same arguments. */
const PROGRAM = process.env["SSH_PROGRAM"] ?? "ssh";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const ssh = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = execFile(PROGRAM, args, { env, timeout: 20_000 }, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr });
      else if (typeof error.code === "number") resolve({ code: error.code, stdout, stderr });
      else reject(new Error(`${PROGRAM} ${args.join(" ")} did not end by itself`, { cause: error }));
    });
    child.stdin?.end();
  });

type Printed = Readonly<Record<string, readonly string[]>>;

const printedBy = (stdout: string): Printed => {
  const values: Record<string, string[]> = {};
  for (const line of stdout.split("\n")) {
    const [, keyword, value] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (keyword !== undefined && value !== undefined) (values[keyword] ??= []).push(value);
  }
  return values;
};

const CHECKING: Readonly<Record<string, string>> = { true: "yes", ask: "yes", false: "no" };

/** `none` is no file. */
const filesIn = (text: string | undefined): string =>
  (text ?? "")
    .split(" ")
    .filter((name) => name.toLowerCase() !== "none")
    .join(" ");

const secondsOf = (text: string | undefined): number =>
  text === undefined || text === "none" ? 0 : Number(text);

const algorithmsIn = (text: string | undefined): readonly string[] => (text ?? "").split(",");

/** Files of the system get their `~` when a connection begins. */
const { homedir: home } = userInfo();

/** The agent's socket; `$NAME` is looked up when a login begins. */
const agentIn = (text: string | undefined, env: NodeJS.ProcessEnv): string | undefined => {
  if (text === undefined || text === "SSH_AUTH_SOCK") return env["SSH_AUTH_SOCK"];
  if (text.toLowerCase() === "none") return undefined;
  return text.startsWith("$") ? env[text.slice(1)] : text;
};

const valuesOf = (printed: Printed, env: NodeJS.ProcessEnv): Readonly<Record<string, unknown>> => {
  const one = (keyword: string): string | undefined => printed[keyword]?.[0];
  const alias = one("hostkeyalias");
  return {
    hostName: one("hostname"),
    port: Number(one("port")),
    user: one("user"),
    addressFamily: one("addressfamily"),
    bindAddress: one("bindaddress"),
    timeout: secondsOf(one("connecttimeout")) || 10,
    aliveInterval: secondsOf(one("serveraliveinterval")),
    aliveCountMax: Number(one("serveralivecountmax")),
    only: one("identitiesonly") === "yes",
    agent: agentIn(one("identityagent"), env),
    keyName: alias ?? one("hostname"),
    keyPort: alias === undefined ? Number(one("port")) : 22,
    checking: CHECKING[one("stricthostkeychecking") ?? ""] ?? one("stricthostkeychecking"),
    userFiles: filesIn(one("userknownhostsfile")),
    globalFiles: filesIn(one("globalknownhostsfile")).replace(/(^| )~(?:\/+|(?= |$))/g, `$1${home}/`),
    hashNew: one("hashknownhosts") === "yes",
    rsaBits: Number(one("requiredrsasize") ?? "0"),
    knownHostsCommand: one("knownhostscommand"),
    hostKeyAlgorithms: algorithmsIn(one("hostkeyalgorithms")),
    kex: algorithmsIn(one("kexalgorithms")),
    cipher: algorithmsIn(one("ciphers")),
    mac: algorithmsIn(one("macs")),
  };
};

/** `ssh` expands the command in which it calls itself. */
const expanded = (spec: string, printed: Printed, args: readonly string[]): string => {
  const tokens: Readonly<Record<string, string | undefined>> = {
    "%": "%",
    n: args[args.length - 1],
    h: printed["hostname"]?.[0],
    p: printed["port"]?.[0],
    r: printed["user"]?.[0],
  };
  return spec.replace(/%(.)/g, (whole, letter: string) => tokens[letter] ?? whole);
};

/** The last jump host of a list, and how `ssh` calls itself for it. */
const jumpArgs = (spec: string, file: string): readonly string[] => {
  const comma = spec.lastIndexOf(",");
  const [, user, bracketed, plain, port] =
    /^(?:(.*)@)?(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(spec.slice(comma + 1)) ?? [];
  return [
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", port]),
    ...(comma < 0 ? [] : ["-J", spec.slice(0, comma)]),
    ...["-F", file, bracketed ?? plain ?? ""],
  ];
};

/** What `ssh -v` says has its backslashes doubled. */
const plain = (said: string): string => said.replaceAll("\\\\", "\\");

/** Of an identity file `ssh -v` names the certificate too. */
const identitiesIn = (stderr: string): readonly string[] => {
  const named = [...stderr.matchAll(/^debug1: identity file (.*) type -?\d+\r?$/gm)].map(([, path]) =>
    plain(path ?? ""),
  );
  return [...new Set(named.filter((path, at) => path !== `${named[at - 1] ?? ""}-cert`))];
};

const isUsual = (path: string): boolean => /\/\.ssh\/id_\w+$/.test(path);

const USUAL = { proxyCommand: undefined, identities: "the usual" };

const executedIn = (stderr: string): string =>
  plain(/Executing proxy command: exec (.*?)\r?$/m.exec(stderr)?.[1] ?? "");

/** What is expanded only when a connection begins. `ssh` ends with its proxy command, which fails. */
const begun = async (
  args: readonly string[],
  printed: Printed,
  env: NodeJS.ProcessEnv,
): Promise<Readonly<Record<string, unknown>> | { readonly refused: string }> => {
  const hasCommand = printed["proxycommand"] !== undefined;
  if (!hasCommand && printed["identityfile"]?.every(isUsual) === true) return USUAL;
  const jumpless = args.filter((arg, at) => arg !== "-J" && args[at - 1] !== "-J");
  const carried = hasCommand ? [] : ["-o", "ProxyCommand=false"];
  const { stderr } = await ssh(["-v", "-o", "BatchMode=yes", ...carried, ...jumpless, "true"], env);
  if (!/Local version string|kex_exchange_identification/.test(stderr)) return { refused: stderr };
  const files = identitiesIn(stderr);
  return {
    proxyCommand: hasCommand ? executedIn(stderr) : undefined,
    identities: files.length > 0 && files.every(isUsual) ? USUAL.identities : files,
  };
};

/** More jump hosts in a row than anybody has: a circle. */
const LONGEST = 8;

interface Asked {
  readonly args: readonly string[];
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What `ssh` makes of a file for a host, and for each of the jump hosts before it. */
export const judged = async ({ args, file, env }: Asked, depth = 0): Promise<Verdict> => {
  if (depth > LONGEST) return { refused: "a circle of jump hosts" };
  const { code, stdout, stderr } = await ssh(["-G", ...args], env);
  if (code !== 0) return { refused: stderr };
  const printed = printedBy(stdout);
  const more = await begun(args, printed, env);
  if ("refused" in more && typeof more.refused === "string") return { refused: more.refused };
  const values = { ...valuesOf(printed, env), ...more };
  const jump = printed["proxyjump"]?.[0];
  if (jump === undefined || jump === "none") return { values };
  const next = { args: jumpArgs(expanded(jump, printed, args), file), file, env };
  const via = await judged(next, depth + 1);
  return "refused" in via ? via : { values, via };
};
