import { spawn } from "node:child_process";
import { join } from "node:path";
import { Failure } from "../failure.js";
import type { Settings } from "../settings.js";
import { environmentOf } from "../environment.js";
import { jumpOfSettings } from "./options.js";
import { expandTilde, type Operator } from "./tokens.js";

/** A keyword of ssh_config and its value. */
export type Option = readonly [keyword: string, value: string];

/** The way to one login on one machine as the system's own `ssh` goes it. Plain data. */
export interface OpenSshWay {
  /** The name that the way was asked for. */
  readonly host: string;
  /** `ssh` carries its connection through jump hosts by itself. */
  readonly via?: undefined;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Arguments that say where and as whom: `-F`, `-l`, `-p`, `-J`, `-i`. */
  readonly login: readonly string[];
  /** What we ask of every ssh that logs in, jump hosts included. */
  readonly options: readonly Option[];
  /** Files of ssh_config, in the order in which they count. */
  readonly files: readonly string[];
  /** Jump hosts are on the way. */
  readonly jumps: boolean;
  readonly connectTimeoutSeconds: number;
  /** Where the operator's own master connection would listen. */
  readonly ownMaster?: string | undefined;
  /** Text of a private key from the settings. */
  readonly key?: string | undefined;
  readonly passphrase?: string | undefined;
  /** Lines given in place of known_hosts files. */
  readonly knownHosts?: string | undefined;
  /** Everything that `ssh -G` says of the host but the name it was asked for: two names of one way share a connection. */
  readonly resolved: string;
}

/** The environment of an `ssh` of ours: messages in English, and nobody is asked anything. */
export const sshEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...environmentOf(env),
  LC_ALL: "C",
  SSH_ASKPASS_REQUIRE: "never",
});

/** There is no such program here. */
export const noSsh = (host: string, error: Error): Failure =>
  new Failure({
    code: "configuration",
    host,
    what: `ceph-openstack:transport is "openssh", and ssh cannot be started here: ${error.message}`,
    cure: 'Install OpenSSH\'s client (openssh-client, openssh-clients), or take the default transport, "ssh2".',
  });

/** Seconds that `ssh -G` may take: `Match exec` and CanonicalizeHostname ask others. */
const LOOK_SECONDS = 20;

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @throws Failure `configuration` where there is no ssh */
const ask = (args: readonly string[], env: NodeJS.ProcessEnv, host: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const child = spawn("ssh", args, {
      env: sshEnvironment(env),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      timeout: LOOK_SECONDS * 1000,
    });
    const texts = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString("utf8")));
    child.on("error", (error) => reject(noSsh(host, error)));
    child.on("close", (code) => resolve({ code, ...texts }));
  });

/** A path of the settings; one of a user that is not known stays as it is, and is not found. */
const inHome = (path: string, home: string): string => expandTilde(path, home) ?? path;

/** Words of `-F`, `-l`, `-p`, `-J`. */
const whereTo = (settings: Settings, host: string, home: string): string[] => {
  const { sshConfig, sshUser, sshPort } = settings;
  const jump = jumpOfSettings(settings, host);
  const jumping = jump?.toLowerCase() === "none" ? ["-o", "ProxyJump=none"] : ["-J", jump ?? ""];
  return [
    ...(sshConfig === undefined ? [] : ["-F", inHome(sshConfig, home)]),
    ...(sshUser === undefined ? [] : ["-l", sshUser]),
    ...(sshPort === undefined ? [] : ["-p", String(sshPort)]),
    ...(jump === undefined ? [] : jumping),
  ];
};

/** What `ssh -G` says: keywords in lower case. */
type Said = ReadonlyMap<string, string>;

const parseSaid = (text: string): Said =>
  new Map(
    text
      .split("\n")
      .map((line): Option => [line.split(" ", 1)[0] ?? "", line.slice(line.indexOf(" ") + 1).trim()])
      .reverse(),
  );

/** `ConnectTimeout none` means the system's own; minutes are too long for a run over many hosts. */
const timeoutOf = (settings: Settings, said: Said): number => {
  const configured = Number(said.get("connecttimeout"));
  return settings.connectTimeoutSeconds ?? (configured > 0 ? configured : 10);
};

/** Only what this ssh knows may be set: older ones refuse a keyword that is not theirs. */
const whereKnown = (said: Said, options: readonly Option[]): readonly Option[] =>
  options.filter(([keyword]) => said.has(keyword.toLowerCase()));

const checkingOf = (settings: Settings, said: Said): readonly Option[] => {
  const { hostKeyChecking } = settings;
  if (hostKeyChecking !== undefined) return [["StrictHostKeyChecking", hostKeyChecking]];
  // Nobody is there to be asked; `yes` says which key is missing.
  return said.get("stricthostkeychecking") === "ask" ? [["StrictHostKeyChecking", "yes"]] : [];
};

/** Nobody is asked anything; a passphrase is given by a program of ours, which BatchMode would not let speak. */
const questionsOf = ({ sshPassphrase }: Settings): readonly Option[] =>
  sshPassphrase === undefined
    ? [["BatchMode", "yes"]]
    : [
        ["BatchMode", "no"],
        ["PasswordAuthentication", "no"],
        ["KbdInteractiveAuthentication", "no"],
        ["NumberOfPasswordPrompts", "1"],
      ];

const optionsOf = (settings: Settings, said: Said): readonly Option[] => [
  ...questionsOf(settings),
  ...checkingOf(settings, said),
  ["ConnectTimeout", String(timeoutOf(settings, said))],
  ...(Number(said.get("serveraliveinterval")) > 0 ? [] : ([["ServerAliveInterval", "15"]] as const)),
  ["ClearAllForwardings", "yes"],
  ["PermitLocalCommand", "no"],
  ...whereKnown(said, [
    ["ForkAfterAuthentication", "no"],
    ["RemoteCommand", "none"],
    ...(settings.knownHosts === undefined ? [] : ([["KnownHostsCommand", "none"]] as const)),
  ]),
];

const isSet = (value: string | undefined): boolean => value !== undefined && value.toLowerCase() !== "none";

const filesOf = ({ sshConfig }: Settings, home: string): readonly string[] => {
  if (sshConfig === undefined) return [join(home, ".ssh", "config"), "/etc/ssh/ssh_config"];
  return sshConfig === "none" ? [] : [inHome(sshConfig, home)];
};

/** The way to a host, from `ssh -G`. @throws Failure `configuration` where ssh refuses its configuration */
export const openSshWay = async (
  settings: Settings,
  { home, env }: Operator,
  host: string,
): Promise<OpenSshWay> => {
  const where = whereTo(settings, host, home);
  const { code, stdout, stderr } = await ask(["-G", ...where, "--", host], env, host);
  if (code !== 0)
    throw new Failure({
      code: "configuration",
      host,
      what: code === null ? `ssh -G did not end within ${LOOK_SECONDS} s` : "ssh refuses its configuration",
      stderr,
      cure: "Try `ssh -G` with that host's name from here.",
    });
  const said = parseSaid(stdout);
  const own = settings.sshPrivateKeyFile;
  return {
    host,
    hostName: said.get("hostname") ?? host,
    port: Number(said.get("port") ?? 22),
    user: said.get("user") ?? "",
    login: [...where, ...(own === undefined ? [] : ["-i", inHome(own, home)])],
    options: optionsOf(settings, said),
    files: filesOf(settings, home),
    jumps: isSet(said.get("proxyjump")),
    connectTimeoutSeconds: timeoutOf(settings, said),
    ownMaster: isSet(said.get("controlpath")) ? said.get("controlpath") : undefined,
    key: settings.sshPrivateKey,
    passphrase: settings.sshPassphrase,
    knownHosts: settings.knownHosts,
    resolved: stdout.replace(/^host .*\n/m, ""),
  };
};
