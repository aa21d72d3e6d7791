import { describe, expect, test } from "@jest/globals";
import { imageProperties } from "../../../../providers/image-properties/index";
import { fakeGlance, KEYSTONE } from "../../../support/fake-glance";
import { ownerOf } from "../../../support/run-of";
import { first, on } from "../../../support/images-site";

test.each([
  ["owner", "is an attribute of the image itself"],
  ["disk_format", "is an attribute of the image itself"],
  ["os_glance_importing_to_stores", "is Glance's own"],
  ["pulumi_ceph_openstack_0123456789ab", "is a record of this package"],
])("%s cannot be set: it %s", async (name, why) => {
  const problems = await on(fakeGlance()).problems({ ...first, properties: { [name]: "x" } });
  expect(problems.join()).toContain(`properties.${name} "x" ${why}`);
});

test.each([
  [{ hw_scsi_model: "virtio-scsi" }, /hw_scsi_model virtio-scsi does nothing without hw_disk_bus scsi/],
  [
    { os_require_quiesce: "yes" },
    /os_require_quiesce makes each snapshot .* fail without hw_qemu_guest_agent yes/,
  ],
])("%j is doubted in the check", async (properties, doubt) => {
  const run = on(fakeGlance());
  await run.check({ ...first, properties });
  expect(run.said.join()).toMatch(doubt);
});

test("the recommended four are not doubted", async () => {
  const run = on(fakeGlance());
  await run.check(first);
  expect(run.said).toEqual([]);
});

describe("a login of the program's own", () => {
  const auth = { authUrl: KEYSTONE, username: "storage", password: "open sesame", projectName: "images" };
  const desired = { image: "cirros", auth };

  test("asks for one token in a run, however many images, and for another where it is refused meanwhile", async () => {
    const fake = fakeGlance();
    fake.tokens.add("somebody's");
    const run = on(fake);
    await run.create(desired);
    await run.of(imageProperties, ownerOf("b")).create({ ...desired, properties: { x_b: "1" } });
    const logins = () => fake.asked.filter((one) => one === "POST /v3/auth/tokens").length;
    expect(logins()).toBe(1);
    fake.tokens.clear();
    fake.tokens.add("somebody's");
    await run.of(imageProperties, ownerOf("c")).create({ ...desired, properties: { x_c: "1" } });
    expect(logins()).toBe(2);
  });

  test("that Keystone refuses fails without the password in the error", async () => {
    const fake = fakeGlance();
    const bad = { ...auth, password: "a wrong one" };
    const failed = await on(fake)
      .create({ image: "cirros", auth: bad })
      .catch((error: unknown) => String(Reflect.get(Object(error), "message")));
    expect(failed).toMatch(
      /Keystone refuses user storage \(domain default\) \(401, the program\): The request you have made/,
    );
    expect(failed).not.toContain("a wrong one");
  });

  test("is refused where it is none, or beside a cloud, and no value of it is shown", async () => {
    const run = on(fakeGlance());
    const problems = [
      ...(await run.problems({ image: "cirros", auth: { authUrl: KEYSTONE, username: "secret name" } })),
      ...(await run.problems({ image: "cirros", auth: { username: "secret name", password: "p4ssword" } })),
      ...(await run.problems({ ...desired, cloud: "prod" })),
      ...(await run.problems({ image: "cirros", auth: { ...auth, authUrl: "keystone:5000" } })),
    ];
    expect(problems).toHaveLength(4);
    expect(problems.join()).not.toMatch(/secret name|p4ssword|open sesame|keystone:5000/);
  });

  test("is changed without a request, and its address replaces", async () => {
    const fake = fakeGlance();
    const made = await on(fake).create(desired);
    const before = fake.asked.length;
    const other = { ...desired, auth: { ...auth, password: "another" } };
    expect((await on(fake).diff(made, other)).replaces).toEqual([]);
    await on(fake).update(made, other);
    expect(fake.asked).toHaveLength(before);
    const moved = { ...desired, auth: { ...auth, authUrl: "https://other:5000" } };
    expect((await on(fake).diff(made, moved)).replaces).toEqual(["auth"]);
  });
});
