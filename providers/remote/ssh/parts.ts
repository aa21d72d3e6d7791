import { join } from "node:path";
import type { Settings } from "../settings.js";
import { wholeOf, type ConfigLine } from "./config.js";
import type { HostConfig } from "./evaluate.js";
import { expandHome, expandPath, type Operator, type Tokens } from "./tokens.js";
import { flag, oneOf, saysOrder, seconds, text, wholeNumber } from "./values.js";
import type { HostKeyRules, IdentitySources, KnownHostsCommand } from "./way.js";

/** A host, and what counts before the files say anything. */
export interface Asked {
  readonly host: string;
  /** From the command line, as it were: settings for a host in use, or a jump specification. */
  readonly user?: string | undefined;
  readonly port?: number | undefined;
  readonly jump?: string | undefined;
}

/** Everything that the parts of a way are made from. */
export interface Context {
  readonly operator: Operator;
  readonly settings: Settings;
  readonly config: HostConfig;
  readonly asked: Asked;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly tokens: Tokens;
}

/** `ConnectTimeout 0` and `none` mean the system's own; minutes are too long for a run over many hosts. */
export const timeoutOf = (config: HostConfig): number => {
  const configured = seconds(config.first("connecttimeout")) ?? 0;
  return configured === 0 ? 10 : configured;
};

const DEFAULT_KEYS = ["id_ed25519", "id_ecdsa", "id_rsa"];

const path = ({ operator, tokens }: Context, value: string, where: string): string =>
  expandPath(value, tokens, { operator, where });

const agentOf = (context: Context): string | undefined => {
  const { env } = context.operator;
  const line = context.config.first("identityagent");
  const said = text(line);
  if (line === undefined || said === undefined) return env["SSH_AUTH_SOCK"];
  if (said.toLowerCase() === "none") return undefined;
  const value = path(context, said, line.where);
  // `$NAME` is a variable too, also where a variable holds that.
  if (value.startsWith("$")) return env[value.slice(1)];
  return value === "SSH_AUTH_SOCK" ? env[value] : value;
};

/** Where private keys come from for a host. */
export const identitiesOf = (context: Context): IdentitySources => {
  const { settings, operator } = context;
  const lines = context.config.all("identityfile");
  const named = lines
    .map((line) => ({ value: text(line) ?? "", where: line.where }))
    .filter(({ value }) => value.toLowerCase() !== "none");
  const own =
    settings.sshPrivateKeyFile === undefined
      ? []
      : [expandHome(settings.sshPrivateKeyFile, { operator, where: "ceph-openstack:sshPrivateKeyFile" })];
  const configured = named.map(({ value, where }) => path(context, value, where));
  const usual = lines.length > 0 ? [] : DEFAULT_KEYS.map((name) => join(operator.home, ".ssh", name));
  return {
    text: settings.sshPrivateKey,
    passphrase: settings.sshPassphrase,
    files: [...new Set([...own, ...configured, ...usual])],
    explicit: own.length + configured.length > 0,
    only: flag(context.config.first("identitiesonly")) ?? false,
    agent: agentOf(context),
  };
};

const CHECKING = {
  yes: "yes",
  true: "yes",
  ask: "yes",
  "accept-new": "accept-new",
  no: "no",
  off: "no",
  false: "no",
} as const;

type Expand = (value: string, where: string) => string;

const knownHostsFiles = (
  line: ConfigLine | undefined,
  usual: readonly string[],
  expand: Expand,
): readonly string[] => {
  if (line === undefined) return usual;
  return line.args.filter((file) => file.toLowerCase() !== "none").map((file) => expand(file, line.where));
};

const userFiles = (context: Context): readonly string[] => {
  const { config, operator } = context;
  const usual = ["known_hosts", "known_hosts2"].map((name) => join(operator.home, ".ssh", name));
  return knownHostsFiles(config.first("userknownhostsfile"), usual, (file, where) =>
    path(context, file, where),
  );
};

/** Tokens and variables are for the user's files only, as with OpenSSH. */
const globalFiles = ({ config, operator }: Context): readonly string[] => {
  const usual = ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];
  return knownHostsFiles(config.first("globalknownhostsfile"), usual, (file, where) =>
    expandHome(file, { operator, where }),
  );
};

/** A command takes part of the time that a connection may take: the server waits while it runs. */
const commandSeconds = ({ config, settings }: Context): number =>
  (settings.connectTimeoutSeconds ?? timeoutOf(config)) / 2;

const knownHostsCommand = (context: Context): KnownHostsCommand | undefined => {
  const line = context.config.first("knownhostscommand");
  if (line === undefined || wholeOf(line).toLowerCase() === "none") return undefined;
  const { tokens } = context;
  return { text: wholeOf(line), where: line.where, tokens, timeoutSeconds: commandSeconds(context) };
};

/** What the host's key must be. */
export const hostKeysOf = (context: Context): HostKeyRules => {
  const { config, settings, operator, hostName, port } = context;
  const alias = text(config.first("hostkeyalias"))?.toLowerCase();
  return {
    name: alias ?? hostName,
    // HostKeyAlias is looked for as it stands, without a port.
    port: alias === undefined ? port : 22,
    checking: settings.hostKeyChecking ?? oneOf(config.first("stricthostkeychecking"), CHECKING) ?? "yes",
    lines: settings.knownHosts,
    userFiles: userFiles(context),
    globalFiles: globalFiles(context),
    usualFile: join(operator.home, ".ssh", "known_hosts"),
    command: knownHostsCommand(context),
    ownOrder: saysOrder(config.first("hostkeyalgorithms")),
    hashNew: flag(config.first("hashknownhosts")) ?? false,
    minimumRsaBits: wholeNumber(config.first("requiredrsasize"), [0, 65_536]) ?? 1024,
  };
};
