import { Failure } from "../failure.js";
import { wholeOf } from "./config.js";
import type { Asked, Context } from "./parts.js";
import { expandTokens, type Tokens } from "./tokens.js";

/** Characters that OpenSSH's own command line for a jump host would hand to a shell; newer versions refuse them. */
const SHELL = /^-|['`"$\\;&<>|(){},/\s\p{Cc}]/u;

/** `[user@]host[:port]`, also as `ssh://…` and with an IPv6 address in brackets. */
export const parseJump = (spec: string, where: string): Asked => {
  const [, user, bracketed, plain, port] =
    /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:@[\]]+))(?::(\d+))?\/?$/.exec(spec.trim()) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || SHELL.test(host) || SHELL.test(user ?? ""))
    throw new Failure({
      code: "configuration",
      what: `${where}: ${JSON.stringify(spec)} is not [user@]host[:port]`,
    });
  return { host, user, port: port === undefined ? undefined : portOf(port, where) };
};

const portOf = (text: string, where: string): number => {
  const port = Number(text);
  if (port >= 1 && port <= 65_535) return port;
  throw new Failure({ code: "configuration", what: `${where}: port ${text} must be from 1 to 65535` });
};

/** Jump hosts, or a command, or neither. */
export interface Proxy {
  readonly jump?: { readonly hops: readonly string[]; readonly where: string } | undefined;
  readonly command?: string | undefined;
}

const jumpOf = (spec: string, where: string): Proxy =>
  spec.toLowerCase() === "none" ? {} : { jump: { hops: spec.split(","), where } };

/** A `#` begins a comment here whatever stands before it, but not after `none`: OpenSSH takes that for a host's name. */
const uncommented = (spec: string): string =>
  spec.includes("#")
    ? spec
        .replace(/#.*$/s, "")
        .trim()
        .replace(/^none$/i, "none ")
    : spec;

/** Of all tokens OpenSSH knows these here. @see https://man.openbsd.org/ssh_config#TOKENS */
const KNOWN = new Set(["h", "n", "p", "r"]);

const tokensOf = (tokens: Tokens): Tokens =>
  Object.fromEntries(Object.entries(tokens).filter(([letter]) => KNOWN.has(letter)));

/** How the connection is carried. */
export const proxyOf = ({ asked, config, ...context }: Context): Proxy => {
  const tokens = tokensOf(context.tokens);
  if (asked.jump !== undefined) return jumpOf(asked.jump, "ceph-openstack:proxyJump");
  const jump = config.first("proxyjump");
  if (jump !== undefined)
    return jumpOf(expandTokens(uncommented(wholeOf(jump)), tokens, jump.where), jump.where);
  const command = config.first("proxycommand");
  if (command === undefined || wholeOf(command).toLowerCase() === "none") return {};
  return { command: expandTokens(wholeOf(command), tokens, command.where) };
};
