/** A fault that was seen once, or would be its like, as a change of a line or two. */

export interface FaultEdit {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

export interface Fault {
  readonly name: string;
  readonly edits: readonly FaultEdit[];
}
