/** Booleans in another spelling, where it is known who reads the file. */
import { expect, test } from "@jest/globals";
import { statSync, utimesSync, writeFileSync } from "node:fs";
import { configSite } from "../../../support/config-site";

const readBy = { service: "glance", release: "zed" };
const glance = (text: string, options: object, more: object = { readBy }) => {
  const site = configSite(text);
  return { ...site, args: { ...site.inputs(options, more), section: "DEFAULT" } };
};
const BY_HAND = "[DEFAULT]\nshow_image_direct_url = True\n";

test.each([
  ["True", true],
  ["on", true],
  ["0", false],
])("%s stands for %s: no difference, and the file is not written", async (spelled, given) => {
  const { section, args, text, path } = glance(`[DEFAULT]\nshow_image_direct_url = ${spelled}\n`, {
    show_image_direct_url: given,
  });
  const before = text();
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  const made = await section().create(args);
  expect(made.outs["options"]).toEqual({ show_image_direct_url: String(given) });
  expect([text(), statSync(path).mtimeMs]).toEqual([before, 1_700_000_000_000]);
  expect((await section().refresh(made))?.outs).toEqual(made.outs);
  await section().remove(made);
  expect(text()).toBe(before);
});

test("it stays beside an option that is changed", async () => {
  const { section, args, text } = glance(BY_HAND, { show_image_direct_url: true, workers: 3 });
  await section().create(args);
  expect(text()).toContain("show_image_direct_url = True\n");
  expect(text()).toContain("workers = 3\n");
});

test.each<[string, string, object, object]>([
  ["the other value", BY_HAND, { show_image_direct_url: false }, { readBy }],
  ["an option that is no boolean", "[DEFAULT]\nlog_file = True\n", { log_file: "true" }, { readBy }],
  ["a file that nobody is known to read", BY_HAND, { show_image_direct_url: true }, {}],
])("%s is written", async (_, before, options, more) => {
  const { section, args, text } = glance(before, options, more);
  await section().create(args);
  const [[name, value] = []] = Object.entries(options);
  expect(text()).toContain(`${String(name)} = ${String(value)}\n`);
});

test("a reader that is named later is recorded, without a look at the host: a refresh then sees no difference either", async () => {
  const { section, args, path, host } = glance("", { show_image_direct_url: true }, {});
  const made = await section().create(args);
  writeFileSync(path, BY_HAND);
  const later = { ...args, readBy };
  expect(await section().diff(made, later)).toMatchObject({ replaces: [] });
  const looks = host.ran.length;
  const updated = await section().update(made, later);
  expect(host.ran).toHaveLength(looks);
  expect((await section().refresh(updated))?.outs).toEqual(updated.outs);
});
