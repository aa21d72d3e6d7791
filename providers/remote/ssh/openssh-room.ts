import { spawn, type ChildProcessByStdio } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { sshEnvironment, type OpenSshWay, type Option } from "./openssh-way.js";

/**
 * The private directory of one connection, and the process that guards it: a shell whose standard input is held by us alone. When that ends,
 * in whatever way this process ends, the shell ends `ssh` and removes the directory.
 */
export interface Room {
  readonly directory: string;
  /** Where the master connection listens. */
  readonly socket: string;
  readonly guard: ChildProcessByStdio<Writable, null, Readable>;
}

/** Arguments: the directory, then the command. It waits for a line before it begins: what the command reads is written by then. */
const GUARD = `dir=$1; shift
read -r go || { rm -rf "$dir"; exit 0; }
if [ $# -eq 0 ]; then read -r gone; rm -rf "$dir"; exit 0; fi
exec 3<&0 </dev/null
"$@" 3<&- & ssh=$!
{ read -r gone <&3; kill "$ssh"; } >/dev/null 2>&1 & watch=$!
exec 3<&- 2>/dev/null; trap '' HUP PIPE
wait "$ssh"; code=$?
kill "$watch" 2>/dev/null
rm -rf "$dir"
exit "$code"`;

/** Answers ssh's question for the passphrase of a key, and no other. */
const ASKPASS = `#!/bin/sh
case $1 in *passphrase*) exec cat "\${0%/*}/passphrase" ;; *) exit 1 ;; esac
`;

/** A socket's path has at most 104 bytes on some systems, and ssh adds 17 while it makes one. */
const LONGEST_BASE = 60;

const base = (env: NodeJS.ProcessEnv): string => {
  // In memory, and gone with the login session, where there is one.
  const runtime = env["XDG_RUNTIME_DIR"] ?? "";
  return (
    [runtime, tmpdir()].find((path) => path !== "" && path.length <= LONGEST_BASE && existsSync(path)) ??
    "/tmp"
  );
};

/** A line of ssh_config's own grammar. */
const configLine = ([keyword, value]: Option): string => `${keyword} ${value}`;

/** A name for `Include`: no glob, and one word. */
const asWord = (path: string): string => `"${path.replace(/[\\*?[\]"]/g, (character) => `\\${character}`)}"`;

/** What a room holds before ssh begins, and what ssh is told of it. */
interface Furniture {
  readonly files: readonly { readonly path: string; readonly text: string; readonly mode: number }[];
  readonly options: readonly Option[];
}

const furniture = (way: OpenSshWay, directory: string): Furniture => {
  const files: { path: string; text: string; mode: number }[] = [];
  const options: Option[] = [];
  const put = (name: string, text: string, mode = 0o600): string => {
    const path = join(directory, name);
    files.push({ path, text, mode });
    return path;
  };
  if (way.key !== undefined)
    options.push(["IdentityFile", put("key", `${way.key.replace(/\r\n/g, "\n").trim()}\n`)]);
  if (way.knownHosts !== undefined) {
    options.push(["UserKnownHostsFile", put("known_hosts", `${way.knownHosts}\n`)]);
    options.push(["GlobalKnownHostsFile", "/dev/null"], ["UpdateHostKeys", "no"]);
  }
  if (way.passphrase !== undefined) {
    put("passphrase", `${way.passphrase}\n`);
    put("askpass", ASKPASS, 0o700);
  }
  options.push(...way.options);
  // `ssh -J` hands its file of configuration to the ssh that goes to the jump host, and nothing else: what must count there stands in one.
  const includes = way.files.map((file) => `Include ${asWord(file)}`);
  if (way.jumps) put("config", `${["Match all", ...options.map(configLine), ...includes].join("\n")}\n`);
  return { files, options };
};

const withoutFile = (login: readonly string[]): readonly string[] =>
  login[0] === "-F" ? login.slice(2) : login;

/** The master connection's own arguments. `-v`: its log tells how far a login came. */
const masterArguments = (way: OpenSshWay, room: Omit<Room, "guard">, given: readonly Option[]): string[] => {
  const mine: readonly Option[] = [
    ["ControlMaster", "yes"],
    ["ControlPath", room.socket],
    ["ControlPersist", "no"],
  ];
  const login = way.jumps ? ["-F", join(room.directory, "config"), ...withoutFile(way.login)] : way.login;
  const options = [...mine, ...given].flatMap(([keyword, value]) => ["-o", `${keyword}=${value}`]);
  return ["ssh", "-v", "-N", "-T", ...login, ...options, "--", way.host];
};

const askingEnvironment = (way: OpenSshWay, env: NodeJS.ProcessEnv, directory: string): NodeJS.ProcessEnv => {
  const plain = sshEnvironment(env);
  if (way.passphrase === undefined) return plain;
  const asking = { SSH_ASKPASS: join(directory, "askpass"), SSH_ASKPASS_REQUIRE: "force" };
  // Before OpenSSH 8.4 only a display made ssh ask a program.
  return { DISPLAY: ":none", ...plain, ...asking };
};

/** Makes a room and starts a master connection in it; where there is one already (`master`), the room is for its programs alone. */
export const openRoom = (way: OpenSshWay, env: NodeJS.ProcessEnv, master?: string): Room => {
  const directory = mkdtempSync(join(base(env), "pco-"));
  const room = { directory, socket: master ?? join(directory, "m") };
  const { files, options } = master === undefined ? furniture(way, directory) : { files: [], options: [] };
  const command = master === undefined ? masterArguments(way, room, options) : [];
  // A session of its own: the terminal's Ctrl-C is not for it, and there is no terminal to ask at.
  const guard = spawn("/bin/sh", ["-c", GUARD, "ssh-guard", directory, ...command], {
    env: askingEnvironment(way, env, directory),
    stdio: ["pipe", "ignore", "pipe"],
    detached: true,
  });
  guard.stdin.on("error", () => undefined);
  for (const { path, text, mode } of files) writeFileSync(path, text, { mode });
  guard.stdin.write("go\n");
  return { ...room, guard };
};

/** The login is done: what it needed is not needed any more. */
export const clearSecrets = ({ directory }: Room): void => {
  for (const name of ["key", "passphrase"]) rmSync(join(directory, name), { force: true });
};
