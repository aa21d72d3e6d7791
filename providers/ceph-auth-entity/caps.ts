/** Caps of an entity by service: as wished, as the cluster has them, and as its commands take them. Pure. */
import { capsMap, capsText, type CapsMap, type CapsType } from "../formats/caps/index.js";
import { isMap, type Props } from "../kernel/json.js";
import type { Entity } from "../clients/ceph/index.js";

/** Services that caps are for, in the order in which Ceph writes them. */
export const SERVICES = ["mds", "mgr", "mon", "osd"] as const satisfies readonly CapsType[];

/** Caps by service: canonical clauses as keys. */
export type EntityCaps = { readonly [service in CapsType]?: CapsMap };

const isService = (service: string): service is CapsType => SERVICES.some((known) => known === service);

/** Caps as the cluster has them, in the form of the wish. */
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

export const capsPairs = (caps: EntityCaps): [CapsType, string][] =>
  SERVICES.flatMap((service): [CapsType, string][] => {
    const clauses = caps[service];
    return clauses === undefined ? [] : [[service, capsText(clauses)]];
  });

/** The keyring that sets a key with all caps in one command. Ceph reads quoted values with backslashes. */
export const keyring = ({ entity, caps }: { entity: string; caps: EntityCaps }, key: string): string =>
  [
    `[${entity}]`,
    `\tkey = ${key}`,
    ...capsPairs(caps).map(([service, text]) => `\tcaps ${service} = "${text.replace(/["\\]/g, "\\$&")}"`),
    "",
  ].join("\n");
