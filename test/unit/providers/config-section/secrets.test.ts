/** What is said, and what is not, where a section holds secrets. */
import { chmodSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { configSection } from "../../../../providers/config-section/index";
import { redact } from "../../../../providers/remote/redact";
import { configSite as site } from "../../../support/config-site";

test.each([
  ["0644", [expect.stringContaining("is of mode 0644: every user of the host can read it")]],
  ["0640", []],
])("secrets in a file of mode %s are warned about where everybody can read them", async (mode, said) => {
  const { run, inputs, path } = site();
  chmodSync(path, Number.parseInt(mode, 8));
  const program = run();
  await program
    .of(configSection)
    .create(inputs({}, { secretOptions: { transport_url: "rabbit-S3cr3t-pass" } }));
  expect(program.said).toEqual(said);
});

test("secrets are taken out of what a service says of them", async () => {
  const { section, inputs } = site();
  await section().create(inputs({}, { secretOptions: { port: "not-a-port-9" } }));
  expect(redact("invalid literal for int() with base 10: 'not-a-port-9'")).toBe(
    "invalid literal for int() with base 10: '[secret]'",
  );
});
