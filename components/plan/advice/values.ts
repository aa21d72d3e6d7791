/** Values that are known in the program, as the file's text. Pure. */
import type { Sections } from "../../releases/index.js";

/** Undefined where it is not said, or decided by another resource. */
export const plain = (sections: Sections, section: string, option: string): string | undefined => {
  const value: unknown = sections[section]?.[option];
  if (Array.isArray(value))
    return value.every((item) => typeof item === "string") ? value.join(",") : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
};
