/** What is strange about a section as it stands in its file after a write: that cannot be told offline. Pure. */
import type { Look } from "../clients/files/index.js";
import type { ReadBy } from "./index.js";
import type { Given } from "./doubts.js";
import { unknownSubstitutions } from "./substitution.js";

interface Written extends Given {
  /** oslo.config reads the file. */
  readonly isOslo: boolean;
  /** Where the release is known, its options are judged by it. */
  readonly readBy?: ReadBy | undefined;
}

const openSecret = ({ secretOptions }: Given, { path, holder }: Look): string[] =>
  secretOptions.length === 0 || !/[4-7]$/.test(holder?.mode ?? "")
    ? []
    : [
        `holds a secret, and ${path} is of mode ${holder?.mode}: every user of the host can read it. chmod 0640, with the service's group`,
      ];

/** One sentence for each, to stand after the section's label. */
export const writtenDoubts = (section: Written, look: Look): string[] => [
  ...(section.isOslo && section.readBy === undefined
    ? unknownSubstitutions(look.bytes ?? "", section.options)
    : []),
  ...openSecret(section, look),
];
