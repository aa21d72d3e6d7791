import { describe, expect, test } from "@jest/globals";
import { configSection } from "../../../../providers/config-section/index";
import { configSite as site, FILE } from "../../../support/config-site";
import { ownerOf } from "../../../support/run-of";

describe("owners", () => {
  test("two resources share a section", async () => {
    const { run, inputs, text, section } = site();
    const one = run();
    const [a, b] = await Promise.all([
      one.of(configSection, ownerOf("a")).create(inputs({ rbd_pool: "volumes" })),
      one.of(configSection, ownerOf("b")).create(inputs({ rbd_user: "cinder" })),
    ]);
    expect(text()).toContain("rbd_pool = volumes\n");
    expect(text()).toContain("rbd_user = cinder\n");
    await section(ownerOf("a")).remove(a);
    expect(text()).toContain("[ceph]\nrbd_pool = old\nrbd_user = cinder\n");
    await section(ownerOf("b")).remove(b);
    expect(text()).toBe(FILE);
  });

  test("two resources with one option fail in check, naming both", async () => {
    const { run, inputs } = site();
    const one = run();
    await one.of(configSection, ownerOf("a")).check(inputs({ rbd_pool: "volumes" }));
    await expect(one.of(configSection, ownerOf("b")).check(inputs({ rbd_pool: "x" }))).rejects.toThrow(
      /a \(X\).* and by b \(X\)/,
    );
    await one.of(configSection, ownerOf("c")).check(inputs({ rbd_user: "x" }));
  });

  test("a logical rename keeps the option, and its original for a later destroy", async () => {
    const { run, inputs, text, section } = site();
    const old = await section(ownerOf("a")).create(inputs({ rbd_pool: "volumes" }));
    const one = run();
    const made = await one.of(configSection, ownerOf("b")).create(inputs({ rbd_pool: "volumes" }));
    await one.of(configSection, ownerOf("a")).remove(old);
    expect(text()).toContain("rbd_pool = volumes");
    await section(ownerOf("b")).remove(made);
    expect(text()).toBe(FILE);
  });

  test("an option moves between resources, whichever update runs first", async () => {
    for (const isGiverFirst of [true, false]) {
      const { run, inputs, text, section } = site();
      const a = await section(ownerOf("a")).create(inputs({ rbd_pool: "volumes", rbd_user: "cinder" }));
      const b = await section(ownerOf("b")).create(inputs({ x: "1" }));
      const one = run();
      const [giver, taker] = [one.of(configSection, ownerOf("a")), one.of(configSection, ownerOf("b"))];
      const [lesser, more] = [inputs({ rbd_user: "cinder" }), inputs({ x: "1", rbd_pool: "volumes" })];
      await giver.check(lesser, a.outs);
      await taker.check(more, b.outs);
      const steps = [() => giver.update(a, lesser), () => taker.update(b, more)];
      if (!isGiverFirst) steps.reverse();
      for (const step of steps) await step();
      expect(text()).toContain("rbd_pool = volumes");
      await section(ownerOf("a")).remove(a);
      expect(text()).toContain("rbd_pool = volumes");
      await section(ownerOf("b")).remove(b);
      expect(text()).toBe(FILE);
    }
  });

  test("a replacement with the same name and place re-applies", async () => {
    const { run, inputs, text } = site();
    const made = await run()
      .of(configSection)
      .create(inputs({ rbd_pool: "volumes" }));
    const one = run().of(configSection);
    await one.create(inputs({ rbd_pool: "volumes" }));
    await one.remove(made);
    expect(text()).toContain("rbd_pool = volumes");
  });

  test("a changed section moves the options: the old place is put back", async () => {
    const { run, inputs, text } = site();
    const made = await run()
      .of(configSection)
      .create(inputs({ rbd_pool: "volumes" }));
    const one = run().of(configSection);
    const desired = { ...inputs({ rbd_pool: "volumes" }), section: "rbd" };
    expect(await one.diff(made, desired)).toMatchObject({ replaces: ["section"] });
    const moved = await one.create(desired);
    await one.remove(made);
    expect(text()).toBe(`${FILE}\n[rbd]\nrbd_pool = volumes\n`);
    await run().of(configSection).remove(moved);
    expect(text()).toBe(FILE);
  });

  test("another stack's option is refused, naming it and the cure, and taken over when that is configured", async () => {
    const { run, inputs, text, section } = site();
    await section(ownerOf("theirs", "site/other")).create(inputs({ rbd_pool: "theirs" }));
    await expect(section().create(inputs({ rbd_pool: "volumes", rbd_user: "cinder" }))).rejects.toThrow(
      /rbd_pool[^]*theirs \(X\) of stack site\/other[^]*takeOverFrom site\/other/,
    );
    expect(text()).toContain("rbd_pool = theirs");
    expect(text()).not.toContain("rbd_user");
    const made = await run({ config: { takeOverFrom: "site/other" } })
      .of(configSection)
      .create(inputs({ rbd_pool: "volumes" }));
    await section().remove(made);
    expect(text()).toBe(FILE);
  });
});
