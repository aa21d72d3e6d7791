/** What a service reads, as a hash: comments, blank lines and blanks around values do not count. Pure. */
import { sha256 } from "./digest.js";
import { canonicalSection, dialectOf, parseIni } from "./ini/index.js";

/** A file, or one section of it: `/etc/nova/nova.conf`, `/etc/nova/nova.conf#[libvirt]`. */
export interface Read {
  readonly path: string;
  readonly section?: string;
}

const READ = /^(\/.*?)(?:#\[([^[\]]+)\])?$/;

export const readOf = (text: string): Read => {
  const [, path = text, section] = READ.exec(text) ?? [];
  return section === undefined ? { path } : { path, section };
};

/** A file in which lines are `name = value`, and comments begin with `#` or `;`. */
const isIni = (path: string): boolean => /\.(?:conf|ini|keyring)$|\.conf\.[^/]*$/.test(path);

/** Undefined where it holds what no such file does: nginx and multipath call theirs `.conf` too. */
const iniText = (bytes: string, { path, section }: Read): string | undefined => {
  const document = parseIni(bytes, path.endsWith(".keyring") ? "ceph" : dialectOf(path));
  const { dialect } = document;
  if (document.elements.some(({ kind }) => kind === "junk")) return undefined;
  const wanted = section === undefined ? undefined : canonicalSection(dialect, section);
  const blocks = document.blocks
    .map((block) => ({ name: canonicalSection(dialect, block.section), entries: block.entries }))
    .filter(({ name, entries }) => (wanted === undefined ? entries.length > 0 : name === wanted));
  // In file order: the last of two values counts, and of a repeated option all.
  return JSON.stringify(
    blocks.flatMap(({ name, entries }) => entries.map(({ key, value }) => [name, key, value])),
  );
};

/** The hash of one file's content; undefined content: it is not there. */
export const digestOf = (read: Read, bytes: string | undefined): string => {
  if (bytes === undefined) return sha256("absent");
  const ini = isIni(read.path) ? iniText(bytes, read) : undefined;
  return sha256(ini === undefined ? `text ${bytes}` : `ini ${ini}`);
};

/** One hash for all files of a read: a directory has several. */
export const digestOfAll = (digests: readonly string[]): string =>
  digests.length === 1 ? (digests[0] ?? "") : sha256(digests.join("\n"));
