/** Random histories of two stacks on hosts and a cluster in memory: whatever happens, nothing that lives is lost. */
import { expect, test } from "@jest/globals";
import { historyOf } from "../support/histories/history";
import { play } from "../support/histories/play";
import { asText, shrunk, sortOf } from "../support/histories/shrink";

const COUNT = Number(process.env["HISTORIES"] ?? 300);
const FIRST = Number(process.env["HISTORIES_SEED"] ?? 1);

test(
  `${COUNT} histories from seed ${FIRST} on keep every law`,
  async () => {
    const broken = new Map<string, string>();
    const counts = new Map<string, number>();
    const begun = Date.now();
    for (let seed = FIRST; seed < FIRST + COUNT; seed += 1) {
      const history = historyOf(seed);
      const violation = await play(history);
      if (violation === undefined) continue;
      const sort = sortOf(violation);
      counts.set(sort, (counts.get(sort) ?? 0) + 1);
      process.stderr.write(`seed ${seed}: ${violation.what}\n`);
      if (broken.has(sort)) continue;
      const small = await shrunk(history, violation);
      broken.set(sort, `seed ${seed}: ${small.violation.what}\n${asText(small.history)}`);
    }
    const seconds = (Date.now() - begun) / 1000;
    process.stderr.write(`${COUNT} histories in ${seconds} s\n`);
    for (const [sort, n] of counts) process.stderr.write(`${n} × ${sort}\n`);
    expect([...broken.values()].join("\n\n")).toBe("");
  },
  600_000 + COUNT * 500,
);
