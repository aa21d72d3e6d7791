/** Secrets are read back literally by oslo.config, whatever they hold: held against the real one, substitution included. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { edit, literalValue, readLiterally, substitutions } from "../../providers/formats/ini/index";
import { askOracle } from "../support/ini-oracle";

const SEED = Number(process.env["ORACLE_SEED"] ?? 20261127);
const CASES = Number(process.env["ORACLE_CASES"] ?? 400);

/** Texts in which dollars, backslashes and braces meet letters more often than in any password. */
const texts = fc
  .sample(
    fc.array(
      fc.constantFrom("$", "$", "\\", "{", "}", "a", "word", "_", "1", "é", "'", '"', "#", ";", "=", " "),
      {
        minLength: 1,
        maxLength: 8,
      },
    ),
    { seed: SEED, numRuns: CASES },
  )
  .map((parts) => parts.join(""));

const fileOf = (value: string): string =>
  edit("[database]\nmax_retries = 3\n", { dialect: "oslo", section: "database", recorded: [] }, [
    { name: "connection", values: [value] },
  ]).bytes;

const ask = (values: readonly string[]) =>
  askOracle(
    values.map((value) => ({
      parser: "oslo-service" as const,
      bytes: fileOf(value),
      lookups: [["database", "connection"] as const],
    })),
  );

test("what is written for a secret is read back as that secret", () => {
  const answers = ask(texts.map((text) => literalValue("oslo", text)));
  const wrong = texts.filter((text, at) => {
    const answer = answers[at];
    return answer === undefined || !("values" in answer) || answer.values[0]?.[0] !== text;
  });
  expect({ seed: SEED, wrong }).toEqual({ seed: SEED, wrong: [] });
}, 120_000);

test("what stands in a file is read as oslo.config reads it, or is told to substitute", () => {
  const answers = ask(texts);
  const wrong = texts.filter((text, at) => {
    const answer = answers[at];
    if (answer === undefined || !("values" in answer)) return true;
    const read = answer.values[0]?.[0];
    // A name that there is not is an error of the service; ours says that there is one.
    return substitutions("oslo", text).length > 0 ? read === text : read !== readLiterally("oslo", text);
  });
  expect({ seed: SEED, wrong }).toEqual({ seed: SEED, wrong: [] });
}, 120_000);
