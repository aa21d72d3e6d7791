/** Rights that a change takes from who has them now. Pure. */
import { covers, type CapsType } from "../formats/caps/index.js";
import { holdsUnknown, isMap, type Props } from "../kernel/json.js";
import { clausesFor, SERVICES } from "./caps.js";

interface Desired {
  readonly entity: string;
  readonly caps: unknown;
}

/** Clauses whose rights no clause grants any more. */
const lostFor = (service: CapsType, before: unknown, after: Readonly<Record<string, unknown>>): string[] => {
  if (holdsUnknown(after[service])) return [];
  const now = clausesFor(service, after);
  return clausesFor(service, before)
    .filter((clause) => !now.some((one) => covers(service, one, clause)))
    .map((clause) => `${service} '${clause}'`);
};

/** A step shows which caps go, and not whom they go from: a guest has its disks until it connects anew. */
export const lossAhead = ({ entity, caps }: Desired, olds: Props | undefined): string[] => {
  if (olds?.["entity"] !== entity || !isMap(caps)) return [];
  const lost = SERVICES.flatMap((service) => lostFor(service, olds["caps"], caps));
  return lost.length === 0
    ? []
    : [
        `${entity} loses ${lost.join(", ")}. Who runs with its key, guests too, has that until it connects to the cluster anew, with tickets that last an hour, and may be refused then: ` +
          "what still needs it is to be stopped, or started as another user (a guest by a hard reboot), before or at once after this.",
      ];
};
