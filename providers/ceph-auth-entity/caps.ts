/** Caps of an entity by service: as desired, as the cluster has them, and as its commands take them. Pure. */
import {
  capsMap,
  capsText,
  parseCaps,
  type Blocklist,
  type CapsMap,
  type CapsType,
} from "../formats/caps/index.js";
import { isMap, type Props } from "../kernel/json.js";
import type { MonCommand } from "../clients/ceph/door.js";
import type { Entity } from "../clients/ceph/index.js";

/** Services that caps are for, in the order in which Ceph writes them. */
export const SERVICES = ["mds", "mgr", "mon", "osd"] as const satisfies readonly CapsType[];

/** Caps by service: canonical clauses as keys. */
export type EntityCaps = { readonly [service in CapsType]?: CapsMap };

const isService = (service: string): service is CapsType => SERVICES.some((known) => known === service);

/** Caps as the cluster has them, in the form of what is desired. */
export const capsFound = (caps: Entity["caps"]): Props =>
  Object.fromEntries(
    Object.entries(caps).map(([service, text]) => [
      service,
      isService(service) ? capsMap(service, text) : { caps: text },
    ]),
  );

/** Caps as `ceph auth caps` takes them. */
export const capsWords = (caps: unknown): string =>
  isMap(caps)
    ? Object.entries(caps)
        .map(
          ([service, clauses]) => `${service} '${isMap(clauses) ? Object.values(clauses).join(", ") : ""}'`,
        )
        .join(" ")
    : "none";

/** The canonical clauses for one service, each by itself: a map has those about one thing in one text. */
export const clausesFor = (service: CapsType, caps: unknown): string[] => {
  const clauses = isMap(caps) ? caps[service] : undefined;
  return isMap(clauses) ? parseCaps(service, Object.values(clauses).map(String)) : [];
};

/** True where every clause that is there is desired too: then what is desired takes none away. */
export const lacksOnly = (there: unknown, desired: EntityCaps): boolean =>
  isMap(there) &&
  Object.keys(there).every((service) => {
    if (!isService(service)) return false;
    const stay = new Set(clausesFor(service, desired));
    return clausesFor(service, there).every((clause) => stay.has(clause));
  });

export const capsPairs = (caps: EntityCaps, word?: Blocklist): [CapsType, string][] =>
  SERVICES.flatMap((service): [CapsType, string][] => {
    const clauses = caps[service];
    return clauses === undefined ? [] : [[service, capsText(clauses, word)]];
  });

/**
 * How these caps are to name the blocklist: as those that are there do, so that no edit of another clause changes what it means to a client of
 * another release; else as the cluster's release does.
 */
export const blocklistOf = async (
  caps: EntityCaps,
  there: Entity["caps"],
  release: () => Promise<number>,
): Promise<Blocklist> => {
  if (!capsPairs(caps).some(([, text]) => text.includes("blocklist"))) return "blocklist";
  const before = Object.values(there).join(" ");
  if (before.includes("blacklist")) return before.includes("blocklist") ? "both" : "blacklist";
  return (await release()) < PACIFIC ? "blacklist" : "blocklist";
};

/** Where the blocklist got its name. */
const PACIFIC = 16;

/** An order that gives an entity these caps and no others. */
export const capsCommand = (
  prefix: string,
  { entity, caps }: { readonly entity: string; readonly caps: EntityCaps },
  word: Blocklist,
): MonCommand => ({ prefix, entity, caps: capsPairs(caps, word).flat() });

/** The keyring that sets a key with all caps in one command. Ceph reads quoted values with backslashes. */
export const keyring = (
  { entity, caps }: { entity: string; caps: EntityCaps },
  key: string,
  word: Blocklist,
): string =>
  [
    `[${entity}]`,
    `\tkey = ${key}`,
    ...capsPairs(caps, word).map(
      ([service, text]) => `\tcaps ${service} = "${text.replace(/["\\]/g, "\\$&")}"`,
    ),
    "",
  ].join("\n");
