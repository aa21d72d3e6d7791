/** Our verdict on a host key against that of the real `ssh`, for one generated case. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { Failure } from "../../providers/remote/failure";
import { readSettings } from "../../providers/remote/settings";
import { keyTypeOf } from "../../providers/remote/ssh/algorithms";
import { judgeHostKey, offeredHostKeys } from "../../providers/remote/ssh/host-key";
import { parseKnownHosts } from "../../providers/remote/ssh/known-hosts";
import { configurationOf, wayTo } from "../../providers/remote/ssh/options";
import type { KnownCase } from "./known-hosts-arbitraries";
import { ssh } from "./ssh-config-judge";
import type { SshServer } from "./ssh-server";

/** A verdict, and what the files are after it. */
export interface Judgement {
  readonly verdict: string;
  readonly files: Readonly<Record<string, string>>;
}

const VERDICTS: readonly (readonly [string, RegExp])[] = [
  ["accepted", /Permission denied/],
  ["revoked", /REVOKED HOST KEY|is revoked/],
  ["changed", /IDENTIFICATION HAS CHANGED|has changed/],
  ["weak", /Invalid key length|RSA host key has/i],
  ["no algorithm", /no matching host key type/],
  ["other keys", /other keys are known/],
  ["unknown", /host key is known for|Host key verification failed|is not known|only a @cert-authority/],
];

const verdictOf = (said: string): string => VERDICTS.find(([, how]) => how.test(said))?.[0] ?? said;

const EMPTY_ENV = { PATH: process.env["PATH"], SHELL: "/bin/sh" };

/** Carries a connection to a port of this machine, whatever the host is called; nothing of it outlives `ssh`. */
const carrier = (port: number): string =>
  `bash -c 'exec 2>/dev/null 3<>/dev/tcp/127.0.0.1/${port}; cat <&3 & trap "kill $!" EXIT HUP; cat >&3'`;

const inFolder = async (
  one: KnownCase,
  ask: (folder: string, config: string) => Promise<string>,
): Promise<Judgement> => {
  const folder = mkdtempSync(join(tmpdir(), "known-hosts-"));
  try {
    for (const [name, text] of Object.entries(one.files))
      writeFileSync(join(folder, name), text.replaceAll("@D@", folder), { mode: 0o600 });
    const verdict = await ask(folder, join(folder, "config"));
    const names = readdirSync(folder).filter((name) => name !== "config");
    const files = names.map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
    return { verdict, files: Object.fromEntries(files.sort()) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const bySsh = (one: KnownCase, server: SshServer): Promise<Judgement> =>
  inFolder(one, async (_folder, config) => {
    const options = [
      "BatchMode=yes",
      "PreferredAuthentications=none",
      `ProxyCommand=${carrier(server.port)}`,
    ];
    const args = ["-F", config, ...options.flatMap((option) => ["-o", option]), one.host, "true"];
    return verdictOf((await ssh(args, EMPTY_ENV)).stderr);
  });

/** The key that a server shows a client: of the first algorithm of the client's that it has a key for. @see https://www.rfc-editor.org/rfc/rfc4253#section-7.1 */
const shown = (offered: readonly string[], { hostKeys }: SshServer): Buffer | undefined => {
  const keys = hostKeys.map((key) => key.public.split(" "));
  const found = offered.flatMap((name) => keys.filter(([type]) => type === keyTypeOf(name)))[0];
  return found === undefined ? undefined : Buffer.from(found[1] ?? "", "base64");
};

export const byOurs = (one: KnownCase, server: SshServer): Promise<Judgement> =>
  inFolder(one, async (_folder, config) => {
    const { homedir: home, username: user } = userInfo();
    const settings = readSettings((key) => (key === "sshConfig" ? config : undefined), {});
    try {
      const way = await wayTo(await configurationOf(settings, { env: EMPTY_ENV, home, user }), one.host);
      const blob = shown(await offeredHostKeys(way), server);
      if (blob === undefined) return "no algorithm";
      const failure = await judgeHostKey(way, blob);
      return failure === undefined ? "accepted" : verdictOf(failure.message);
    } catch (error) {
      if (error instanceof Failure && error.code === "configuration") return `refused: ${error.message}`;
      throw error;
    }
  });

/** A key under the name of another type: with `accept-new` no other key is taken for new beside it, as `ssh` would. */
const hasMisnamed = ({ k1, k2, g }: KnownCase["files"]): boolean =>
  [k1, k2, g].some((text) => parseKnownHosts(text, "").some(({ blob }) => blob.length === 0));

/**
 * Where ours refuses what `ssh` lets pass, or refuses for another reason: a revoked key that nobody checks, that is revoked for the name without the port, or by a marker with a tab
 * after it; and what is said above.
 */
const isStricter = ({ files }: KnownCase, ours: string): boolean => {
  const { config, k1, k2, g } = files;
  if (ours === "revoked" && /Checking no|Port 2222/.test(config)) return true;
  return (k1 + k2 + g).includes("@revoked\t") || (config.includes("accept-new") && hasMisnamed(files));
};

/** Where keys of other types are known ours names them, and `ssh` says "changed" or that the key is not known: refused either way. */
const sameVerdict = (one: KnownCase, ours: string, judge: string): boolean =>
  ours === judge ||
  (ours === "other keys" && (judge === "changed" || judge === "unknown")) ||
  (ours !== "accepted" && isStricter(one, ours));

/**
 * With `accept-new` both write the same, but where the last line is open: `ssh` glues two lines there. With `no` the real one writes as well, and we
 * never do.
 */
const isWritten = ({ config, k1 }: KnownCase["files"]): boolean =>
  config.includes("accept-new") && /(^|\n)$/.test(k1);

export const agree = (one: KnownCase, ours: Judgement, judge: Judgement): boolean =>
  sameVerdict(one, ours.verdict, judge.verdict) &&
  (ours.verdict !== judge.verdict ||
    !isWritten(one.files) ||
    JSON.stringify(ours.files) === JSON.stringify(judge.files));
