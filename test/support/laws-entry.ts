/** What the laws need to know of an artifact. */
import type { Props } from "../../providers/kernel/json";
import type { Site } from "./laws-site";
import type { runOf } from "./run-of";

export type Run = ReturnType<typeof runOf>;
export type Verbs = ReturnType<Run["of"]>;
type Inputs = Readonly<Record<string, unknown>>;

export interface LawEntry {
  /** The room under `providers/`. */
  readonly file: string;
  readonly kind: string;
  /** Names of the outputs that a create has not recorded that was cut before it saw anything. */
  readonly managed: (outs: Props) => readonly string[];
  readonly of: (run: Run, owner: string) => Verbs;
  /** What is there before. */
  readonly prepare?: (site: Site) => void;
  readonly first: (site: Site) => Inputs;
  readonly later: (site: Site) => Inputs;
  /** What differs from the first state as somebody else has made it, and asks for all that is read before it is taken over. @default the later one */
  readonly otherwise?: (site: Site) => Inputs;
  /** What others do between the first state and the later one. */
  readonly between?: (site: Site) => void;
  /** What a delete leaves as the last update has made it, by its place in the world. @default nothing */
  readonly stays?: RegExp;
  /** It looks, and nothing of it stays in the world. @default false */
  readonly leavesNothing?: boolean;
  /** Changes of inputs that touch nothing. */
  readonly policy: Inputs;
}
