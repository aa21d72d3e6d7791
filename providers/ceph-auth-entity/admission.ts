/** Whether an entity that is there is taken over as it is, with caps added, or not at all. */
import type { Adopt, AdoptEntity } from "../kernel/common.js";
import { same, type Props } from "../kernel/json.js";
import { admit, differencesOf } from "../ownership/adoption.js";
import type { EntityRecord } from "../ownership/cluster-records.js";
import { capsWords, lacksOnly } from "./caps.js";
import type { EntityTask } from "./life.js";

/** What is there. */
export interface Standing {
  readonly managed: Props;
  readonly record: EntityRecord | undefined;
  readonly changed: readonly string[];
}

/** The constant that stands for "the key is the one that was recorded". */
export const AS_RECORDED = "as recorded";

const ADD = 'add what it lacks by adopt: "add-caps", or change it by adopt: "overwrite".';

/** Adding caps is decided by the differences. */
export const admitted = (adopt: AdoptEntity | undefined): Adopt | undefined =>
  adopt === "add-caps" ? "if-identical" : adopt;

/** What differs, with caps as `ceph auth get` shows them. */
export const differencesIn = (
  { caps, generation }: Pick<EntityTask, "caps" | "generation">,
  { managed, changed }: Pick<Standing, "managed" | "changed">,
): string[] => {
  const desired = { caps: capsWords(caps), keyGeneration: generation, keyState: AS_RECORDED };
  return differencesOf(changed, { ...managed, caps: capsWords(managed["caps"]) }, desired);
};

/** @throws Failure where it is another's, or nobody's and `adopt` says no */
export const admitEntity = (task: EntityTask, standing: Standing): void => {
  const { acting, entity: thing, claim, creating, adopt, caps } = task;
  const { managed, record, changed } = standing;
  const adds = same([...changed], ["caps"]) && lacksOnly(managed["caps"], caps);
  const differences = adds && adopt === "add-caps" ? [] : differencesIn(task, standing);
  const cure = adds ? { cure: ADD } : {};
  admit(acting, { thing, record, claim, creating, adopt: admitted(adopt), differences, ...cure });
};

/** What an adoption changes is in no state, so it is said before: a cut may come at once after the write, and the next run finds the record. */
export const sayAdoption = (
  { creating, entity, caps, note }: EntityTask,
  { record, managed, changed }: Standing,
): void => {
  if (creating && record === undefined && changed.includes("caps"))
    note(`${entity} has caps ${capsWords(managed["caps"])}; it gets ${capsWords(caps)}`);
};
