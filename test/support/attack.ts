/** A directory of a service under attack by that service. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesOn, type Change, type Look } from "../../providers/clients/files/index";
import { fakeHost, type FakeHost } from "./fake-host";

export const SERVICE = 65534;
/** Who shall have the key. */
const KEEPER = 1;
export const KEY = "AQ-the-key-of-the-cluster";
export const SECRET = "root alone may read this";

/** What is done with the target. */
export const VERBS = [
  "create",
  "rewrite",
  "restore",
  "rekey",
  "keep",
  "remove",
  "mkdir",
  "dress",
  "rmdir",
  "in place",
] as const;
export type Verb = (typeof VERBS)[number];

/** How the directory lies: below one of root's, below one of the service's, on a file system of its own. */
export const LAYS = ["below root", "below itself", "alone"] as const;
export type Lay = (typeof LAYS)[number];

/** What the service puts in the place of `$t`; it runs as the service, hard links of others' files as root (as without protected_hardlinks). */
const lead = (path: string): string => `ln -s OUTSIDE/${path} "$t"`;
export const ACTIONS: Readonly<Record<string, string>> = {
  "link to a secret": lead("secret"),
  "link to a program": lead("program"),
  "link to a device": lead("device"),
  "link to a directory": lead("theirs"),
  "link to a file of its content": lead("theirs/conf"),
  "hard link to a secret": 'ln OUTSIDE/secret "$t"',
  "hard link to a program": 'ln OUTSIDE/program "$t"',
  "hard link to a device": 'ln OUTSIDE/device "$t"',
  pipe: 'mkfifo "$t"',
  directory: 'mkdir "$t"',
  "own file": 'echo mine >"$t"; chmod 666 "$t"',
  "same content": 'printf old >"$t"; chmod 6777 "$t"',
  nothing: ":",
};

/** What a seed decides. */
export interface Dice {
  below(limit: number): number;
  one<T>(items: readonly T[]): T;
}

export interface Round {
  readonly verb: Verb;
  readonly lay: Lay;
  readonly action: string;
  /** The target, whatever temporary file he sees, the name that one could think comes next, or the directory itself. */
  readonly what: "target" | "temporary" | "next" | "directory";
}

/** As the service. */
const asService = (script: string): string =>
  `setpriv --reuid ${SERVICE} --regid ${SERVICE} --clear-groups sh -c '${script}'`;

/** What he does, and how he puts things back: two scripts. */
export const actionsOf = (
  { host, directory }: Site,
  { action, what }: Round,
): Record<"act" | "back", string> => {
  const evil = (ACTIONS[action] ?? ":").replaceAll("OUTSIDE", host.path("outside"));
  const seen = "$(ls -A | grep -F .pco.";
  const each = {
    target: "conf",
    temporary: `${seen})`,
    next: `${seen} | sed 's/$/.dressed/')`,
    directory: "in",
  }[what];
  const place = what === "directory" ? join(directory, "..") : directory;
  const head = `cd ${place} || exit 0\nexec 2>/dev/null`;
  const hard = evil.startsWith("ln /");
  const aside = 'mv -T "$t" aside';
  const act = hard ? `${asService(aside)}; ${evil}` : asService(`${aside}; ${evil}`);
  return {
    act: `${head}\nfor t in ${each}; do export t; ${act}; done\n`,
    back: `${head}\nfor t in ${each}; do export t; ${asService('rm -rf "$t"; mv -T aside "$t"')}; done\n`,
  };
};

export interface Site {
  readonly host: FakeHost;
  readonly directory: string;
  readonly path: string;
  readonly outside: string;
  done(): void;
}

const outsideOf = (host: FakeHost): string => {
  const outside = host.path("outside");
  mkdirSync(join(outside, "theirs"), { recursive: true });
  writeFileSync(join(outside, "secret"), SECRET, { mode: 0o600 });
  writeFileSync(join(outside, "program"), "a program of root's");
  chmodSync(join(outside, "program"), 0o4755);
  writeFileSync(join(outside, "theirs", "conf"), "old", { mode: 0o600 });
  // Another name of /dev/null: what is opened there by mistake is opened, and its rights are changed.
  execFileSync("mknod", [join(outside, "device"), "c", "1", "3"]);
  chmodSync(join(outside, "device"), 0o660);
  return outside;
};

/** What the work begins with. */
const stand = (verb: Verb, path: string, inner: string): void => {
  if (verb === "create" || verb === "mkdir") return;
  if (verb === "dress" || verb === "rmdir") return mkdirSync(path);
  writeFileSync(path, "old", { mode: 0o640 });
  if (verb !== "in place") return;
  writeFileSync(inner, "old", { mode: 0o640 });
  execFileSync("mount", ["--bind", inner, path]);
};

/** A run that takes longer hangs. */
const DEADLINE = ["timeout", "-s", "KILL", "60"];

/** `bin`: a directory of tools that come first; `tracer`: what the shell is started by. */
export const siteOf = (
  { verb, lay }: Pick<Round, "verb" | "lay">,
  { bin, tracer = () => [] }: { readonly bin?: string; readonly tracer?: (host: FakeHost) => string[] } = {},
): Site => {
  const shell = [...DEADLINE];
  const host = fakeHost({ shell, ...(bin === undefined ? {} : { bin }) });
  shell.push(...tracer(host), "/bin/sh");
  const outside = outsideOf(host);
  const directory = lay === "below itself" ? host.path("svc", "in") : host.path("svc");
  mkdirSync(directory, { recursive: true });
  // The way to the directory is open to the service, as /etc is.
  chmodSync(host.root, 0o755);
  if (lay === "alone") execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "none", directory]);
  const path = join(directory, "conf");
  stand(verb, path, join(outside, "inner"));
  writeFileSync(join(directory, ".conf.pco.999999999.1.aaaa"), "what a killed run left");
  execFileSync("mkfifo", [join(directory, "pipe")]);
  execFileSync("chown", ["-R", `${SERVICE}:${SERVICE}`, host.path("svc")]);
  return {
    host,
    directory,
    path,
    outside,
    done: () => {
      // Where they lie now: the service may have moved them.
      const mounts = readFileSync("/proc/mounts", "utf8")
        .split("\n")
        .map((line) => line.split(" ")[1] ?? "")
        .filter((at) => at.startsWith(`${host.root}/`));
      for (const at of mounts.reverse()) execFileSync("umount", ["-l", at]);
      host.dispose();
    },
  };
};

const CHANGES: Readonly<Record<Verb, Change>> = {
  create: { to: { bytes: KEY }, owner: String(KEEPER), group: String(KEEPER), mode: "0400", first: "during" },
  rewrite: { to: { bytes: "new" }, first: "during", then: "after" },
  restore: { to: { bytes: "as it was before us" }, then: null },
  rekey: { to: { bytes: KEY }, owner: String(KEEPER), group: String(KEEPER), mode: "0400", first: "during" },
  keep: { first: "record" },
  remove: { to: "removed", first: "during", then: null },
  mkdir: { to: "directory", owner: "root", mode: "0755", first: "during" },
  dress: { to: "directory", owner: String(KEEPER), group: String(KEEPER), mode: "0700" },
  rmdir: { to: "no-directory", then: null },
  "in place": { to: { bytes: KEY }, owner: String(KEEPER), group: String(KEEPER), mode: "0400" },
};

/** One look and one write; a look that finds something else than what was there refuses, as artifacts do. */
export const work = async ({ host, path }: Site, verb: Verb): Promise<string> => {
  const files = filesOn(host);
  const wanted = { create: "absent", mkdir: "absent", dress: "directory", rmdir: "directory" };
  const kind = verb in wanted ? wanted[verb as keyof typeof wanted] : "file";
  let tries = 0;
  try {
    const look = await files.look(path);
    const after = await files.change(look, (seen: Look) => {
      tries += 1;
      if (tries > 6 || seen.kind !== kind) throw new Error(`a ${seen.kind}`);
      return CHANGES[verb];
    });
    const { to } = CHANGES[verb];
    const isAsDesired = typeof to !== "object" || after.bytes === to.bytes;
    // He may come after the write and before the last look: that shows it, and the artifact says that it did not converge.
    return isAsDesired ? "done" : "told: not as desired";
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : String(error)}`;
  }
};

/** The attacker who does not wait for anything. */
export const storm = ({ directory, outside }: Site, seed: number): ChildProcess =>
  spawn(process.execPath, [join(__dirname, "attacker.cjs"), directory, outside, "conf", String(seed)], {
    stdio: "inherit",
  });
