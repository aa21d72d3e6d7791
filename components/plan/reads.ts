/** What a unit reads, as a plain map: where an entry is another than before, its name is the reason for a restart. Pure. */
import * as pulumi from "@pulumi/pulumi";
import type { Host } from "../../providers/kernel/common.js";
import { triggerOf } from "../../providers/service/index.js";
import type { Role, SecretSections, Sections } from "../releases/index.js";
import type { Reads } from "./entry.js";
import type { Plan } from "./plan.js";

/** Of cinder's `[DEFAULT]` nothing but cinder-backup reads these. */
const BACKUP_ALONE = /^\[DEFAULT\] (backup_|restore_)/;

const isLater = (value: unknown): boolean =>
  pulumi.Output.isInstance(value) ||
  value instanceof Promise ||
  (typeof value === "object" && value !== null && Object.values(value).some(isLater));

const plain = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** A value as text, whatever it is and whenever it is known. */
export const asText = (value: unknown): pulumi.Input<string> =>
  isLater(value) ? pulumi.all([value]).apply(([known]) => plain(known)) : plain(value);

/** The options of sections by `[section] option`, each as text; `file` stands before where it is not the service's own. */
export const optionReads = (sections: Sections, file?: string): Reads =>
  Object.fromEntries(
    Object.entries(sections).flatMap(([section, options]) =>
      Object.entries<unknown>(options).map(([option, value]) => [
        `${file === undefined ? "" : `${file} `}[${section}] ${option}`,
        asText(value),
      ]),
    ),
  );

/** The same of options that are secrets: their hashes, which tell a change as well. A hash of something short can be guessed, so it is a secret, too. */
export const secretReads = (section: string, options: SecretSections[string] = {}): Reads =>
  Object.fromEntries(
    Object.entries(options).map(([option, value]) => [
      `[${section}] ${option}`,
      pulumi.secret(value).apply(triggerOf),
    ]),
  );

/** Everything that a role's unit reads on a host. */
export const readsOf = ({ entries }: Pick<Plan, "entries">, host: Host, role: Role): Reads =>
  Object.fromEntries(
    entries
      .filter(({ place }) => place?.host === host && place.roles.includes(role))
      .flatMap(({ reads = {} }) => Object.entries(reads))
      .filter(([what]) => role === "cinder-backup" || !BACKUP_ALONE.test(what)),
  );
