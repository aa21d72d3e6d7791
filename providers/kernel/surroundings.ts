/** What all resources of one provider process share: settings, the door to the network, claims, caches. */
import { connectRemote } from "../remote/index.js";
import type { Machine, Remote } from "../remote/machine.js";
import { redact } from "../remote/redact.js";
import { readSettings, type Settings } from "../remote/settings.js";
import { newClaims, type Claims } from "../ownership/claims.js";
import type { Reach } from "./contract.js";
import type { Examine } from "./examine.js";
import { traced } from "./trace.js";
import type { Written } from "./written.js";

export interface Surroundings {
  readonly claims: Claims;
  /** What the resources of this run write, of those that were looked at so far: whoever depends on them comes later. */
  readonly written: Written[];
  /** A doctor's look at what a check has passed. @default none: a check touches nothing */
  readonly examine: Examine | undefined;
  /** Keeps the stack's configuration; reads nothing of it yet, so that a bad value is one clear failure of the verb that needs it. */
  configure(get: (key: string) => string | undefined): void;
  /** Says what will hardly be meant, once in this process. */
  warn(text: string): void;
  /** What is wrong with the configuration, in sentences. */
  problems(): readonly string[];
  reach(who: Pick<Reach, "owner" | "token" | "lives">): Reach;
}

/** The parts that tests replace. */
export interface Parts {
  readonly env?: NodeJS.ProcessEnv;
  readonly connect?: (settings: Settings) => Remote;
  readonly say?: (line: string) => void;
  readonly examine?: Examine | undefined;
}

const onceEach = (say: (text: string) => void): ((text: string) => void) => {
  const said = new Set<string>();
  return (text) => {
    if (!said.has(text)) say(text);
    said.add(text);
  };
};

/** One value by key, made on first use. */
const sharing = (): Reach["shared"] => {
  const kept = new Map<symbol, unknown>();
  return <T>(key: symbol, make: () => T): T => {
    if (!kept.has(key)) kept.set(key, make());
    // A key is used with one type only: every user declares its own symbol beside its own `make`.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- see above
    return kept.get(key) as T;
  };
};

export const newSurroundings = ({
  env = process.env,
  connect = connectRemote,
  say = console.log,
  examine,
}: Parts = {}): Surroundings => {
  let get: (key: string) => string | undefined = () => undefined;
  let settings: Settings | undefined;
  let remote: Remote | undefined;
  const claims = newClaims();
  const shared = sharing();
  const theSettings = (): Settings => (settings ??= readSettings(get, env));
  const tell = (text: string) => say(redact(`ceph-openstack: ${text}`));
  const warn = onceEach((text) => tell(`warning: ${text}`));
  const theRemote = (): Remote => (remote ??= connect(theSettings()));
  const isTraced = env["CEPH_OPENSTACK_DEBUG"] === "1";
  const machine = (host: string): Machine =>
    isTraced ? traced(theRemote().machine(host), tell) : theRemote().machine(host);
  return {
    claims,
    written: [],
    examine,
    configure(source) {
      get = source;
    },
    warn,
    problems: () => theSettings().problems,
    reach: (who) => ({
      ...who,
      claims,
      settings: theSettings(),
      machine,
      web: (request) => theRemote().web(request),
      note: tell,
      shared,
    }),
  };
};
