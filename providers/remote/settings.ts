import { Failure } from "./failure.js";
import { matchesList } from "./patterns.js";
import { rememberSecret } from "./redact.js";
import { environmentName } from "./setting-names.js";

/** A value for hosts by OpenSSH pattern list (`"ctl*,!ctl9"`); the first that matches the host's name counts. */
export type ByHost<T> = readonly { readonly pattern: string; readonly value: T }[];

/** Everything that says how machines are reached: stack configuration `ceph-openstack:…`, overridden by the environment. */
export interface Settings {
  /** Who speaks ssh: the library ssh2 in this process, or the system's own `ssh` with all that it can do. @default ssh2 */
  readonly transport: "ssh2" | "openssh";
  /** Another ssh_config file, or `none`. @default ~/.ssh/config and /etc/ssh/ssh_config */
  readonly sshConfig?: string | undefined;
  /** Login for all hosts (jump hosts excepted, as with `ssh -l`). @default what ssh_config says */
  readonly sshUser?: string | undefined;
  /** Port for all hosts (jump hosts excepted, as with `ssh -p`), 1-65535. @default what ssh_config says */
  readonly sshPort?: number | undefined;
  /** Jump hosts for all hosts, as ProxyJump: `[user@]host[:port],…`, or `none`. @default what ssh_config says */
  readonly proxyJump?: string | undefined;
  /** Text of a private key; it is tried before all others. Secret. */
  readonly sshPrivateKey?: string | undefined;
  /** Path of a private key; it is tried before those of ssh_config. */
  readonly sshPrivateKeyFile?: string | undefined;
  /** Passphrase of encrypted private keys. Secret. */
  readonly sshPassphrase?: string | undefined;
  /** Lines of a known_hosts file; where it is given, no other known_hosts is read. */
  readonly knownHosts?: string | undefined;
  /** What to do with a host key that is not known. @default StrictHostKeyChecking of ssh_config, else `yes` */
  readonly hostKeyChecking?: "yes" | "accept-new" | "no" | undefined;
  /** How to become superuser where the login is not root. @default sudo */
  readonly become: ByHost<"sudo" | "none">;
  /** Password for sudo, where it asks for one. Secret. */
  readonly sudoPassword: ByHost<string>;
  /** Seconds until a host that does not answer counts as unreachable. @default ConnectTimeout of ssh_config, else 10 */
  readonly connectTimeoutSeconds?: number | undefined;
  /** Seconds that one remote program may take. @default 60 */
  readonly commandTimeoutSeconds: number;
  /** Connections open at a time. @default 32 */
  readonly maxConnections: number;
  /** Hosts whose artifacts a delete may forget when they no longer answer. @default none (`fail`) */
  readonly forgetUnreachable: readonly string[];
  /** @default fail */
  readonly unreachableOnRefresh: "fail" | "keep";
  /** `<project>/<stack>` whose records may be taken over. */
  readonly takeOverFrom?: string | undefined;
  /** Admin hosts that override those in state; environment only, separated by commas. */
  readonly admin?: readonly string[] | undefined;
  /** JSON of cluster fields by fsid; environment only. Read by the cluster's client. */
  readonly cluster?: string | undefined;
  /** What is wrong with the values given, in sentences. `checkSettings` makes a failure of them. */
  readonly problems: readonly string[];
}

/** @throws Failure `configuration` naming every bad key and what it may be. */
export const checkSettings = (settings: Settings): void => {
  if (settings.problems.length === 0) return;
  throw new Failure({
    code: "configuration",
    what: settings.problems.join("; "),
    cure: "Set them with `pulumi config set ceph-openstack:<key>`, or by the environment variables, which count more: a refresh or destroy has the configuration of the last `up`.",
  });
};

/** The value for a host, by its name in the program. */
export const forHost = <T>(values: ByHost<T>, host: string): T | undefined =>
  values.find(({ pattern }) => matchesList(host, pattern.split(",")))?.value;

type Get = (key: string) => string | undefined;

interface Source {
  readonly get: Get;
  readonly bad: (key: string, value: string | undefined, allowed: string) => undefined;
}

const number = (
  { get, bad }: Source,
  key: string,
  [low, high]: readonly [number, number],
): number | undefined => {
  const text = get(key);
  if (text === undefined) return undefined;
  const value = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return value >= low && value <= high ? value : bad(key, text, `a whole number from ${low} to ${high}`);
};

const oneOf = <T extends string>({ get, bad }: Source, key: string, allowed: readonly T[]): T | undefined => {
  const text = get(key);
  if (text === undefined) return undefined;
  return (
    allowed.find((value) => value === text) ??
    bad(key, text, allowed.map((value) => `"${value}"`).join(" or "))
  );
};

const patternsOf = (text: string): [string, unknown][] | undefined => {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? Object.entries(parsed)
      : undefined;
  } catch {
    return undefined;
  }
};

interface Kind<T> {
  readonly read: (text: string) => T | undefined;
  readonly allowed: string;
  readonly secret?: boolean;
}

/** A plain value for all hosts, or a JSON object `{"pattern": "value"}`. */
const byHost = <T>(
  { get, bad }: Source,
  key: string,
  { read, allowed, secret = false }: Kind<T>,
): ByHost<T> => {
  const text = get(key);
  if (text === undefined) return [];
  const everywhere: [string, unknown][] = [["*", text]];
  const entries = text.trimStart().startsWith("{") ? patternsOf(text) : everywhere;
  const values = (entries ?? []).flatMap(([pattern, given]) => {
    const value = typeof given === "string" ? read(given) : undefined;
    return value === undefined ? [] : [{ pattern, value }];
  });
  if (entries === undefined || values.length < entries.length)
    bad(key, secret ? undefined : text, `${allowed}, or a JSON object {"host pattern": value}`);
  return values;
};

/** A key, and each of its lines: an error of somebody else may show but one. */
const rememberKey = (text: string): void => {
  rememberSecret(text);
  for (const line of text.split(/\r?\n/))
    if (line.length >= 16 && !line.startsWith("-----")) rememberSecret(line);
};

const readBecome = (text: string): "sudo" | "none" | undefined =>
  text === "sudo" || text === "none" ? text : undefined;

const readPassword = (text: string): string | undefined => {
  rememberSecret(text);
  return /[\n\r\0]/.test(text) ? undefined : text;
};

const forgotten = ({ get, bad }: Source): readonly string[] => {
  const key = "unreachableOnDelete";
  const text = get(key) ?? "fail";
  if (text === "fail") return [];
  const names = text.startsWith("forget:")
    ? text
        .slice("forget:".length)
        .split(",")
        .map((name) => name.trim())
    : [];
  if (names.length === 0 || names.includes(""))
    bad(key, text, '"fail", or "forget:" and host names with commas between');
  return names.filter((name) => name !== "");
};

const project = ({ get, bad }: Source): string | undefined => {
  const text = get("takeOverFrom");
  if (text === undefined || /^[^/\s]+\/[^/\s]+$/.test(text)) return text;
  return bad("takeOverFrom", text, '"<project>/<stack>"');
};

const reach = (source: Source) => ({
  transport: oneOf(source, "transport", ["ssh2", "openssh"]) ?? ("ssh2" as const),
  sshConfig: source.get("sshConfig"),
  sshUser: source.get("sshUser"),
  sshPort: number(source, "sshPort", [1, 65535]),
  proxyJump: source.get("proxyJump"),
  sshPrivateKey: source.get("sshPrivateKey"),
  sshPrivateKeyFile: source.get("sshPrivateKeyFile"),
  sshPassphrase: source.get("sshPassphrase"),
  knownHosts: source.get("knownHosts"),
  hostKeyChecking: oneOf(source, "hostKeyChecking", ["yes", "accept-new", "no"]),
  connectTimeoutSeconds: number(source, "connectTimeoutSeconds", [1, 3600]),
  takeOverFrom: project(source),
});

/**
 * Reads the settings; `get` gives stack configuration by plain key (`sshUser`), the environment (`CEPH_OPENSTACK_SSH_USER`, …) beats it.
 * Never throws: what is wrong is told when a machine is used (a provider whose `configure` fails is never configured again).
 */
export const readSettings = (get: Get, env: NodeJS.ProcessEnv): Settings => {
  const problems: string[] = [];
  const present = (text: string | undefined): string | undefined => (text === "" ? undefined : text);
  const source: Source = {
    get: (key) => present(env[environmentName(key)]) ?? present(get(key)),
    bad: (key, value, allowed) => {
      const shown = value === undefined ? "" : ` is ${JSON.stringify(value)}, but`;
      problems.push(`ceph-openstack:${key} (${environmentName(key)})${shown} must be ${allowed}`);
      return undefined;
    },
  };
  rememberSecret(source.get("sshPassphrase") ?? "");
  rememberKey(source.get("sshPrivateKey") ?? "");
  const admin = present(env["CEPH_OPENSTACK_ADMIN"])
    ?.split(",")
    .map((name) => name.trim());
  const cluster = present(env["CEPH_OPENSTACK_CLUSTER"]);
  return {
    ...reach(source),
    become: byHost(source, "become", { read: readBecome, allowed: '"sudo" or "none"' }),
    sudoPassword: byHost(source, "sudoPassword", {
      read: readPassword,
      allowed: "one line of text",
      secret: true,
    }),
    commandTimeoutSeconds: number(source, "commandTimeoutSeconds", [1, 86400]) ?? 60,
    maxConnections: number(source, "maxConnections", [1, 1000]) ?? 32,
    forgetUnreachable: forgotten(source),
    unreachableOnRefresh: oneOf(source, "unreachableOnRefresh", ["fail", "keep"]) ?? "fail",
    admin,
    cluster,
    problems,
  };
};
