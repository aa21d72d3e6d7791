/** The keys that log in, as ssh2 takes them. */
import { OpenSSHAgent, utils } from "ssh2";
import type {
  AnyAuthMethod,
  AuthHandlerMiddleware,
  GetStreamCallback,
  IdentityCallback,
  ParsedKey,
} from "ssh2";
import type { AgentIdentity, Identity, KeyIdentity } from "./keys.js";
import type { Tale } from "./login-tale.js";

/** The agent that a login waits for at the moment: it may ask a person, or hang. */
export interface Waiting {
  agent?: string | undefined;
}

/** The agent, showing only those of its keys that count. */
class ChosenKeys extends OpenSSHAgent {
  readonly identity: AgentIdentity;
  readonly waiting: Waiting;

  constructor(identity: AgentIdentity, waiting: Waiting) {
    super(identity.socket);
    this.identity = identity;
    this.waiting = waiting;
  }

  /** A stream for each question; it is closed when the answer is there. */
  override getStream(callback: GetStreamCallback): void {
    this.waiting.agent = this.identity.label;
    super.getStream((error, stream) => {
      const answered = (): void => void (this.waiting.agent = undefined);
      if (stream) stream.once("close", answered);
      else answered();
      callback(error, stream);
    });
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    super.getIdentities((error, keys) => {
      if (error) callback(error);
      else
        callback(
          null,
          keys?.filter((key) => "getPublicSSH" in key && this.identity.counts(key.getPublicSSH())),
        );
    });
  }
}

const parsed = new Map<string, ParsedKey | Error>();

/** Parsed once per process: opening an encrypted key takes about 0.1 s of computing, and a run opens many connections. */
const parseOnce = ({ text, passphrase }: KeyIdentity): ParsedKey | Error => {
  const name = `${passphrase ?? ""}\n${text}`;
  const known = parsed.get(name) ?? utils.parseKey(text, passphrase);
  parsed.set(name, known);
  return known;
};

/** Why a private key cannot be used, or undefined where it can. */
export const flawOf = (identity: KeyIdentity): string | undefined => {
  const key = parseOnce(identity);
  if (!(key instanceof Error)) return key.isPrivateKey() ? undefined : "is not a private key";
  if (/passphrase|decrypt|integrity|bad decrypt/i.test(key.message))
    return "is encrypted, and ceph-openstack:sshPassphrase does not open it";
  return `cannot be read as a private key (${key.message})`;
};

/** How the identities log in. */
export const methods = (user: string, identities: readonly Identity[], waiting: Waiting): AnyAuthMethod[] =>
  identities.flatMap((identity): AnyAuthMethod[] => {
    if (identity.kind === "agent")
      return [{ type: "agent", username: user, agent: new ChosenKeys(identity, waiting) }];
    const key = parseOnce(identity);
    return key instanceof Error ? [] : [{ type: "publickey", username: user, key }];
  });

/** One method after another, whatever the server says it takes; what it says is kept. */
export const inTurn =
  (left: AnyAuthMethod[], tale: Tale): AuthHandlerMiddleware =>
  (wants: readonly string[] | null, partial: boolean | null) => {
    if (wants !== null) tale.wants = wants;
    if (partial === true) tale.partial = true;
    return left.shift() ?? false;
  };
