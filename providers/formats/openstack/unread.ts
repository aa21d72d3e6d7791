/** Options that a section may hold, and that what it describes does not read: registered is not read. Pure. */
import type { CanonicalValue } from "../ini/values.js";
import { rangesOf } from "./index.js";
import { factsFor, placeWords, type Reader } from "./reader.js";

/** An option as the program gives it; no value where it is a secret or not known yet. */
export interface GivenOption {
  readonly name: string;
  readonly value: CanonicalValue | undefined;
}

/** A section at hand. */
export interface Section {
  readonly reader: Reader;
  readonly section: string;
  /** Its name is one of the project's own. */
  readonly fixed: boolean;
  readonly places: readonly string[];
  readonly options: readonly GivenOption[];
}

export const isRbd = ({ options }: Section): boolean =>
  options.some(
    ({ name, value }) =>
      name.startsWith("rbd_") ||
      (name === "volume_driver" && typeof value === "string" && value.includes(".rbd.")),
  );

/** Modules whose options a backend on RBD reads. */
const RBD_READS = /^(cmd\..*|volume\.(driver|manager|drivers\.rbd|drivers\.ceph\..*))$/;

/** A store of one type reads what stores of this type and all stores have. */
const otherStore = (at: Section, name: string): string | undefined => {
  if (!isRbd(at) || !at.places.includes("<store:rbd>")) return undefined;
  const [place] = at.places.filter((one) => factsFor(at.reader, [one], name) !== undefined);
  if (place === undefined || ["<store>", "<store:rbd>"].includes(place)) return undefined;
  return `belongs in ${placeWords(place)}, and a store on RBD does not read it`;
};

/** The place that has an option, and the module that defines it. */
const moduleOf = ({ places }: Section, name: string): [place: string | undefined, module: string] => {
  const place = places.find((one) => rangesOf("cinder", one, name).length > 0);
  return [place, place === undefined ? "" : (rangesOf("cinder", place, name).at(-1)?.module ?? "")];
};

/** An option of a driver that this section does not have. */
export const unreadReason = (at: Section, name: string): string | undefined => {
  const { project } = at.reader;
  if (project === "glance") return otherStore(at, name);
  if (project !== "cinder") return undefined;
  const [place, module] = moduleOf(at, name);
  if (!/^volume\.(drivers|targets)\./.test(module)) return undefined;
  if (at.section === "DEFAULT") return "does nothing here: each backend reads its own section";
  if (place !== "<backend>" || at.section === "backend_defaults" || !isRbd(at) || RBD_READS.test(module))
    return undefined;
  return `belongs to ${module.replace(/^volume\./, "")}, and the RBD driver does not read it`;
};
