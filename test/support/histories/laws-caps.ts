/** What `adopt: "add-caps"` promises: a create with it takes no clause from an entity that was there. */
import { entityRecordKey } from "../../../providers/ownership/cluster-records";
import type { AfterRun } from "./laws";
import { goalsOf } from "./program";
import { nameOf } from "./state";
import { ENTITY, type World } from "./world";

/** What a run may have taken over. */
export interface Adoption {
  /** Clauses of the entity before the run, where nobody had recorded it: what is recorded is ours to change, by whatever create. */
  readonly clauses: readonly string[];
  /** Names of the resources whose create was begun. */
  readonly created: readonly string[];
}

const clausesIn = ({ cluster }: World): string[] =>
  Object.entries(cluster.entities.get(ENTITY)?.caps ?? {}).flatMap(([service, text]) =>
    text.split(", ").map((clause) => `${service} ${clause}`),
  );

export const clausesToAdopt = (world: World): string[] =>
  world.cluster.records.has(entityRecordKey(ENTITY)) ? [] : clausesIn(world);

/** Under another key it is another entity: that one was deleted, as a replacement may. */
export const added = ({ world, before, adoption: { clauses, created } }: AfterRun): string[] => {
  const { name, program } = before.stack;
  const adds = goalsOf(name, program).some(
    ({ urn, props }) => props["adopt"] === "add-caps" && created.includes(nameOf(urn)),
  );
  if (!adds || world.cluster.entities.get(ENTITY)?.key !== before.key) return [];
  const now = clausesIn(world);
  return clauses
    .filter((clause) => !now.includes(clause))
    .map((clause) => `added: a create under "add-caps" has taken ${clause} from the entity`);
};
