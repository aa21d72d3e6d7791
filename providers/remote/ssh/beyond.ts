import { existsSync } from "node:fs";
import { connect } from "node:net";
import { openSshHead, wireString, type Identity } from "./keys.js";
import type { IdentitySources } from "./way.js";

/** What a login could be tried with, were it not ssh2 that logs in: keys in hardware, and certificates. */

const REQUEST_IDENTITIES = Buffer.from([0, 0, 0, 1, 11]);
const IDENTITIES_ANSWER = 12;
/** An agent that takes longer has had its time in the login. */
const PATIENCE = 1000;

/** Types and comments of an agent's answer. @see https://datatracker.ietf.org/doc/html/draft-ietf-sshm-ssh-agent */
const keysOf = (answer: Buffer): readonly { type: string; comment: string }[] => {
  const keys: { type: string; comment: string }[] = [];
  if (answer[4] !== IDENTITIES_ANSWER) return keys;
  let at = 9;
  for (let left = answer.readUInt32BE(5); left > 0; left -= 1) {
    const [blob, afterBlob] = wireString(answer, at);
    const [comment, afterComment] = wireString(answer, afterBlob);
    keys.push({ type: wireString(blob, 0)[0].toString("latin1"), comment: comment.toString("utf8") });
    at = afterComment;
  }
  return keys;
};

const isWhole = (data: Buffer): boolean => data.length >= 4 && data.length >= data.readUInt32BE(0) + 4;

/** What an agent holds, ssh2's and not; nothing where it does not say. */
const listOf = (socket: string): Promise<ReturnType<typeof keysOf>> =>
  new Promise((resolve) => {
    const stream = connect(socket);
    let data = Buffer.alloc(0);
    const finish = (): void => {
      clearTimeout(timer);
      stream.destroy();
      try {
        resolve(isWhole(data) ? keysOf(data) : []);
      } catch {
        resolve([]); // What it says is no list of keys.
      }
    };
    const timer = setTimeout(finish, PATIENCE);
    stream.on("error", finish);
    stream.on("close", finish);
    stream.on("data", (chunk: Buffer) => {
      data = Buffer.concat([data, chunk]);
      if (isWhole(data)) finish();
    });
    stream.write(REQUEST_IDENTITIES);
  });

const kindOf = (type: string): string | undefined => {
  if (type.includes("-cert-v0")) return "a certificate";
  return type.startsWith("sk-") ? "a FIDO key" : undefined;
};

const inAgent = async (socket: string): Promise<string[]> =>
  (await listOf(socket)).flatMap(({ type, comment }) => {
    const kind = kindOf(type);
    return kind === undefined ? [] : [`${kind} in the agent (${type} ${comment})`];
  });

/** True where a private key's file holds but the handle of a key in hardware. */
export const isFido = (text: string): boolean =>
  openSshHead(text)?.blob.subarray(4, 7).toString("latin1") === "sk-";

/** Everything at hand that ssh2 cannot log in with, as a clause; undefined where there is nothing. */
export const beyondSsh2 = async (
  sources: IdentitySources,
  identities: readonly Identity[],
): Promise<string | undefined> => {
  const beside = sources.files
    .map((file) => `${file}-cert.pub`)
    .filter((file) => existsSync(file))
    .map((file) => `the certificate ${file}`);
  const fido = identities.flatMap((one) =>
    one.kind === "key" && isFido(one.text) ? [`the FIDO key ${one.label}`] : [],
  );
  const agent = sources.agent === undefined || !existsSync(sources.agent) ? [] : await inAgent(sources.agent);
  const found = [...beside, ...fido, ...agent];
  return found.length === 0 ? undefined : `not tried, since ssh2 cannot: ${found.join(", ")}`;
};
