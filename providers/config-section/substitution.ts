/** `$name` in options of OpenStack's services: oslo.config puts another option's value there, and fails where there is none. */
import { parseIni, substitutions } from "../formats/ini/index.js";
import { linesOf, type CanonicalValue } from "../formats/ini/values.js";
import { isOptionName } from "../formats/openstack/index.js";

/** Options of a file by name, whatever their section. */
const namesIn = (bytes: string): ReadonlySet<string> =>
  new Set(parseIni(bytes, "oslo").blocks.flatMap(({ entries }) => entries.map(({ key }) => key)));

/** A sentence for every `$name` that names no option of the file and none that Glance, Cinder, Nova or their libraries have. */
export const unknownSubstitutions = (
  bytes: string,
  options: readonly (readonly [string, CanonicalValue])[],
): string[] => {
  const used = options.flatMap(([option, value]) =>
    linesOf(value).flatMap((line) => substitutions("oslo", line).map((name) => ({ option, name }))),
  );
  if (used.length === 0) return [];
  const there = namesIn(bytes);
  return used
    .filter(({ name }) => {
      const last = (name.split(".").at(-1) ?? name).toLowerCase();
      return !there.has(last) && !isOptionName(last);
    })
    .map(
      ({ option, name }) =>
        `${option}: no option ${name} is known, and oslo.config fails on $${name} where there is none; a literal $ is $$`,
    );
};
