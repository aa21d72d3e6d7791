// A process of the user that a service's directory belongs to: exchanges what lies in it, as fast as it can, in an order that a seed decides.
"use strict";
const fs = require("node:fs");
const [, , directory, outside, name, seed] = process.argv;
process.setgroups([]);
process.setgid(65534);
process.setuid(65534);
process.chdir(directory);

let state = Number(seed) || 1;
const random = (below) => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
};
const quietly = (work) => {
  try {
    work();
  } catch {
    // Root was faster.
  }
};
const gone = (path) => quietly(() => fs.rmSync(path, { recursive: true }));
const LEADS = ["secret", "program", "device", "theirs", "theirs/conf"].map((path) => `${outside}/${path}`);
const evil = [
  (path) => fs.symlinkSync(LEADS[random(LEADS.length)], path),
  (path) => fs.linkSync(LEADS[random(LEADS.length)], path),
  (path) => fs.linkSync("pipe", path),
  (path) => fs.mkdirSync(path),
  (path) => fs.writeFileSync(path, "mine"),
  (path) => fs.linkSync("aside", path),
  () => undefined,
];
const names = () => [name, ...fs.readdirSync(".").filter((found) => found.includes(".pco."))];
for (;;) {
  const path = names()[random(2)] ?? name;
  quietly(() => fs.renameSync(path, "aside"));
  quietly(() => evil[random(evil.length)](path));
  const until = process.hrtime.bigint() + BigInt(random(3_000_000));
  while (process.hrtime.bigint() < until);
  if (random(8) > 0) {
    if (random(2) === 0) gone(path);
    quietly(() => fs.renameSync("aside", path));
  }
  const rest = process.hrtime.bigint() + BigInt(random(30_000_000));
  while (process.hrtime.bigint() < rest) if (names().length > 1 && random(3) > 0) break;
}
