/** Plays histories until one breaks a law, the last of them the one that was written for a fault, and prints a line of JSON: `node hunt.js FIRST COUNT [NAME]`. */
import { historyOf } from "../histories/history";
import { play } from "../histories/play";
import { WITNESSES } from "./witnesses";

export interface Catch {
  /** How many were played, the last of which broke the law; null: none but the one that was written for the fault. */
  readonly after: number | null;
  readonly law: string;
  readonly what: string;
}

const hunt = async (first: number, count: number, name: string): Promise<Catch | null> => {
  for (let after = 1; after <= count; after += 1) {
    const violation = await play(historyOf(first + after - 1));
    if (violation !== undefined) return { after, law: violation.law, what: violation.what };
  }
  const witness = WITNESSES[name];
  const violation = witness === undefined ? undefined : await play(witness);
  return violation === undefined ? null : { after: null, law: violation.law, what: violation.what };
};

const main = async ([first = "1", count = "300", name = ""]: readonly string[]): Promise<void> => {
  process.stdout.write(`${JSON.stringify(await hunt(Number(first), Number(count), name))}\n`);
};

void main(process.argv.slice(2));
