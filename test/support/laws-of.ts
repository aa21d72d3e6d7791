/** The laws of one artifact, and a site on which it can be made. */
import type { LawEntry } from "./laws-entry";
import { newSite, type Site } from "./laws-site";
import { laws } from "./laws-table";

/** @param file the artifact's room under `providers/` */
export const entryOf = (file: string): LawEntry => {
  const entry = laws.find((one) => one.file === file);
  if (entry === undefined) throw new Error(`no laws for ${file}`);
  return entry;
};

export const siteFor = ({ prepare }: LawEntry): Site => {
  const site = newSite();
  prepare?.(site);
  return site;
};
