// A process of the user that a service's directory belongs to. Bidden by messages it acts and puts things back; without anybody who bids it
// exchanges what lies there as fast as it can, in an order that a seed decides.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const [, , directory, outside, name, seed] = process.argv;
process.setgroups([]);
process.setgid(65534);
process.setuid(65534);
process.chdir(directory);

const quietly = (work) => {
  try {
    work();
  } catch {
    // Root was faster.
  }
};
const lead = (to) => (at) => fs.symlinkSync(path.join(outside, to), at);
const ACTIONS = {
  "link to a secret": lead("secret"),
  "link to a program": lead("program"),
  "link to a device": lead("device"),
  "link to a directory": lead("theirs"),
  "link to a file of its content": lead("theirs/conf"),
  pipe: (at) => fs.linkSync("pipe", at),
  directory: (at) => fs.mkdirSync(at),
  "own file": (at) => fs.writeFileSync(at, "mine", { mode: 0o666 }),
  "same content": (at) => {
    fs.writeFileSync(at, "old");
    fs.chmodSync(at, 0o6777);
  },
  "its other name": (at) => fs.linkSync("aside", at),
  nothing: () => undefined,
};
const temporary = () => fs.readdirSync(".").filter((found) => found.includes(".pco."));
const WHAT = {
  target: () => [name],
  temporary,
  // The name that one could think comes next.
  next: () => temporary().map((found) => `${found}.dressed`),
  directory: () => [`../${path.basename(directory)}`],
};

/** Names that are something else now. */
let acted = [];
const back = () => {
  for (const at of acted.reverse()) {
    quietly(() => fs.rmSync(at, { recursive: true }));
    quietly(() => fs.renameSync("aside", at));
  }
  acted = [];
};
/** `hard link to …`: he who bids makes it, as if the kernel did not protect hard links. */
const act = ({ what, action, pick }) => {
  const names = WHAT[what]();
  acted = names.length === 0 ? [] : [names[pick % names.length]];
  for (const at of acted) {
    quietly(() => fs.rmSync("aside", { recursive: true, force: true }));
    quietly(() => fs.renameSync(at, "aside"));
    quietly(() => ACTIONS[action]?.(at));
  }
  return acted;
};

const storm = () => {
  let state = Number(seed) || 1;
  const random = (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  const pause = (most) => {
    const until = process.hrtime.bigint() + BigInt(random(most));
    while (process.hrtime.bigint() < until);
  };
  const one = (items) => items[random(items.length)];
  for (;;) {
    const what = one(["target", "target", "temporary", "next"]);
    act({ what, action: one(Object.keys(ACTIONS)), pick: random(60) });
    pause(3_000_000);
    if (random(8) > 0) back();
    pause(20_000_000);
  }
};

if (seed !== undefined) storm();
process.on("message", (bidden) => {
  let done = [];
  quietly(() => {
    done = bidden === "back" ? back() : act(bidden);
  });
  process.send(done ?? []);
});
