import { Failure } from "./failure.js";

/** One password of one login, which may be the same account on many hosts (a directory server counts them together). */
export interface Credential {
  readonly host: string;
  readonly user: string;
  readonly password: string;
}

/** What a run knows of passwords for sudo: each one of a login is tried on one host before any other host tries it. */
export interface Passwords {
  /**
   * Tries a password, unless another host has refused it. `attempt` gives the failure where sudo looked at the password and refused it, and
   * throws where it said nothing about the password. @throws Failure `sudo`
   */
  tried(credential: Credential, attempt: () => Promise<Failure | undefined>): Promise<void>;
}

interface Known {
  state: "unknown" | "right" | "refused";
  failure?: Failure;
  refusedBy?: string;
  /** Whoever tries it now; the others wait. */
  turn: Promise<unknown>;
}

const notTried = (host: string, { failure, refusedBy }: Known): Failure => {
  const parts = failure?.parts ?? { code: "sudo", what: "sudo refused the password" };
  if (host === refusedBy) return new Failure({ ...parts, host });
  const { stderr: _theirs, ...rest } = parts;
  const what = `${parts.what} on ${String(refusedBy)}, so it was not tried here: many wrong attempts lock a login`;
  return new Failure({ ...rest, host, what });
};

export const newPasswords = (): Passwords => {
  const all = new Map<string, Known>();
  const knownOf = ({ user, password }: Credential): Known => {
    const key = JSON.stringify([user, password]);
    const known = all.get(key) ?? { state: "unknown", turn: Promise.resolve() };
    all.set(key, known);
    return known;
  };
  const refuse = (known: Known, host: string, failure: Failure): void => {
    if (known.state === "refused") return;
    Object.assign(known, { state: "refused", failure, refusedBy: host });
  };
  const attemptOnce = async (known: Known, host: string, attempt: () => Promise<Failure | undefined>) => {
    if (known.state === "refused") throw notTried(host, known);
    const failure = await attempt();
    if (failure === undefined) {
      if (known.state === "unknown") known.state = "right";
      return;
    }
    refuse(known, host, failure);
    throw failure;
  };
  return {
    tried: async (credential, attempt) => {
      const known = knownOf(credential);
      const mine = () => attemptOnce(known, credential.host, attempt);
      if (known.state !== "unknown") return mine();
      // One after the other, until one has an answer.
      const turn = known.turn.then(() => known.state !== "right" && mine().then(() => true));
      known.turn = turn.catch(() => undefined);
      if (!(await turn)) await mine();
    },
  };
};
