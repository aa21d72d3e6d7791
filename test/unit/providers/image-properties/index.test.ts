import { describe, expect, test } from "@jest/globals";
import { RECOMMENDED_IMAGE_PROPERTIES } from "../../../../providers/image-properties/index";
import { anImage, fakeGlance, GLANCE, IMAGE } from "../../../support/fake-glance";
import { first, on, propertiesOn, recordsOn } from "../../../support/images-site";

describe("a create", () => {
  test("sets the recommended four and leaves the others alone, in one request", async () => {
    const fake = fakeGlance();
    const { outs, id } = await on(fake).create(first);
    expect(propertiesOn(fake)).toEqual({ ...RECOMMENDED_IMAGE_PROPERTIES, os_distro: "cirros" });
    expect(outs).toMatchObject({
      imageId: IMAGE,
      imageService: GLANCE,
      properties: RECOMMENDED_IMAGE_PROPERTIES,
    });
    expect(id).toBe(`${GLANCE}/cirros`);
    expect(fake.asked).toEqual([
      "GET /v2/images?name=cirros",
      `GET /v2/images/${IMAGE}`,
      `PATCH /v2/images/${IMAGE}`,
    ]);
  });

  test("of an image by its id", async () => {
    const fake = fakeGlance();
    await on(fake).create({ ...first, image: IMAGE, properties: { x_tier: "rbd" } });
    expect(propertiesOn(fake)).toEqual({ hw_disk_bus: "ide", os_distro: "cirros", x_tier: "rbd" });
  });

  test("where there is no such image says who looks where", async () => {
    await expect(on(fakeGlance()).create({ ...first, image: "debian" })).rejects.toThrow(
      /^properties of image debian: there is no image "debian" at http:\/\/glance\.example\.org:9292, or none that this user may see\n {2}`openstack image list`/,
    );
  });

  test("of a name that two images have is a conflict that names both", async () => {
    const fake = fakeGlance();
    const other = "6c1f0a6e-3b7e-4d2c-9c55-0d8f5a3b2c10";
    fake.images.set(other, anImage(other));
    await expect(on(fake).create(first)).rejects.toThrow(
      new RegExp(`2 images .* "cirros": ${IMAGE}, ${other}\n.*id`),
    );
  });

  test("of another project's image, over the quota, of a protected name: Glance's no in words, with a cure", async () => {
    const fake = fakeGlance();
    fake.forbidden.add(IMAGE);
    await expect(on(fake).create(first)).rejects.toThrow(
      /Glance forbids it \(403\): You are not authorized to complete modify_image action\.\n.*modify_image/,
    );
    fake.forbidden.delete(IMAGE);
    fake.quota = 3;
    await expect(on(fake).create(first)).rejects.toThrow(
      /\(413\): The limit has been exceeded.*\n.*image_property_quota/,
    );
    fake.quota = 128;
    fake.forbidden.add("hw_scsi_model");
    await expect(on(fake).create(first)).rejects.toThrow(
      /'hw_scsi_model' is protected\n.*property protections/,
    );
    expect(fake.written).toEqual([]);
  });

  test("is tried anew where somebody else was faster", async () => {
    const fake = fakeGlance();
    let isFirst = true;
    fake.before = ({ method }) => {
      if (method !== "PATCH" || !isFirst) return;
      isFirst = false;
      const { hw_disk_bus: _, ...rest } = fake.images.get(IMAGE) ?? {};
      fake.images.set(IMAGE, rest);
    };
    const made = await on(fake).create(first);
    expect(propertiesOn(fake)).toMatchObject(RECOMMENDED_IMAGE_PROPERTIES);
    await on(fake).remove(made);
    expect(propertiesOn(fake)).toEqual({ os_distro: "cirros" });
  });
});

describe("what is there later", () => {
  test("a property that was changed or taken away by hand is seen by a refresh, and set again", async () => {
    const fake = fakeGlance();
    const made = await on(fake).create(first);
    const { hw_scsi_model: _, ...rest } = fake.images.get(IMAGE) ?? {};
    fake.images.set(IMAGE, { ...rest, hw_disk_bus: "virtio" });
    const found = await on(fake).refresh(made);
    const { hw_scsi_model: __, ...left } = RECOMMENDED_IMAGE_PROPERTIES;
    expect(found?.outs["properties"]).toEqual({ ...left, hw_disk_bus: "virtio" });
    if (found === undefined) throw new Error("gone");
    const after = await on(fake).update(found, first);
    expect(propertiesOn(fake)).toMatchObject(RECOMMENDED_IMAGE_PROPERTIES);
    await on(fake).remove(after);
    expect(propertiesOn(fake)).toEqual({ hw_disk_bus: "ide", os_distro: "cirros" });
  });

  test("one that the program lets go of is put back as it was, others stay", async () => {
    const fake = fakeGlance();
    const made = await on(fake).create(first);
    await on(fake).update(made, { ...first, properties: { hw_scsi_model: "virtio-scsi" } });
    expect(propertiesOn(fake)).toEqual({
      hw_disk_bus: "ide",
      os_distro: "cirros",
      hw_scsi_model: "virtio-scsi",
    });
  });

  test("on a destroy one that somebody has changed since stays, and is said", async () => {
    const fake = fakeGlance();
    const made = await on(fake).create(first);
    fake.images.set(IMAGE, { ...fake.images.get(IMAGE), hw_disk_bus: "virtio" });
    const run = on(fake);
    await run.remove(made);
    expect(propertiesOn(fake)).toEqual({ hw_disk_bus: "virtio", os_distro: "cirros" });
    expect(run.said.join()).toMatch(/properties of image cirros: hw_disk_bus stays as it is/);
    expect(recordsOn(fake)).toEqual([]);
  });

  test('with onDelete: "keep" a destroy leaves all of them, and no record', async () => {
    const fake = fakeGlance();
    const made = await on(fake).create({ ...first, onDelete: "keep" });
    await on(fake).remove(made);
    expect(propertiesOn(fake)).toMatchObject(RECOMMENDED_IMAGE_PROPERTIES);
    expect(recordsOn(fake)).toEqual([]);
  });

  test("an image that is gone is gone from state; at another address nobody knows", async () => {
    const fake = fakeGlance();
    const made = await on(fake).create(first);
    fake.images.clear();
    expect(await on(fake).refresh(made)).toBeUndefined();
    await on(fake).remove(made);
    const moved = { ...made, outs: { ...made.outs, imageService: "http://other:9292" } };
    for (const act of [on(fake).refresh(moved), on(fake).remove(moved)])
      await expect(act).rejects.toThrow(
        /is not at http:\/\/glance\.example.*and was at http:\/\/other:9292\n.*right cloud/,
      );
  });

  test("another cloud's image of the same name is left alone", async () => {
    const fake = fakeGlance();
    const made = await on(fake).create(first);
    const elsewhere = "6c1f0a6e-3b7e-4d2c-9c55-0d8f5a3b2c10";
    const other = { ...made, outs: { ...made.outs, imageService: "http://other:9292", imageId: elsewhere } };
    const before = fake.images.get(IMAGE);
    const changed = { ...first, properties: { x_tier: "gold" } };
    for (const act of [on(fake).refresh(other), on(fake).update(other, changed)])
      await expect(act).rejects.toThrow(
        new RegExp(`image cirros \\(${elsewhere}\\) is not at ${GLANCE}, and was at http://other:9292`),
      );
    expect(fake.images.get(IMAGE)).toEqual(before);
    // Glance itself has moved: the image is the same one.
    const moved = { ...made, outs: { ...made.outs, imageService: "http://other:9292" } };
    expect((await on(fake).refresh(moved))?.outs["imageService"]).toBe(GLANCE);
  });

  test("what answers at the address is no Glance: its 404 is not taken for an absent image", async () => {
    const fake = fakeGlance();
    const made = await on(fake).create({ ...first, image: IMAGE });
    fake.after = () => ({ status: 404, headers: {}, body: "<h1>nginx</h1>" });
    await expect(on(fake).refresh(made)).rejects.toThrow(/no Image API v2 answers there \(404/);
    await expect(on(fake).remove(made)).rejects.toThrow(/no Image API v2 answers there/);
  });

  test("a newer image of the same name takes over once the old one is called otherwise, and that gets back what it had", async () => {
    const fake = fakeGlance();
    const made = await on(fake).create(first);
    const next = "7c1f0a6e-3b7e-4d2c-9c55-0d8f5a3b2c10";
    fake.images.set(next, anImage(next));
    expect((await on(fake).refresh(made))?.outs["imageId"]).toBe(IMAGE);
    fake.images.set(IMAGE, { ...fake.images.get(IMAGE), name: "cirros-old" });
    const found = await on(fake).refresh(made);
    expect(found?.outs["properties"]).toEqual({});
    await on(fake).update(made, { ...first, properties: { ...RECOMMENDED_IMAGE_PROPERTIES, x_new: "1" } });
    expect(propertiesOn(fake, next)).toEqual({ ...RECOMMENDED_IMAGE_PROPERTIES, x_new: "1" });
    expect(propertiesOn(fake)).toEqual({ hw_disk_bus: "ide", os_distro: "cirros" });
    expect(recordsOn(fake)).toEqual([]);
  });
});
