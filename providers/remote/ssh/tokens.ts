import { readFileSync } from "node:fs";
import { homedir, hostname, userInfo } from "node:os";
import { Failure } from "../failure.js";

/** Who runs this, as far as it matters to OpenSSH's configuration. Tests give their own. */
export interface OperatorEnvironment {
  readonly env: NodeJS.ProcessEnv;
  /** @default the home directory of the password database, as OpenSSH */
  readonly home?: string;
  /** @default the local login */
  readonly user?: string;
}

export interface Operator {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly user: string;
  readonly uid: number;
  readonly hostName: string;
}

/** A login of the password database; a container may run under a number that has none. */
const login = (env: NodeJS.ProcessEnv): { home: string; user: string } => {
  try {
    const { homedir: home, username } = userInfo();
    return { home, user: username };
  } catch {
    return { home: homedir(), user: env["USER"] ?? env["LOGNAME"] ?? "root" };
  }
};

export const operatorOf = ({ env, home, user }: OperatorEnvironment): Operator => {
  const known = login(env);
  return {
    env,
    home: home ?? known.home,
    user: user ?? known.user,
    uid: process.getuid?.() ?? 0,
    hostName: hostname(),
  };
};

/** What percent tokens stand for. @see https://man.openbsd.org/ssh_config#TOKENS */
export type Tokens = Readonly<Record<string, string>>;

/** Tokens about this machine. */
export const localTokens = ({ home, user, uid, hostName }: Operator): Tokens => ({
  d: home,
  i: String(uid),
  L: hostName.split(".")[0] ?? hostName,
  l: hostName,
  u: user,
});

/** @throws Failure `configuration` for a token that is not known here */
export const expandTokens = (text: string, tokens: Tokens, where: string): string =>
  text.replace(/%(.?)/g, (whole, letter: string) => {
    const value = letter === "%" ? "%" : tokens[letter];
    if (value === undefined)
      throw new Failure({
        code: "configuration",
        what: `${where}: the token ${whole} is not honoured there`,
      });
    return value;
  });

/**
 * Tokens and `${NAME}` in one pass, as OpenSSH: what a variable holds is not expanded again.
 * @throws Failure `configuration` for a token that is not known here, or a variable that is not set
 */
export const expandValue = (
  text: string,
  tokens: Tokens,
  { env, where }: { readonly env: NodeJS.ProcessEnv; readonly where: string },
): string =>
  text.replace(/\$\{([^}]*)(\}?)|%.?/g, (whole, name: string | undefined, end: string | undefined) => {
    if (name === undefined) return expandTokens(whole, tokens, where);
    const value = end === "" ? undefined : env[name];
    if (value === undefined)
      throw new Failure({ code: "configuration", what: `${where}: the environment has no ${name}` });
    return value;
  });

/** Undefined where something in it is not known. */
export const expandOrNothing = (
  text: string,
  tokens: Tokens,
  how: Parameters<typeof expandValue>[2],
): string | undefined => {
  try {
    return expandValue(text, tokens, how);
  } catch {
    return undefined;
  }
};

/** The home directory of the password database for a login. */
const homeOf = (login: string): string | undefined => passwd().find(([name]) => name === login)?.[5];

const passwd = (): readonly (readonly string[])[] => {
  try {
    return readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"));
  } catch {
    return [];
  }
};

/** `~/…` is the home directory, `~login/…` that of somebody else; undefined where nobody is called so. */
export const expandTilde = (path: string, home: string): string | undefined => {
  const [, login, rest] = /^~([^/]*)\/*(.*)$/s.exec(path) ?? [];
  if (login === undefined || rest === undefined) return path;
  const from = login === "" ? home : homeOf(login);
  return from === undefined ? undefined : `${from.replace(/\/$/, "")}/${rest}`;
};

/** A path with `~` expanded. @throws Failure `configuration` where nobody is called so */
export const expandHome = (path: string, { operator, where }: Reader): string => {
  const expanded = expandTilde(path, operator.home);
  if (expanded === undefined)
    throw new Failure({
      code: "configuration",
      what: `${where}: ${JSON.stringify(path)} begins with the home directory of nobody in /etc/passwd`,
      cure: "Write the whole path.",
    });
  return expanded;
};

/** Who reads a value, and where it stands. */
export interface Reader {
  readonly operator: Operator;
  readonly where: string;
}

/** A path with everything in it expanded. */
export const expandPath = (path: string, tokens: Tokens, reader: Reader): string =>
  expandValue(expandHome(path, reader), tokens, { env: reader.operator.env, where: reader.where });
