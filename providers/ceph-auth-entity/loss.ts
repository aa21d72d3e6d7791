/** Rights that a change takes from who has them now. Pure. */
import { holdsUnknown, isMap, type Props } from "../kernel/json.js";
import { SERVICES } from "./caps.js";

interface Desired {
  readonly entity: string;
  readonly caps: unknown;
}

const clausesOf = (caps: unknown, service: string): readonly [string, unknown][] => {
  const clauses = isMap(caps) ? caps[service] : undefined;
  return isMap(clauses) ? Object.entries(clauses) : [];
};

/** Clauses that are not there any more, or say something else of the same thing. */
const lostOf = (before: unknown, after: unknown, service: string): string[] => {
  const now = isMap(after) ? after[service] : undefined;
  if (now !== undefined && (!isMap(now) || holdsUnknown(now))) return [];
  return clausesOf(before, service)
    .filter(([about, clause]) => now?.[about] !== clause)
    .map(([, clause]) => `${service} '${String(clause)}'`);
};

/** A step shows which caps go, and not whom they go from: a guest has its disks until it connects anew. */
export const lossAhead = ({ entity, caps }: Desired, olds: Props | undefined): string[] => {
  if (olds?.["entity"] !== entity || holdsUnknown(caps)) return [];
  const lost = SERVICES.flatMap((service) => lostOf(olds["caps"], caps, service));
  return lost.length === 0
    ? []
    : [
        `${entity} loses ${lost.join(", ")}. Who runs with its key, guests too, has that until it connects to the cluster anew, with tickets that last an hour, and is refused then: ` +
          "what still needs it is to be stopped, or started as another user (a guest by a hard reboot), before or at once after this.",
      ];
};
