/**
 * What an artifact is. One file under `providers/` describes one artifact by this contract; the kernel makes Pulumi's six verbs of it, once
 * for all (`verbs.ts`). An artifact never speaks Pulumi: it sees plain checked inputs, machines, and what was recorded.
 */
import type { Machine } from "../remote/machine.js";
import type { Settings } from "../remote/settings.js";
import type { Web } from "../remote/web.js";
import type { Claim, Claims } from "../ownership/claims.js";
import type { Json, Props } from "./json.js";
import type { Report, Shape } from "./shape.js";
import type { Written } from "./written.js";

/** What was found of a thing that is there. */
export interface Observed {
  /** What is managed, as found, in the form of the checked inputs. A managed key that is not set in the world is left out. */
  readonly managed: Props;
  /** Outputs that are not inputs (`poolId`, `origin`, …). Never volatile. */
  readonly facts: Props;
}

/** What one look at the world brought. */
export interface Seen<X = undefined> {
  /** Undefined where the thing is not there. */
  readonly found: Observed | undefined;
  /** What `apply` needs of it and state does not, where nothing is there too: revisions, records. Never leaves the process. */
  readonly look: X;
}

/** What is to be done: what was seen, and which managed keys differ from what is desired (all of them when nothing is there). */
export interface Gap<X = undefined> extends Seen<X> {
  readonly changed: readonly string[];
}

/** The machines and the surroundings of one verb. Clients are made from it (`providers/clients`). */
export interface Reach {
  /** Who asks: the `__owner` of the resource. */
  readonly owner: string;
  /** The token of its create: made in a create, and from state in every other verb. */
  readonly token: string | undefined;
  /** False in a delete: then it goes, and in a create or update it lives on. */
  readonly lives: boolean;
  /** What the resources of this run claim. */
  readonly claims: Claims;
  readonly settings: Settings;
  machine(host: string): Machine;
  /** One request to a service that is reached by HTTP. */
  readonly web: Web;
  /** Tells the operator something that is not an error (what a destroy left, and why). One line, redacted. */
  note(text: string): void;
  /** Put by kernel: one value per provider process, made on first use; for connections and caches shared by all resources. */
  shared<T>(key: symbol, make: () => T): T;
}

/**
 * One kind of artifact.
 * - `I`: its checked inputs, as `shape` yields them
 * - `X`: what one look hands to the write that follows it
 */
export interface Artifact<I extends object, X = undefined> {
  /** e.g. "CephPool": part of the type token and of the stub, for ever. */
  readonly kind: string;
  /** Every input, with its rule. */
  readonly shape: Shape<I>;
  /** Names of outputs that are not inputs. */
  readonly facts: readonly string[];
  /** Outputs that hold a secret (only where the user asked for one). */
  readonly secretFacts?: readonly string[];
  /** Inputs whose change alone touches nothing: the update returns the echo and opens no connection. `cluster` counts when only the way to it changed. */
  readonly policy: readonly string[];
  /** Inputs that say how others are judged: a change of them is no difference, and is not shown. That one is given at last is: a refresh compares by what is recorded. @default none */
  readonly aside?: readonly string[];
  /** Inputs that came after the first release, with the default that a state without them means. */
  readonly later?: Props;
  /** How people call it in messages: "pool vms", "/etc/ceph/ceph.client.glance.keyring on ctl1". */
  label(inputs: I): string;
  /** The inputs whose change replaces, by the top-level property to name; values are compared. */
  replacedBy(inputs: I): Props;
  /** The physical id (`api.md`); undefined as long as only the world knows it (a pool's number). */
  id(inputs: I, facts: Props): string | undefined;
  /** What this resource claims of the world; two living owners of one thing fail in check. */
  claims(inputs: I): readonly Claim[];
  /**
   * Rules over several inputs, derived inputs and constants. Pure. `inputs` have passed `shape`; any value in them may be an unknown (use
   * `isUnknown`). `olds` are the last checked inputs, or undefined in a create. Returns the canonical inputs.
   */
  check(inputs: I, olds: Props | undefined, report: Report): I;
  /**
   * What is accepted and will hardly be meant, or reaches further than the steps show, in sentences; each is said once in a run. Pure; any value
   * may be an unknown; `olds` as in `check`. @default nothing
   */
  warnings?(inputs: I, olds: Props | undefined): readonly string[];
  /**
   * Hidden inputs beside `__owner`, by names that begin with `__`: never displayed, passed over by `diff`, kept by `read` as they are, seen in
   * `olds` of `check`. (A pool's `__name`: the one desired, so that a pool renamed by hand is drift and not a changed program.)
   */
  hidden?(inputs: I): Props;
  /**
   * What is written on hosts where these inputs change, or, without `changed`, where it is made: its content, not its owner or mode. Pure. @default nothing
   */
  writes?(inputs: I, changed: readonly string[] | undefined): readonly Written[];
  /** Whether what this run has written so far, or in a preview would have, is an update, though no input of this one changed. Pure. @default never */
  follows?(inputs: I, written: readonly Written[]): boolean;
  /** The state wanted: managed keys only; a key left out is not ours: not compared, not written. */
  compared(inputs: I): Props;
  /**
   * One look: the state found, or that the thing is not there; throws when unsure. `prior`: what was recorded in state (a pool is found by
   * its id, so that a rename does not look like absence); absent in a create.
   */
  observe(reach: Reach, inputs: I, prior: Props | undefined): Promise<Seen<X>>;
  /**
   * Closes the gap, records first, in an order that is safe to cut anywhere and to repeat. Also called when nothing differs, for the records.
   * Where `isCreating(prior)` it is a create, or completes one: the only place where `adopt` counts. Returns the state found after writing, by a fresh look.
   */
  apply(reach: Reach, inputs: I, gap: Gap<X>, prior: Props | undefined): Promise<Observed>;
  /** Whether a create that `adopt` lets add to what is there has nothing else to change. Pure. @default `adopt` allows no such thing */
  addsOnly?(inputs: I, managed: Props): boolean;
  /** What differs in these keys, in words without a secret, where their names say too little. Pure. @default the names */
  differences?(inputs: I, managed: Props, changed: readonly string[]): readonly string[];
  /** Takes away what was added; success when nothing is there. `state` is what was recorded. */
  remove(reach: Reach, inputs: I, state: Props): Promise<void>;
}

export type { Json, Props };
