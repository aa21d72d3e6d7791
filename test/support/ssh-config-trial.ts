/** Our reading of an ssh_config file against that of the real `ssh`, for one generated case. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Failure } from "../../providers/remote/failure";
import { readSettings } from "../../providers/remote/settings";
import { choose, HOST_KEY_DEFAULTS, type AlgorithmKind } from "../../providers/remote/ssh/algorithms";
import { configurationOf, wayTo } from "../../providers/remote/ssh/options";
import type { Way } from "../../providers/remote/ssh/way";
import { ENVIRONMENT, type ConfigCase } from "./ssh-config-arbitraries";
import { judged, type Reached, type Verdict } from "./ssh-config-judge";

/** How one case went. */
export interface Outcome {
  readonly kind: "same" | "refused by both" | "refused by name" | "different";
  /** Lines over which `ssh` stumbles and that say nothing to this host: we pass over them. */
  readonly passedOver: number;
  readonly ours: Verdict;
  readonly judge: Verdict;
}

const reached = (way: Way): Reached => ({
  values: {
    hostName: way.hostName,
    port: way.port,
    user: way.user,
    addressFamily: way.addressFamily,
    bindAddress: way.bindAddress,
    timeout: way.connectTimeoutSeconds,
    aliveInterval: way.aliveIntervalSeconds,
    aliveCountMax: way.aliveCountMax,
    only: way.identities.only,
    agent: way.identities.agent,
    keyName: way.hostKeys.name,
    keyPort: way.hostKeys.port,
    checking: way.hostKeys.checking,
    userFiles: way.hostKeys.userFiles.join(" "),
    globalFiles: way.hostKeys.globalFiles.join(" "),
    hashNew: way.hostKeys.hashNew,
    rsaBits: way.hostKeys.minimumRsaBits,
    knownHostsCommand: way.hostKeys.command?.text,
    hostKeyAlgorithms: way.algorithms.hostKey ?? HOST_KEY_DEFAULTS,
    kex: way.algorithms.kex,
    cipher: way.algorithms.cipher,
    mac: way.algorithms.mac,
    proxyCommand: way.proxyCommand,
    identities:
      way.identities.explicit || way.identities.files.length === 0 ? way.identities.files : "the usual",
  },
  via: way.via === undefined ? undefined : reached(way.via),
});

interface Site {
  readonly folder: string;
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
}

const ours = async ({ host }: ConfigCase, { file, env }: Site): Promise<Verdict> => {
  const { homedir: home, username: user } = userInfo();
  const settings = readSettings((key) => (key === "sshConfig" ? file : undefined), {});
  try {
    return reached(await wayTo(await configurationOf(settings, { env, home, user }), host));
  } catch (error) {
    if (error instanceof Failure && error.code === "configuration") return { refused: error.message };
    throw error;
  }
};

const KINDS: readonly AlgorithmKind[] = ["kex", "cipher", "mac"];

/** Of algorithms that both could use, those that ours can speak; nothing is compared where our own choice counts. */
export const comparable = (judge: Reached, mine: Reached): Reached => {
  const values: Record<string, unknown> = { ...judge.values };
  for (const kind of KINDS) {
    const names = judge.values[kind];
    const own = mine.values[kind];
    values[kind] = own === undefined || !Array.isArray(names) ? own : choose(kind, names.map(String));
  }
  // None: our own.
  if (values["aliveInterval"] === 0) values["aliveInterval"] = mine.values["aliveInterval"];
  const via = judge.via === undefined || mine.via === undefined ? judge.via : comparable(judge.via, mine.via);
  return { values, via };
};

const write = (one: ConfigCase, { folder }: Site): void => {
  for (const [name, text] of Object.entries(one.files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text.replaceAll("@D@", folder), { mode: 0o600 });
  }
};

interface Place {
  readonly name: string;
  readonly at: number;
}

/** A case with another line in place of one of its own. */
const instead = (one: ConfigCase, { name, at }: Place, by = ""): ConfigCase => {
  const lines = (one.files[name] ?? "").split("\n");
  return {
    ...one,
    files: { ...one.files, [name]: lines.map((line, n) => (n === at ? by : line)).join("\n") },
  };
};

/** What may stand in place of a line that says nothing to a host: a `Match` that does not hold is still the end of what is before it. */
const SUBSTITUTES = ["", "Match originalhost nobody-asks", "Match final originalhost nobody-asks"];

/** The line that a refusal of `ssh` names. */
const stumbleOf = ({ folder }: Site, refused: string): Place | undefined => {
  for (const [, path, line] of refused.matchAll(/^(?:.*?)(\/\S+?):? line (\d+):/gm)) {
    if (path?.startsWith(`${folder}/`) === true)
      return { name: path.slice(folder.length + 1), at: Number(line) - 1 };
  }
  return undefined;
};

const kindOf = (mine: Verdict, judge: Verdict): Outcome["kind"] => {
  if ("refused" in mine) return "refused" in judge ? "refused by both" : "refused by name";
  if ("refused" in judge) return "different";
  return isDeepStrictEqual(mine, comparable(judge, mine)) ? "same" : "different";
};

interface Refusal {
  readonly mine: Verdict;
  readonly refused: string;
}

/** Every line that is one. */
const linesOf = ({ files }: ConfigCase): readonly Place[] =>
  Object.entries(files).flatMap(([name, text]) =>
    text.split("\n").flatMap((line, at) => (line.trim() === "" ? [] : [{ name, at }])),
  );

/**
 * `ssh` reads values of lines that are for other hosts, too. What we pass over must be nothing to this one: a case without the line over which `ssh`
 * stumbles, and ours the same. Where `ssh` names none, each is tried.
 */
const withoutStumble = async (
  one: ConfigCase,
  site: Site,
  { mine, refused }: Refusal,
): Promise<ConfigCase | undefined> => {
  const named = stumbleOf(site, refused);
  const tries = (named === undefined ? linesOf(one) : [named]).flatMap((place) =>
    SUBSTITUTES.map((line) => instead(one, place, line)),
  );
  for (const less of tries) {
    write(less, site);
    if (!isDeepStrictEqual(await ours(less, site), mine)) continue;
    if (named !== undefined) return less;
    const judge = await judged({ args: ["-F", site.file, one.host], file: site.file, env: site.env });
    if (!("refused" in judge) || judge.refused !== refused) return less;
  }
  return undefined;
};

const compare = async (one: ConfigCase, site: Site, passedOver = 0): Promise<Outcome> => {
  write(one, site);
  const [mine, judge] = await Promise.all([
    ours(one, site),
    judged({ args: ["-F", site.file, one.host], file: site.file, env: site.env }),
  ]);
  const outcome = { kind: kindOf(mine, judge), passedOver, ours: mine, judge };
  if ("refused" in mine || !("refused" in judge)) return outcome;
  if (passedOver > 50) return outcome;
  const less = await withoutStumble(one, site, { mine, refused: judge.refused });
  return less === undefined ? outcome : compare(less, site, passedOver + 1);
};

export const trial = async (one: ConfigCase): Promise<Outcome> => {
  const folder = mkdtempSync(join(tmpdir(), "ssh-config-"));
  const env = { ...ENVIRONMENT, HOME: folder, PATH: process.env["PATH"] };
  try {
    return await compare(one, { folder, file: join(folder, "config"), env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The same fault with as few lines as it takes. */
export const shrunk = async (one: ConfigCase): Promise<ConfigCase> => {
  let least = one;
  for (const name of Object.keys(one.files)) {
    for (const [at] of (one.files[name] ?? "").split("\n").entries()) {
      const less = instead(least, { name, at });
      if (isDeepStrictEqual(less, least)) continue;
      if ((await trial(less)).kind === "different") least = less;
    }
  }
  return least;
};
