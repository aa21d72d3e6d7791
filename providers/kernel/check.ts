/** `check`: the rules of an artifact over inputs, what follows from them, and what the resource claims. Touches nothing but the registry of claims. */
import { isHidden, isKept } from "./compare.js";
import type { Artifact } from "./contract.js";
import { namesUnknown, plainProps, type Props } from "./json.js";
import type { Claim, Claims } from "../ownership/claims.js";
import { ownerName } from "../ownership/owner.js";
import { newProblems, type CheckFailure } from "./problems.js";
import { isFact, ownerOf, pick } from "./recorded.js";
import { checkShape } from "./shape.js";

interface Programs {
  /** The last checked inputs; undefined in a create. */
  readonly olds: Props | undefined;
  /** The program's inputs. */
  readonly news: Props;
}

const claimAll = (claims: Claims, wanted: readonly Claim[], owner: string): CheckFailure[] =>
  wanted
    .filter(({ thing }) => !namesUnknown(thing))
    .flatMap((claim) => {
      const other = claims.claim(claim, owner);
      if (other === undefined) return [];
      const reason = `${claim.thing} is owned by ${ownerName(other)} and by ${ownerName(owner)}: one of them has to go`;
      const cure = claims.cure(claim.thing);
      return [{ property: "", reason: cure === undefined ? reason : `${reason}; ${cure}` }];
    });

/** The canonical inputs, or what is wrong with those given. */
export const checkInputs = <I extends object, X>(
  artifact: Artifact<I, X>,
  claims: Claims,
  { olds, news }: Programs,
): { inputs: Props; failures: CheckFailure[] } => {
  const { report, failures } = newProblems(artifact.shape);
  const given = pick(news, (key) => !isHidden(key) && !isFact(artifact, key));
  const shaped = checkShape(artifact.shape, given, { path: [], report });
  if (failures.length > 0) return { inputs: news, failures };
  const inputs = artifact.check(shaped, olds, report);
  if (failures.length > 0) return { inputs: news, failures };
  return {
    inputs: plainProps({
      ...inputs,
      ...artifact.hidden?.(inputs),
      ...pick(news, (key) => isHidden(key) && !isKept(key)),
    }),
    failures: claimAll(claims, artifact.claims(inputs), ownerOf(news)),
  };
};
