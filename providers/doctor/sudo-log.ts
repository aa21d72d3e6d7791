/** What sudo's own log of input and output keeps of the programs of this package: keys are among it. Pure. */
import type { Facts } from "./host.js";

const LOGS = ["log_input", "log_output"] as const;

/** A sentence with the line of sudoers that ends it; none where nothing is kept. Of Defaults and tags the last one counts. */
export const keptBySudo = (facts: Facts): string[] => {
  const said = [...(facts.get("sudo") ?? "").matchAll(/(!|NO)?(log_(?:input|output))\b/gi)];
  const kept = LOGS.filter((name) => {
    const last = said.filter(([, , which = ""]) => which.toLowerCase() === name).at(-1);
    return last !== undefined && last[1] === undefined;
  });
  if (kept.length === 0) return [];
  const off = kept.map((name) => `!${name}`).join(", ");
  return [
    `sudo keeps keys in its log (${kept.join(", ")}): \`Defaults:LOGIN ${off}\` in the last file of /etc/sudoers.d, and no such tag in its rules`,
  ];
};
