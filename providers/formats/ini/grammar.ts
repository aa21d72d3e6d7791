/** What a grammar is: how one logical line of a file is read. */
import type { Line } from "./lines.js";

/** The two grammars: oslo.config's files, and ceph.conf. The same bytes mean different things to them. */
export type Dialect = "oslo" | "ceph";

/** An option as it stands in a line. */
export interface EntryText {
  /** The key as the real parser compares it. */
  readonly key: string;
  /** The value as the real parser reads it. */
  readonly value: string;
  /** Bytes before the value: indentation, key, delimiter, blanks. */
  readonly prefix: string;
  /** Bytes after the value: blanks, a comment of Ceph. */
  readonly suffix: string;
}

/** One logical line as a grammar sees it; `last` is its last physical line. */
export type Logical = { readonly last: number } & (
  | { readonly kind: "blank" }
  | { readonly kind: "comment" }
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "junk"; readonly reason: string; readonly ambiguous: boolean }
  | ({ readonly kind: "entry" } & EntryText)
);

/** Reads the logical line that starts at a physical line. */
export type Grammar = (lines: readonly Line[], first: number) => Logical;
