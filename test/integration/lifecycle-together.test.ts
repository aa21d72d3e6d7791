/** Two stacks and a person with an editor on one file at the same time: nothing of anybody is lost. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ConfigSection } from "../../index";
import type { TestStack } from "../support/engine";
import { on } from "../support/hosts";
import { CINDER, good, lifeStack, records, steps } from "../support/lifecycle";

type Options = Readonly<Record<string, string | number>>;

const program = (own: string, options: Options) => () => {
  new ConfigSection(`${own}-default`, { host: "vol1", path: CINDER, section: "DEFAULT", options });
  new ConfigSection(`${own}-shared`, {
    host: "vol1",
    path: CINDER,
    section: "shared",
    options: { [`${own}_x`]: own, [`${own}_y`]: own },
  });
  for (const n of [1, 2, 3])
    new ConfigSection(`${own}-${n}`, {
      host: "vol1",
      path: CINDER,
      section: `${own}${n}`,
      options: { name: own },
    });
};

const text = () => on("vol1", `cat ${CINDER}`);
const value = async (name: string) => (await on("vol1", `grep '^${name} *=' ${CINDER} || true`)).trim();

let one: TestStack;
let two: TestStack;
let stock: string;

beforeAll(async () => {
  stock = await text();
  one = await lifeStack("one", program("one", { debug: "true" }));
  two = await lifeStack("two", program("two", { backup_workers: 2 }));
});

afterAll(async () => {
  await on("vol1", "touch /run/stop-editing; sleep 1; rm -f /run/stop-editing");
  await Promise.all([one.destroy(), two.destroy()]);
  await Promise.all([one.remove(), two.remove()]);
  await on("vol1", `cat >${CINDER}`, stock);
}, 120_000);

/**
 * A person saves the file over and over, one line more each time, in a section of the file's own: one of ours would stay for the sake of their line.
 * @returns ends it; yields how many lines they wrote
 */
const person = (marker: string): (() => Promise<number>) => {
  const loop = `rm -f /run/stop-editing; n=0; while [ $n -lt 300 ] && [ ! -e /run/stop-editing ]; do n=$((n+1)); sed -i "/^\\[lvm\\]/ i # ${marker} $n" ${CINDER}; sleep 1.$((RANDOM % 9)); done; rm /run/stop-editing; echo $n`;
  const running = on("vol1", loop);
  return async () => {
    await on("vol1", "touch /run/stop-editing");
    return Number(await running);
  };
};

const expectMarkers = async (marker: string, count: number) => {
  const found = (await text()).split("\n").filter((line) => line.startsWith(`# ${marker} `));
  expect(found).toEqual(Array.from({ length: count }, (_, i) => `# ${marker} ${i + 1}`));
};

/** `sed -i` reads, writes a copy and renames it, and looks at nothing in between: what we write there is lost to it, and we say so or see it. */
const untilDone = async (...stacks: TestStack[]) => {
  for (const stack of stacks) good(await stack.up({ refresh: true }));
};

test("two stacks go up while a person edits: every line of theirs is there, and every option of both", async () => {
  const stop = person("coming");
  await Promise.all([one.up(), two.up()]);
  const count = await stop();
  expect(count).toBeGreaterThan(1);
  await expectMarkers("coming", count);
  await untilDone(one, two);
  await expectMarkers("coming", count);
  expect(await value("debug")).toBe("debug = true");
  expect(await value("backup_workers")).toBe("backup_workers = 2");
  expect(await value("one_[xy]")).toBe("one_x = one\none_y = one");
  expect(await value("two_[xy]")).toBe("two_x = two\ntwo_y = two");
  expect(await on("vol1", `grep -cE '^\\[(one|two)[123]\\]|^\\[shared\\]' ${CINDER}`)).toBe("7\n");
  for (const stack of [one, two]) expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
}, 180_000);

test("an option of the other stack is refused by its name, and nothing is written", async () => {
  const before = await text();
  two.program(program("two", { backup_workers: 2, debug: "false" }));
  const { error, output } = await two.up();
  expect(error).toBeDefined();
  expect(output).toContain(
    `option debug of [DEFAULT] in ${CINDER} on vol1 belongs to one-default (ConfigSection) of stack lifecycle/one`,
  );
  expect(output).toContain("pulumi config set ceph-openstack:takeOverFrom lifecycle/one");
  expect(await text()).toBe(before);
});

test("takeOverFrom takes it; a destroy of the first stack leaves it, and the last owner puts back what was there before both", async () => {
  await two.setConfig("ceph-openstack:takeOverFrom", "lifecycle/one");
  expect(steps(good(await two.up()))).toEqual(["update two-default"]);
  expect(await value("debug")).toBe("debug = false");
  const stop = person("going");
  const [first] = await Promise.all([one.destroy(), two.up({ refresh: true })]);
  good(first);
  expect(await value("debug")).toBe("debug = false");
  const second = await two.destroy();
  const count = await stop();
  good(second);
  await expectMarkers("going", count);
  const left = (await text()).split("\n").filter((line) => !/^# (coming|going) \d+$/.test(line));
  expect(left.join("\n").trimEnd()).toBe(stock.trimEnd());
  expect(await records()).toBe("");
}, 180_000);
