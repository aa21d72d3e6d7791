// What a tool has rendered, held against what stands there in place.

/** Sections of a file of oslo.config; of an option that is there twice, the last. */
export function sectionsOf(text) {
  const sections = {};
  let section = "DEFAULT";
  for (const line of text.split("\n")) {
    const header = /^\[(.+)\]\s*$/.exec(line);
    const option = /^([A-Za-z_][^=:\s]*)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (header !== null) section = header[1];
    else if (option !== null) (sections[section] ??= {})[option[1]] = option[2];
  }
  return sections;
}

const words = (value) => {
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? value.join(",") : value.repeated.join(",");
  return String(value);
};

const normal = (value) =>
  words(value)
    .toLowerCase()
    .replaceAll(/\s*,\s*/g, ",")
    .replaceAll(/^"|"$/g, "");

/**
 * Options that are not as in place, in words. `exempt`: options that the tool has a way of its own for, as "[section] option".
 */
export function differences(expected, text, exempt = []) {
  const rendered = sectionsOf(text);
  return Object.entries(expected).flatMap(([section, options]) =>
    Object.entries(options)
      .filter(([option]) => !exempt.includes(`[${section}] ${option}`))
      .filter(([option, value]) => normal(value) !== normal(rendered[section]?.[option] ?? "(absent)"))
      .map(
        ([option, value]) =>
          `[${section}] ${option}: ${rendered[section]?.[option] ?? "(absent)"}, in place ${words(value)}`,
      ),
  );
}

export const count = (expected) =>
  Object.values(expected).reduce((sum, options) => sum + Object.keys(options).length, 0);
