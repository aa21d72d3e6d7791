/** What the histories are worth is how soon they find these. */
import { OF_ARTIFACTS } from "./artifacts";
import type { Fault } from "./fault";
import { OF_OWNERSHIP } from "./ownership";

export const FAULTS: readonly Fault[] = [...OF_OWNERSHIP, ...OF_ARTIFACTS];

export { HELD_ELSEWHERE } from "./held";
