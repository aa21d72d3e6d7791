import { describe, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { configSection } from "../../../../providers/config-section/index";
import { configSite as site, FILE } from "../../../support/config-site";

describe("a dollar", () => {
  const CONNECTION = "mysql+pymysql://cinder:pa$word\\$x@db/cinder";

  test("in a secret is read back literally by the service, and is no difference afterwards", async () => {
    const { section, inputs, text } = site();
    const desired = inputs({}, { section: "database", secretOptions: { connection: CONNECTION } });
    const made = await section().create(desired);
    expect(text()).toContain("connection = mysql+pymysql://cinder:pa$$word\\\\$x@db/cinder\n");
    expect((await section().refresh(made))?.outs).toEqual(made.outs);
    expect((await section().diff(made, desired)).changes).toBe(false);
  });

  test("that stands in a secret as the name of an option is a difference, and is mended", async () => {
    const { section, inputs, text, path } = site();
    const desired = inputs({}, { section: "database", secretOptions: { connection: CONNECTION } });
    const made = await section().create(desired);
    writeFileSync(path, `[database]\nconnection = ${CONNECTION}\n`);
    const seen = await section().refresh(made);
    expect(seen?.outs).not.toEqual(made.outs);
    await section().update(seen ?? made, desired);
    expect(text()).toContain("pa$$word");
  });

  test("in an option substitutes, and a name that nobody knows is warned about", async () => {
    const { run, inputs, text } = site();
    const program = run();
    const desired = inputs({
      volumes_dir: "$state_path/volumes",
      image_conversion_dir: "$nowhere/x",
      note: "5 $$",
    });
    await program.of(configSection).create(desired);
    expect(text()).toContain("volumes_dir = $state_path/volumes\n");
    const warned = program.said.filter((line) => line.includes("oslo.config fails"));
    expect(warned).toEqual([expect.stringContaining("image_conversion_dir: no option nowhere is known")]);
  });

  test("in a name that the same file has is none to warn about", async () => {
    const { run, inputs } = site(`${FILE}nowhere = /srv\n`);
    const program = run();
    await program.of(configSection).create(inputs({ image_conversion_dir: "$nowhere/x" }));
    expect(program.said).toEqual([]);
  });
});

test("an indented line that the other dialect takes for an option of its own is never dropped", async () => {
  const theirs = "[ceph]\nrbd_pool = a\n\trbd_user = b\n";
  const { section, inputs, text } = site(theirs);
  await expect(section().create(inputs({ rbd_pool: "c" }))).rejects.toThrow(
    /line 3: oslo\.config reads it as part of the value above.*dialect "ceph"/,
  );
  expect(text()).toBe(theirs);
});
