/** Options by name, each with what it is set to and the series that have it. Data, and the one function that reads it. */
import type { Options, Value } from "./release.js";
import { isIn, type Series } from "../../providers/formats/openstack/series.js";

/** What an option is set to, and where; undefined leaves it out. */
export interface Row<F> {
  readonly value: (facts: F) => Value | undefined;
  /** First series that has it. @default the oldest */
  readonly since?: Series;
  /** Last series that has it. @default the newest */
  readonly until?: Series;
}

/** The options of one section. One whose value depends on the series has several rows, in ranges that do not meet. */
export type Table<F> = Readonly<Record<string, Row<F> | readonly Row<F>[]>>;

const isList = <F>(rows: Row<F> | readonly Row<F>[]): rows is readonly Row<F>[] => Array.isArray(rows);

/** The options that a series has, with their values. */
export const optionsIn = <F>(table: Table<F>, series: Series, facts: F): Options =>
  Object.fromEntries(
    Object.entries(table).flatMap(([option, rows]): [string, Value][] => {
      const row = (isList(rows) ? rows : [rows]).find((one) => isIn(series, one));
      const value = row?.value(facts);
      return value === undefined ? [] : [[option, value]];
    }),
  );
