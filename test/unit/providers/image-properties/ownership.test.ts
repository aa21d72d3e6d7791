import { describe, expect, test } from "@jest/globals";
import { imageProperties, RECOMMENDED_IMAGE_PROPERTIES } from "../../../../providers/image-properties/index";
import { fakeGlance, GLANCE, IMAGE } from "../../../support/fake-glance";
import { ownerOf, runOf } from "../../../support/run-of";
import { first, on, propertiesOn, recordsOn } from "../../../support/images-site";

describe("whose a property is", () => {
  test("two resources of one image share it while their properties differ", async () => {
    const fake = fakeGlance();
    const run = runOf({}, { web: fake.web });
    const [a, b] = [run.of(imageProperties, ownerOf("a")), run.of(imageProperties, ownerOf("b"))];
    const [made, other] = await Promise.all([
      a.create(first),
      b.create({ image: IMAGE, endpoint: GLANCE, properties: { x_tier: "gold" } }),
    ]);
    expect(recordsOn(fake)).toHaveLength(2);
    await on(fake).remove(made);
    expect(propertiesOn(fake)).toEqual({ hw_disk_bus: "ide", os_distro: "cirros", x_tier: "gold" });
    await on(fake, "b").remove(other);
    expect([propertiesOn(fake), recordsOn(fake)]).toEqual([{ hw_disk_bus: "ide", os_distro: "cirros" }, []]);
  });

  test("one property of one image twice in a program fails in check, or where names differ, before it is written", async () => {
    const fake = fakeGlance();
    const run = runOf({}, { web: fake.web });
    const [a, b] = [run.of(imageProperties, ownerOf("a")), run.of(imageProperties, ownerOf("b"))];
    await a.create(first);
    expect((await b.problems(first)).join()).toMatch(
      /property hw_disk_bus of image cirros .* is owned by a .* and by b/,
    );
    await expect(b.create({ ...first, image: IMAGE })).rejects.toThrow(/are one and the same/);
  });

  test("another stack's is refused by name, with the way to take it over", async () => {
    const fake = fakeGlance();
    await on(fake, "a", "site/one").create(first);
    await expect(on(fake, "a", "site/two").create(first)).rejects.toThrow(
      /belongs to a \(X\) of stack site\/one\n.*takeOverFrom site\/one/,
    );
    const run = runOf({}, { web: fake.web, config: { takeOverFrom: "site/one" } });
    const made = await run.of(imageProperties, ownerOf("a", "site/two")).create(first);
    await on(fake, "a", "site/two").remove(made);
    expect([propertiesOn(fake), recordsOn(fake)]).toEqual([{ hw_disk_bus: "ide", os_distro: "cirros" }, []]);
  });

  test("a property moves from one resource to another with what stood there before", async () => {
    const fake = fakeGlance();
    const made = await on(fake, "a").create(first);
    const run = runOf({}, { web: fake.web });
    const [a, b] = [run.of(imageProperties, ownerOf("a")), run.of(imageProperties, ownerOf("b"))];
    const desired = { ...first, properties: { hw_disk_bus: "virtio" } };
    await b.check(desired);
    const { hw_disk_bus: _, ...rest } = RECOMMENDED_IMAGE_PROPERTIES;
    await a.update(made, { ...first, properties: rest });
    const other = await b.create(desired);
    expect(propertiesOn(fake)["hw_disk_bus"]).toBe("virtio");
    await on(fake, "b").remove(other);
    expect(propertiesOn(fake)["hw_disk_bus"]).toBe("ide");
  });

  test("the old half of a replacement takes nothing back", async () => {
    const fake = fakeGlance();
    const made = await on(fake).create(first);
    const again = await on(fake).create({ ...first, image: IMAGE });
    await on(fake).remove(made);
    expect(propertiesOn(fake)).toMatchObject(RECOMMENDED_IMAGE_PROPERTIES);
    await on(fake).remove(again);
    expect(propertiesOn(fake)).toEqual({ hw_disk_bus: "ide", os_distro: "cirros" });
  });

  test("attributes of the image that somebody has written into a record are not put back: they were never ours", async () => {
    const fake = fakeGlance();
    const made = await on(fake).create(first);
    const [name = ""] = recordsOn(fake);
    const image = fake.images.get(IMAGE) ?? {};
    const record = JSON.parse(String(image[name])) as Record<"was" | "set", object>;
    const was = { ...record.was, visibility: "public", owner: "another", name: "debian" };
    const set = { ...record.set, visibility: "private", owner: "9d2e", name: "cirros" };
    fake.images.set(IMAGE, { ...image, [name]: JSON.stringify({ ...record, was, set }) });
    await on(fake).remove(made);
    expect(fake.images.get(IMAGE)).toMatchObject({ visibility: "private", owner: "9d2e", name: "cirros" });
    expect([propertiesOn(fake), recordsOn(fake)]).toEqual([{ hw_disk_bus: "ide", os_distro: "cirros" }, []]);
  });

  test("a record that came along with a copy of the image counts for nothing, and what stood in the copy comes back", async () => {
    const fake = fakeGlance();
    await on(fake, "a", "site/one").create(first);
    const copy = "8c1f0a6e-3b7e-4d2c-9c55-0d8f5a3b2c10";
    fake.images.set(copy, { ...fake.images.get(IMAGE), id: copy, name: "snapshot", hw_disk_bus: "sata" });
    const made = await on(fake, "a", "site/two").create({ ...first, image: "snapshot" });
    await on(fake, "a", "site/two").remove(made);
    expect(propertiesOn(fake, copy)["hw_disk_bus"]).toBe("sata");
  });
});
