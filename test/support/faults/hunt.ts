/** Plays histories until one breaks a law, and prints a line of JSON: `node hunt.js FIRST COUNT`. */
import { historyOf } from "../histories/history";
import { play } from "../histories/play";

export interface Catch {
  /** Histories that were played, the last of which broke the law. */
  readonly after: number;
  readonly law: string;
  readonly what: string;
}

const hunt = async (first: number, count: number): Promise<Catch | null> => {
  for (let after = 1; after <= count; after += 1) {
    const violation = await play(historyOf(first + after - 1));
    if (violation !== undefined) return { after, law: violation.law, what: violation.what };
  }
  return null;
};

const main = async ([first = "1", count = "300"]: readonly string[]): Promise<void> => {
  process.stdout.write(`${JSON.stringify(await hunt(Number(first), Number(count)))}\n`);
};

void main(process.argv.slice(2));
