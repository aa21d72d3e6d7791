import { homedir, hostname, userInfo } from "node:os";
import { join } from "node:path";
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

/** `${NAME}`; an unset one is an error, as with OpenSSH. */
const expandEnvironment = (text: string, env: NodeJS.ProcessEnv, where: string): string =>
  text.replace(/\$\{([^}]*)\}/g, (_whole, name: string) => {
    const value = env[name];
    if (value === undefined)
      throw new Failure({ code: "configuration", what: `${where}: the environment has no ${name}` });
    return value;
  });

/** `~/…` is the home directory. Other people's homes (`~bob`) are left as they are. */
export const expandTilde = (path: string, home: string): string =>
  path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path;

/** A path with everything in it expanded. */
export const expandPath = (
  path: string,
  tokens: Tokens,
  { operator, where }: { operator: Operator; where: string },
): string =>
  expandTokens(expandTilde(expandEnvironment(path, operator.env, where), operator.home), tokens, where);
