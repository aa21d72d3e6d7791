#!/usr/bin/env node
/**
 * Puts each fault of `test/support/faults/table.ts` back into a compiled copy, one after the other, and says after how many histories which law finds
 * it. `npm run test:faults -- [--only WORD] [--count N] [--first SEED]`.
 */
import { transformFileSync, transformSync } from "@swc/core";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const swc = {
  jsc: { target: "es2022", parser: { syntax: "typescript" } },
  module: { type: "commonjs" },
  swcrc: false,
};
const compiledName = (file) => file.replace(/\.ts$/, ".js");

/** All that histories need, compiled, without a fault. */
function compileInto(copy) {
  for (const top of ["providers", "test/support"])
    for (const entry of readdirSync(join(root, top), { recursive: true, withFileTypes: true })) {
      const from = join(entry.parentPath, entry.name);
      const to = join(copy, from.slice(root.length + 1));
      if (entry.isDirectory()) mkdirSync(to, { recursive: true });
      else if (entry.name.endsWith(".py")) cpSync(from, to);
      else if (entry.name.endsWith(".ts")) {
        mkdirSync(dirname(to), { recursive: true });
        writeFileSync(compiledName(to), transformFileSync(from, swc).code);
      }
    }
  cpSync(join(root, "package.json"), join(copy, "package.json"));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
}

/** A fault's files, as they are and with it. @throws where an edit does not fit any more */
function faulty({ name, edits }) {
  const sources = new Map();
  for (const { file, from, to } of edits) {
    const sound = readFileSync(join(root, file), "utf8");
    const before = sources.get(file)?.broken ?? sound;
    const times = before.split(from).length - 1;
    if (times !== 1)
      throw new Error(`fault "${name}": ${file} has ${times} times what is to be changed: ${from.trim()}`);
    sources.set(file, { sound, broken: before.replace(from, () => to) });
  }
  return sources;
}

function write(copy, sources, which) {
  for (const [file, source] of sources)
    writeFileSync(
      join(copy, compiledName(file)),
      transformSync(source[which], { ...swc, filename: file }).code,
    );
}

/** A hunt takes seconds: one that takes longer is in a history that a fault keeps from ending. */
const MINUTES = 15;

/** @throws where the hunt itself fails, or does not end */
function hunted(copy, { first, count }, name = "") {
  const hunt = join(copy, "test/support/faults/hunt.js");
  const { stdout, status, signal } = spawnSync(process.execPath, [hunt, first, count, name], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    timeout: MINUTES * 60_000,
    killSignal: "SIGKILL",
  });
  if (signal === "SIGKILL") throw new Error(`a history has not ended in ${MINUTES} minutes: ${name}`);
  if (status !== 0) throw new Error(`the hunt ended with ${status}: ${name}`);
  return JSON.parse(stdout);
}

/** @throws where the test that holds a fault is not there any more */
function mustHold({ name, file, test }) {
  if (!readFileSync(join(root, file), "utf8").includes(test))
    throw new Error(`"${name}" is held by no test of ${file}`);
}

/** Puts one fault back, hunts it, and takes it out again. */
function tried(copy, { name, sources }, options) {
  write(copy, sources, "broken");
  const found = hunted(copy, options, name);
  const when =
    found?.after === null
      ? `by the history written for it, after ${options.count} others`
      : `after ${found?.after}`;
  write(copy, sources, "sound");
  console.log(
    found === null ? `NOT FOUND in ${options.count}: ${name}` : `${when}: ${name}\n    by ${found.what}`,
  );
  return found !== null;
}

const OPTIONS = /** @type {const} */ ({
  only: { type: "string", default: "" },
  count: { type: "string", default: "100" },
  first: { type: "string", default: "1" },
});

function main() {
  const { values } = parseArgs({ options: OPTIONS });
  const copy = mkdtempSync(join(tmpdir(), "faults-"));
  try {
    compileInto(copy);
    const { FAULTS, HELD_ELSEWHERE } = createRequire(import.meta.url)(
      join(copy, "test/support/faults/table.js"),
    );
    HELD_ELSEWHERE.forEach(mustHold);
    // All of them, so that each run tells which fit no more.
    const all = FAULTS.map((fault) => ({ ...fault, sources: faulty(fault) }));
    const faults = all.filter(({ name }) => name.includes(values.only));
    if (faults.length === 0) throw new Error(`no fault has "${values.only}" in its name`);
    const none = hunted(copy, values);
    if (none !== null) throw new Error(`without any fault a law is broken after ${none.after}: ${none.what}`);
    const found = faults.filter((fault) => tried(copy, fault, values)).length;
    for (const { name, why, file } of HELD_ELSEWHERE) console.log(`held by ${file}: ${name} (${why})`);
    console.log(`${found} of ${faults.length} faults found`);
    process.exitCode = found === faults.length ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

main();
