// From samples to figures. Peers are compared round by round, since a round's peers ran under the same load.

export function median(values) {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** @param {{ round: number, way: string, column: string, verbs: object, stateBytes?: number }[]} samples */
export function figuresOf(samples) {
  const of = (way, column) => samples.filter((one) => one.way === way && one.column === column);
  const figure =
    (way, column) =>
    (verb, what = "seconds") =>
      median(of(way, column).map(({ verbs }) => verbs[verb][what]));
  /** The median over the rounds of a figure made of several columns of one round; undefined when one is missing. */
  const across = (way, columns, compute) => {
    const rounds = [...new Set(samples.map(({ round }) => round))];
    const rows = rounds.map((round) =>
      columns.map((column) => of(way, column).find((one) => one.round === round)?.verbs),
    );
    return median(rows.filter((row) => row.every(Boolean)).map((row) => compute(...row)));
  };
  const stateBytes = (column) =>
    median(samples.filter((one) => one.column === column && one.stateBytes).map((one) => one.stateBytes));
  return { figure, across, stateBytes, ways: [...new Set(samples.map(({ way }) => way))] };
}
