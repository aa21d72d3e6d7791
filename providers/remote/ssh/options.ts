import { join } from "node:path";
import { Failure } from "../failure.js";
import type { Settings } from "../settings.js";
import type { ConfigFile, ConfigLine } from "./config.js";
import {
  configSource,
  evaluate,
  namesHost,
  unknownLines,
  type ConfigSource,
  type HostConfig,
} from "./evaluate.js";
import { treatmentOf } from "./keywords.js";
import { expandHome, localTokens, operatorOf, type Operator, type OperatorEnvironment } from "./tokens.js";
import { parseJump, proxyOf, type Proxy } from "./jumps.js";
import { hostKeysOf, identitiesOf, timeoutOf, type Asked, type Context } from "./parts.js";
import { algorithms, oneOf, seconds, text, wholeNumber } from "./values.js";
import { WAY_OUT } from "./trouble.js";
import type { Way } from "./way.js";

export type { OperatorEnvironment } from "./tokens.js";

/** OpenSSH's configuration with the settings above it. */
export interface Configuration {
  readonly source: ConfigSource;
  readonly settings: Settings;
  /** True where a `Host` line names this host itself. */
  names(host: string): boolean;
}

const filesOf = (settings: Settings, operator: Operator): readonly ConfigFile[] => {
  const { home } = operator;
  if (settings.sshConfig === "none") return [];
  if (settings.sshConfig !== undefined) {
    const path = expandHome(settings.sshConfig, { operator, where: "ceph-openstack:sshConfig" });
    return [{ path, of: "user", required: true, guarded: false }];
  }
  const [user, system] = [join(home, ".ssh", "config"), "/etc/ssh/ssh_config"];
  return [
    { path: user, of: "user", required: false, guarded: true },
    { path: system, of: "system", required: false, guarded: false },
  ];
};

/** Reads nothing but the names of hosts. */
export const configurationOf = async (
  settings: Settings,
  environment: OperatorEnvironment,
): Promise<Configuration> => {
  const operator = operatorOf(environment);
  const source = configSource(filesOf(settings, operator), operator);
  const here = await namesHost(source, "localhost");
  return { source, settings, names: (host) => host === "localhost" && here };
};

const refuseLine = ({ keyword, rest, where }: ConfigLine, why: string): string =>
  `${keyword} ${rest} (${where}): ${why}`;

/** Honoured keywords that take one word. */
const ONE_WORD = new Set(
  (
    "addressfamily bindaddress ciphers connecttimeout hashknownhosts hostkeyalgorithms hostkeyalias hostname identitiesonly identityagent " +
    "identityfile ignoreunknown kexalgorithms macs port requiredrsasize serveralivecountmax serveraliveinterval stricthostkeychecking tag user"
  ).split(" "),
);

const LISTS_OF_FILES = new Set(["userknownhostsfile", "globalknownhostsfile"]);

/** By keyword, values of one word that cannot be taken, and why. */
const FLAWED: Readonly<Record<string, readonly [RegExp, string]>> = {
  identityagent: [/^\$(?!\{|\w+$)/, "a variable of no name that there can be"],
  user: [/%|\$\{/, "versions of OpenSSH differ about tokens and variables there"],
};

/** What OpenSSH refuses, or versions of it read differently. */
const flaw = ({ keyword, args }: ConfigLine): string | undefined => {
  if (args.includes("")) return "an empty word";
  if (ONE_WORD.has(keyword) && args.length !== 1) return "one word must follow";
  if (LISTS_OF_FILES.has(keyword) && args.length > 1 && args.some((file) => file.toLowerCase() === "none"))
    return "none must stand alone";
  const [flawed, why] = FLAWED[keyword] ?? [];
  return flawed?.test(args.join(" ")) === true ? why : undefined;
};

const isAllowed = ({ keyword, args }: ConfigLine, unless: readonly string[]): boolean => {
  const value = (args[0] ?? "").toLowerCase();
  return keyword === "preferredauthentications"
    ? value.split(",").includes("publickey")
    : unless.includes(value);
};

const refusal = (line: ConfigLine): string | undefined => {
  const treatment = treatmentOf(line.keyword);
  const why = treatment?.kind === "honoured" ? flaw(line) : undefined;
  if (why !== undefined) return refuseLine(line, why);
  if (treatment?.kind !== "refused" || isAllowed(line, treatment.unless)) return undefined;
  return refuseLine(line, treatment.why);
};

/** @throws Failure `configuration` naming every keyword that is set for this host and not honoured */
const refuseWhatIsNotHonoured = (host: string, config: HostConfig): void => {
  const refused = [
    ...config.lines.flatMap((line) => refusal(line) ?? []),
    ...unknownLines(config).map((line) =>
      refuseLine(line, "not a keyword of ssh_config (IgnoreUnknown lets it pass)"),
    ),
  ];
  if (refused.length === 0) return;
  throw new Failure({
    code: "configuration",
    host,
    what: `the ssh configuration sets what is not honoured here, and passing it over might reach another machine: ${refused.join("; ")}`,
    cure: `Take it away for this host, or give a file of its own by ceph-openstack:sshConfig (CEPH_OPENSTACK_SSH_CONFIG). ${WAY_OUT}`,
  });
};

const LONGEST_CHAIN = 8;

/** A host that would be reached through itself. */
const isItself = (jump: Asked, { hostName, port, user }: Context): boolean =>
  jump.host === hostName && (jump.port ?? 22) === port && (jump.user ?? user) === user;

/** The last jump host with the others before it: what `ssh -J a,b` does by starting `ssh -J a b`. */
const viaOf = async (
  configuration: Configuration,
  { proxy, from }: { readonly proxy: Proxy; readonly from: Context },
  depth: number,
): Promise<Way | undefined> => {
  if (proxy.jump === undefined) return undefined;
  const { hops, where } = proxy.jump;
  const before = hops.slice(0, -1).join(",");
  const last = parseJump(hops[hops.length - 1] ?? "", where);
  if (depth >= LONGEST_CHAIN || isItself(last, from))
    throw new Failure({ code: "configuration", what: `${where}: jump hosts lead in a circle (ProxyJump)` });
  return resolve(configuration, { ...last, jump: before === "" ? undefined : before }, depth + 1);
};

const FAMILY = { any: "any", inet: "inet", inet6: "inet6" } as const;

const contextOf = async (configuration: Configuration, asked: Asked): Promise<Context> => {
  const { source } = configuration;
  const config = await evaluate(source, {
    host: asked.host,
    original: asked.host,
    user: asked.user,
    port: asked.port,
  });
  refuseWhatIsNotHonoured(asked.host, config);
  const { hostName } = config;
  const port = asked.port ?? wholeNumber(config.first("port"), [1, 65_535]) ?? 22;
  const user = asked.user ?? text(config.first("user")) ?? source.operator.user;
  const alias = text(config.first("hostkeyalias"))?.toLowerCase() ?? asked.host;
  const tokens = {
    ...localTokens(source.operator),
    h: hostName,
    k: alias,
    n: asked.host,
    p: String(port),
    r: user,
  };
  const { operator } = source;
  return { operator, settings: configuration.settings, config, asked, hostName, port, user, tokens };
};

const resolve = async (configuration: Configuration, asked: Asked, depth: number): Promise<Way> => {
  const context = await contextOf(configuration, asked);
  const { config, hostName, port, user } = context;
  const proxy = proxyOf(context);
  const { settings } = configuration;
  return {
    host: asked.host,
    hostName,
    port,
    user,
    addressFamily: oneOf(config.first("addressfamily"), FAMILY) ?? "any",
    bindAddress: text(config.first("bindaddress")),
    via: await viaOf(configuration, { proxy, from: context }, depth),
    proxyCommand: proxy.command,
    connectTimeoutSeconds: settings.connectTimeoutSeconds ?? timeoutOf(config),
    aliveIntervalSeconds: seconds(config.first("serveraliveinterval")) ?? 15,
    aliveCountMax: wholeNumber(config.first("serveralivecountmax"), [0, 1000]) ?? 3,
    identities: identitiesOf(context),
    hostKeys: hostKeysOf(context),
    algorithms: {
      hostKey: algorithms(config.first("hostkeyalgorithms"), "hostKey"),
      kex: algorithms(config.first("kexalgorithms"), "kex"),
      cipher: algorithms(config.first("ciphers"), "cipher"),
      mac: algorithms(config.first("macs"), "mac"),
    },
  };
};

/** Jump hosts of the settings; a host that is itself one of them is reached directly. */
export const jumpOfSettings = (settings: Settings, host: string): string | undefined => {
  const { proxyJump } = settings;
  if (proxyJump === undefined || proxyJump.toLowerCase() === "none") return proxyJump;
  const hops = proxyJump.split(",").map((spec) => parseJump(spec, "ceph-openstack:proxyJump").host);
  return hops.includes(host) ? "none" : proxyJump;
};

/** The way to a host in use. @throws Failure `configuration` for everything that is not honoured */
export const wayTo = async (configuration: Configuration, host: string): Promise<Way> => {
  const { settings } = configuration;
  return resolve(
    configuration,
    { host, user: settings.sshUser, port: settings.sshPort, jump: jumpOfSettings(settings, host) },
    0,
  );
};
