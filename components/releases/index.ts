/** The releases that there is data for. A later one is a file beside `zed.ts` and a line here. */
import type { Release } from "./release.js";
import { zed } from "./zed.js";

const RELEASES: readonly Release[] = [zed];

/**
 * The release of a name or number, in any case: "zed", "Zed", "2022.2".
 * @throws Error for one that there is no data for, naming those that there are
 */
export const releaseOf = (name: string): Release => {
  const wanted = name.trim().toLowerCase();
  const found = RELEASES.find((one) => one.name === wanted || one.version === wanted);
  if (found !== undefined) return found;
  const known = RELEASES.map((one) => `"${one.name}" (${one.version})`).join(", ");
  throw new Error(`openstackRelease ${JSON.stringify(name)} is not known here yet; there are ${known}`);
};

export type {
  BackendFacts,
  BackupFacts,
  ComputeFacts,
  Release,
  Role,
  Sections,
  StoreFacts,
  Value,
} from "./release.js";
