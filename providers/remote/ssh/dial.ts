import { spawn } from "node:child_process";
import { Duplex } from "node:stream";
import { environmentOf } from "../environment.js";
import { Failure } from "../failure.js";
import { loadIdentities, type Identity } from "./keys.js";
import { judgeHostKey, offeredHostKeys } from "./host-key.js";
import { backOff, pause } from "../limit.js";
import { beyondSsh2 } from "./beyond.js";
import { dial, type Dialling, type SshLink } from "./connection.js";
import { flawOf } from "./logins.js";
import { explain, WAY_OUT, type Trouble } from "./trouble.js";
import type { Way } from "./way.js";

/** Attempts where a server turns connections away unseen (MaxStartups refuses at random above 10 at a time). */
const ATTEMPTS = 6;

interface Carrier {
  readonly sock?: Duplex;
  /** What the command that carries the connection said, where it has ended with complaints or an error. */
  readonly complaint?: () => Promise<string | undefined>;
}

/** Milliseconds that a command gets to say why it has closed the connection. */
const LAST_WORDS = 500;

/** Standard input and output of a command, as `ProxyCommand` has it. Its complaints are kept for the message. */
const throughCommand = (command: string): Carrier => {
  const shell = process.env["SHELL"] ?? "/bin/sh";
  const child = spawn(shell, ["-c", `exec ${command}`], {
    stdio: ["pipe", "pipe", "pipe"],
    env: environmentOf(process.env),
  });
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints = (complaints + chunk.toString("utf8")).slice(-2000);
  });
  const ended = new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) => {
      const status = code === 0 ? "" : `ProxyCommand ended with exit code ${String(code)}`;
      const said = `${complaints}\n${status}`.trim();
      resolve(said === "" ? undefined : said);
    });
  });
  child.stdin.on("error", () => undefined);
  const sock = Duplex.from({ readable: child.stdout, writable: child.stdin });
  sock.on("error", () => undefined);
  // Its input has ended; one that does not end by itself has said what it had to say by then.
  sock.on("close", () => setTimeout(() => child.kill(), 2 * LAST_WORDS).unref());
  return { sock, complaint: () => Promise.race([ended, pause(LAST_WORDS).then(() => undefined)]) };
};

/** A stream through the jump host, in the time that a connection may take. */
const throughJump = async (way: Way, over: SshLink): Promise<Carrier | Trouble> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Trouble>((resolve) => {
    timer = setTimeout(
      () => resolve(explain(way, { level: "client-timeout", message: "" })),
      way.connectTimeoutSeconds * 1000,
    );
  });
  const opened = await Promise.race([over.forward(way.hostName, way.port), late]);
  clearTimeout(timer);
  if (opened instanceof Duplex) return { sock: opened };
  if ("failure" in opened) return opened;
  const { message, reason } = opened;
  return explain(way, { ...(over.lost() ? {} : { level: "jump" }), message, reason });
};

const isTrouble = (item: object): item is Trouble => "failure" in item && "again" in item;

const sockFor = async (way: Way, over: SshLink | undefined): Promise<Carrier | Trouble> => {
  if (over !== undefined) return throughJump(way, over);
  return way.proxyCommand === undefined ? {} : throughCommand(way.proxyCommand);
};

/** What is tried and what cannot be, in one clause. */
const triedOf = (identities: readonly Identity[], flaws: readonly string[]): string => {
  const tried =
    identities.length === 0
      ? "there is no key to try"
      : `tried ${identities.map(({ label }) => label).join(", ")}`;
  return [tried, ...flaws].join("; ");
};

/** Where the command that carries the connection gave up before the login, nobody was there. */
const noCarrier = ({ failure }: Trouble): { code?: "unreachable" } =>
  failure.code === "cut" ? { code: "unreachable" } : {};

/** A command that has failed would fail again. */
const withComplaint = (trouble: Trouble, said: string | undefined): Trouble =>
  said === undefined
    ? trouble
    : {
        again: false,
        failure: new Failure({ ...trouble.failure.parts, ...noCarrier(trouble), stderr: said }),
      };

const once = async (
  dialling: Omit<Dialling, "sock">,
  over: SshLink | undefined,
): Promise<SshLink | Trouble> => {
  const stream = await sockFor(dialling.way, over);
  if (isTrouble(stream)) return stream;
  const answer = await dial({ ...dialling, sock: stream.sock });
  if (!isTrouble(answer)) return answer;
  const said = await stream.complaint?.();
  stream.sock?.destroy();
  return withComplaint(answer, said);
};

/** Where a login was refused, what it could not be tried with is named. */
const withMore = async (failure: Failure, way: Way, identities: readonly Identity[]): Promise<Failure> => {
  if (failure.code !== "authentication") return failure;
  const beyond = await beyondSsh2(way.identities, identities);
  if (beyond === undefined) return failure;
  return new Failure({ ...failure.parts, what: `${failure.parts.what}; ${beyond}`, cure: WAY_OUT });
};

/** Opens the connection of a way; `over` is the connection of its jump host. @throws Failure */
export const connectWay = async (way: Way, over: SshLink | undefined): Promise<SshLink> => {
  const { identities, unusable } = await loadIdentities(way.identities);
  const flaws = identities.flatMap((identity) => {
    const flaw = identity.kind === "key" ? flawOf(identity) : undefined;
    return flaw === undefined ? [] : [{ identity, text: `${identity.label} ${flaw}` }];
  });
  const usable = identities.filter((identity) => !flaws.some((flaw) => flaw.identity === identity));
  const dialling = {
    way,
    identities: usable,
    tried: triedOf(usable, [...unusable, ...flaws.map(({ text }) => text)]),
    hostKeyAlgorithms: await offeredHostKeys(way),
    verify: (key: Buffer) => judgeHostKey(way, key),
  };
  for (let attempt = 0; ; attempt += 1) {
    const answer = await once(dialling, over);
    if (!isTrouble(answer)) return answer;
    if (!answer.again || attempt + 1 >= ATTEMPTS) throw await withMore(answer.failure, way, identities);
    await backOff(attempt, 150);
  }
};
