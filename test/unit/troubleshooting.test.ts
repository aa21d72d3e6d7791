/** Each error that a user can meet is on the page for when something goes wrong, by words that a search finds. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { toldFailures } from "../support/told-failures.js";

const root = join(__dirname, "..", "..");
const plain = (text: string): string =>
  text.replaceAll(/[`\\]/g, "").replaceAll(/\s+/g, " ").trim().toLowerCase();
const page = plain(readFileSync(join(root, "docs", "troubleshooting.md"), "utf8"));

/** Without what stands around its words. */
const bare = (piece: string): string => plain(piece).replaceAll(/^[^a-z]+|[^a-z"]+$/g, "");

/** Four words in a row of its longest piece are what people search for; all of a shorter one. */
const isTold = (pieces: readonly string[]): boolean => {
  const [longest = ""] = pieces.map(bare).sort((one, other) => other.length - one.length);
  const words = longest.split(" ");
  const size = Math.min(4, words.length);
  return words.some(
    (_, at) => at + size <= words.length && page.includes(words.slice(at, at + size).join(" ")),
  );
};

const failures = toldFailures(root, "providers");

test("the sources' failures are found", () => {
  expect(failures.length).toBeGreaterThan(150);
});

test("every failure stands in docs/troubleshooting.md", () => {
  const missing = failures
    .filter(({ pieces }) => !isTold(pieces))
    .map(({ file, pieces }) => `${file}: ${pieces.join("…")}`);
  expect(missing).toEqual([]);
});
