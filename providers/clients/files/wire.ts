/** What the files programs take and print, as plain data. Pure. */
import { sha256 } from "../../formats/digest.js";
import { Failure } from "../../remote/failure.js";
import { defined } from "../defined.js";

/** Owner, group and mode, as found. */
export interface Holder {
  readonly uid: string;
  /** Name of the owner; `UNKNOWN` where the host has none for the number. */
  readonly user: string;
  readonly gid: string;
  readonly group: string;
  /** Four octal digits. */
  readonly mode: string;
}

/** One look at a path. */
export interface Look {
  /** As it was asked for. */
  readonly path: string;
  /** Where it leads by links that root owns. */
  readonly real: string;
  /** `none`: the path is not absolute, a name for a record only. */
  readonly kind: "absent" | "file" | "directory" | "other" | "none";
  readonly holder?: Holder;
  /** A file's content, one character a byte (latin1): any byte survives. */
  readonly bytes?: string;
  /** False when the directory that it is to be in is not there. */
  readonly hasDirectory: boolean;
  /** The record of the real path, as text. */
  readonly record?: string;
  /** The user whose login group was asked for, and that group (left out when the host has no such user). */
  readonly asked?: string;
  readonly loginGroup?: string;
  /** Which machine it is: equal under all its names, for as long as it runs. Left out where it does not tell. */
  readonly machine?: string;
}

/** What to write. What is left out stays as it is, but for `group`. */
export interface Change {
  /** The whole content (latin1), or what else is to become of the path; a directory is removed only when it is empty. */
  readonly to?: { readonly bytes: string } | "removed" | "directory" | "no-directory";
  readonly owner?: string;
  /** @default the owner's login group, where an owner is given: `keptGroup` is for those who mean the group that is there */
  readonly group?: string;
  /** Four octal digits. */
  readonly mode?: string;
  /** The record to put before the path is touched; null removes it. */
  readonly first?: string | null;
  /** The record to put after that. */
  readonly then?: string | null;
}

const holder = (facts: string): Holder | undefined => {
  const [uid, user, gid, group, mode] = facts.split("/");
  if (
    uid === undefined ||
    user === undefined ||
    gid === undefined ||
    group === undefined ||
    mode === undefined
  )
    return undefined;
  return { uid, user, gid, group, mode: mode.padStart(4, "0") };
};

const FIELDS = 10;

/** The fields that each end in NUL, and what follows them. */
const fieldsOf = (out: Buffer): { fields: string[]; rest: Buffer } => {
  const fields: string[] = [];
  let at = 0;
  while (fields.length < FIELDS) {
    const end = out.indexOf(0, at);
    if (end < 0)
      throw new Failure({ code: "command", command: "files-look", what: "printed less than a whole look" });
    fields.push(out.toString("utf8", at, end));
    at = end + 1;
  }
  return { fields, rest: out.subarray(at) };
};

export interface Asking {
  readonly path: string;
  readonly asked: string;
  /** Content that the program does not send again when it is unchanged. */
  readonly known: string | undefined;
}

/** Content of a file: sent, or known; undefined when what was sent is not what was hashed (it changed in between). */
const contentOf = (sent: Buffer | undefined, known: string | undefined, hash: string): string | undefined => {
  const bytes = sent === undefined ? known : sent.toString("latin1");
  return bytes !== undefined && (hash === "" || sha256(bytes) === hash) ? bytes : undefined;
};

const KINDS = ["absent", "file", "directory", "other", "none"] as const;

/** The look that a program printed; undefined when the content changed while it was sent. */
export const parseLook = (stdout: Uint8Array, { path, asked, known }: Asking): Look | undefined => {
  const { fields, rest } = fieldsOf(Buffer.from(stdout));
  const field = (at: number): string => fields[at] ?? "";
  const kind = KINDS.find((item) => item === field(2)) ?? "other";
  const bytes =
    kind === "file" ? contentOf(field(8) === "yes" ? rest : undefined, known, field(4)) : undefined;
  if (kind === "file" && bytes === undefined) return undefined;
  const record = field(6);
  return {
    path,
    real: field(1),
    kind,
    hasDirectory: field(5) !== "",
    ...defined({
      holder: holder(field(3)),
      bytes,
      record: record === "" ? undefined : Buffer.from(record, "base64").toString("utf8"),
      asked: given(asked),
      loginGroup: given(field(7)),
      machine: machineOf(field(9)),
    }),
  };
};

/** A machine id is nobody's but the machine's: its hash serves as well. Without a boot id nothing tells clones apart. */
const machineOf = (facts: string): string | undefined =>
  facts === "" || facts.startsWith("/") ? undefined : sha256(facts, "utf8");

const given = (text: string): string | undefined => (text === "" ? undefined : text);

const ACTIONS = { removed: "remove", directory: "mkdir", "no-directory": "rmdir" } as const;

/** The word that the program compares under the lock. */
const standing = (look: Look): string => {
  if (look.kind === "directory") return "directory";
  return look.bytes === undefined ? "" : sha256(look.bytes);
};

const size = (record: string | null | undefined): string =>
  record === undefined ? "keep" : record === null ? "drop" : String(Buffer.byteLength(record));

const actionOf = ({ to }: Change): string => {
  if (to === undefined) return "keep";
  return typeof to === "object" ? "write" : ACTIONS[to];
};

/** For chown; an owner without a group means the owner's login group. */
const ownership = ({ owner, group }: Change): string =>
  owner === undefined && group === undefined ? "" : `${owner ?? ""}:${group ?? ""}`;

const hashOr = (bytes: string | undefined, encoding?: "utf8"): string =>
  bytes === undefined ? "" : sha256(bytes, encoding);

/** Arguments and standard input of one write; `bytes`: the content that the path has after it. */
export const writeRequest = (
  look: Look,
  change: Change,
): { args: string[]; stdin: Uint8Array; bytes: string | undefined } => {
  const bytes = typeof change.to === "object" ? change.to.bytes : undefined;
  const { first, then, mode = "" } = change;
  const head = [
    sha256(look.path, "utf8"),
    standing(look),
    hashOr(look.record, "utf8"),
    size(first),
    size(then),
    String(bytes?.length ?? 0),
    hashOr(bytes),
  ];
  const records = [first, then].map((record) => record ?? "").join("");
  const parts = [`${head.join("\n")}\n${records}`, Buffer.from(bytes ?? "", "latin1"), "end\n"];
  return {
    args: [look.path, look.real, actionOf(change), ownership(change), mode, look.asked ?? ""],
    stdin: Buffer.concat(parts.map((part) => Buffer.from(part))),
    bytes: bytes ?? look.bytes,
  };
};
