/**
 * The series of OpenStack in their order, by name and number.
 * @see https://releases.openstack.org/
 */
const ALL = [
  ["queens", "2018.1"],
  ["rocky", "2018.2"],
  ["stein", "2019.1"],
  ["train", "2019.2"],
  ["ussuri", "2020.1"],
  ["victoria", "2020.2"],
  ["wallaby", "2021.1"],
  ["xena", "2021.2"],
  ["yoga", "2022.1"],
  ["zed", "2022.2"],
  ["antelope", "2023.1"],
  ["bobcat", "2023.2"],
  ["caracal", "2024.1"],
  ["dalmatian", "2024.2"],
  ["epoxy", "2025.1"],
  ["flamingo", "2025.2"],
  ["gazpacho", "2026.1"],
  ["hibiscus", "2026.2"],
] as const;

/** A series by its name, in small letters. */
export type Series = (typeof ALL)[number][0];

/** Every series by name, the oldest first. */
export const SERIES: readonly Series[] = ALL.map(([name]) => name);

/** Where a series stands: of two, the later one has the greater number. */
export const orderOf = (series: Series): number => ALL.findIndex(([name]) => name === series);

/** Whether a series is that one or a later one. */
export const isSince = (series: Series, since: Series): boolean => orderOf(since) <= orderOf(series);

/** Whether a series is in a range, both ends with it; an end that is left out is open. */
export const isIn = (
  series: Series,
  { since, until }: { readonly since?: Series; readonly until?: Series },
): boolean =>
  (since === undefined || isSince(series, since)) && (until === undefined || isSince(until, series));

/** The number of a series: "2022.2". */
export const numberOf = (series: Series): string => ALL[orderOf(series)]?.[1] ?? "";

/** The series of a name or number, in any case; undefined for what is none, or is older than Queens. */
export const parseSeries = (text: string): Series | undefined => {
  const wanted = text.trim().toLowerCase();
  return ALL.find(([name, number]) => name === wanted || number === wanted)?.[0];
};

/** A series as people call it: "Zed", "2025.1". */
export const titleOf = (series: Series): string => {
  const number = numberOf(series);
  return number < "2023" ? `${series.charAt(0).toUpperCase()}${series.slice(1)}` : number;
};
