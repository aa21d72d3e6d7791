/** ImageProperties against the distribution's own Keystone and Glance, over HTTP. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { imageProperties, RECOMMENDED_IMAGE_PROPERTIES } from "../../providers/image-properties/index";
import { readSettings } from "../../providers/remote/settings";
import { newWeb, type Web } from "../../providers/remote/web";
import { imageService, type ImageService } from "../support/image-service";
import { ownerOf, runOf } from "../support/run-of";
import { failure } from "../support/failure";

let real: ImageService;
let asked: string[] = [];
const web: Web = (request) => {
  asked.push(`${request.method} ${new URL(request.url).pathname}`);
  return newWeb(readSettings(() => undefined, {}))(request);
};

/** A run of the engine: a process of its own. */
const run = () => runOf({}, { web }).of(imageProperties, ownerOf("a"));

const login = () => ({
  authUrl: real.keystone,
  username: "admin",
  password: real.password,
  projectName: "admin",
});

const newImage = async (name: string, more: object = {}): Promise<string> => {
  const body = { name, disk_format: "raw", container_format: "bare", ...more };
  return String((await real.ask("POST", `${real.glance}/v2/images`, body))["id"]);
};

const found = async (id: string): Promise<Record<string, unknown>> => {
  const image = await real.ask("GET", `${real.glance}/v2/images/${id}`);
  return Object.fromEntries(
    Object.entries(image).filter(([key]) => /^(hw|os_(distro|require)|pulumi)_?/.test(key)),
  );
};

beforeAll(async () => {
  real = await imageService();
}, 600_000);

afterAll(() => real.stop());

test("created, looked at, changed by hand, repaired, and put back", async () => {
  const before = { hw_disk_bus: "ide", os_distro: "cirros" };
  const id = await newImage("cirros", before);
  const desired = { image: "cirros", auth: login() };
  const made = await run().create(desired);
  expect(await found(id)).toMatchObject({ ...RECOMMENDED_IMAGE_PROPERTIES, os_distro: "cirros" });
  expect(made.outs["imageId"]).toBe(id);
  expect((await run().diff(made, desired)).changes).toBe(false);
  expect((await run().refresh(made))?.outs).toEqual(made.outs);
  const change = [
    { op: "replace", path: "/hw_disk_bus", value: "virtio" },
    { op: "remove", path: "/hw_scsi_model" },
  ];
  const type = { "content-type": "application/openstack-images-v2.1-json-patch" };
  await real.ask("PATCH", `${real.glance}/v2/images/${id}`, change, type);
  const drifted = await run().refresh(made);
  expect(drifted?.outs["properties"]).toEqual({
    hw_disk_bus: "virtio",
    hw_qemu_guest_agent: "yes",
    os_require_quiesce: "yes",
  });
  const repaired = await run().update(drifted ?? made, desired);
  expect(await found(id)).toMatchObject(RECOMMENDED_IMAGE_PROPERTIES);
  await run().remove(repaired);
  expect(await found(id)).toEqual(before);
});

test("a protected image may have properties: it is only kept from being deleted", async () => {
  const id = await newImage("kept", { protected: true });
  const made = await run().create({ image: id, auth: login(), properties: { hw_disk_bus: "scsi" } });
  expect(await found(id)).toMatchObject({ hw_disk_bus: "scsi" });
  await run().remove(made);
  expect(await found(id)).toEqual({});
});

test("by an application credential; one token for a run", async () => {
  const id = await newImage("by credential");
  const { user_id: user } = await adminOf();
  const { application_credential: made } = await real.ask(
    "POST",
    `${real.keystone}/v3/users/${String(user)}/application_credentials`,
    { application_credential: { name: "images" } },
  );
  const { id: credential, secret } = made as { id: string; secret: string };
  const auth = {
    authUrl: `${real.keystone}/v3/`,
    applicationCredentialId: credential,
    applicationCredentialSecret: secret,
  };
  asked = [];
  const one = run();
  const resource = await one.create({ image: id, auth, properties: { hw_disk_bus: "scsi" } });
  expect(asked.filter((what) => what === "POST /v3/auth/tokens")).toHaveLength(1);
  expect(await found(id)).toMatchObject({ hw_disk_bus: "scsi" });
  await run().remove(resource);
  expect(await found(id)).toEqual({});
});

/** The administrator's own role assignment. */
const adminOf = async (): Promise<Record<string, unknown>> => {
  const { users } = await real.ask("GET", `${real.keystone}/v3/users?name=admin`);
  return { user_id: (users as { id: string }[])[0]?.id };
};

/** Somebody without rights on the administrator's images. */
const newUser = async (): Promise<{ username: string; password: string; projectName: string }> => {
  const { project } = await real.ask("POST", `${real.keystone}/v3/projects`, { project: { name: "tenant" } });
  const password = "a tenant's password";
  const { user } = await real.ask("POST", `${real.keystone}/v3/users`, {
    user: { name: "tenant", password },
  });
  const { roles } = await real.ask("GET", `${real.keystone}/v3/roles?name=member`);
  const [role] = roles as { id: string }[];
  const at = `${real.keystone}/v3/projects/${(project as { id: string }).id}/users/${(user as { id: string }).id}`;
  await real.ask("PUT", `${at}/roles/${String(role?.id)}`);
  return { username: "tenant", password, projectName: "tenant" };
};

test("what Keystone and Glance refuse is said in words, and nothing is changed", async () => {
  const id = await newImage("public", { visibility: "public" });
  const full = await newImage(
    "full",
    Object.fromEntries(Array.from({ length: 15 }, (_, n) => [`x_${n}`, "1"])),
  );
  const of = (inputs: object) => failure(run().create({ properties: { hw_disk_bus: "scsi" }, ...inputs }));
  const wrong = await of({ image: id, auth: { ...login(), password: "a wrong password" } });
  expect(wrong).toMatch(/Keystone refuses user admin \(domain default\) \(401.*\n.*openstack token issue/);
  expect(wrong).not.toContain("a wrong password");
  const tenant = { authUrl: real.keystone, ...(await newUser()) };
  expect(await of({ image: "public", auth: tenant })).toMatch(/Glance forbids it \(403\).*\n.*modify_image/);
  expect(await of({ image: full, auth: tenant })).toMatch(
    /there is no image .* or none that this user may see/,
  );
  expect(await of({ image: full, auth: login() })).toMatch(/\(413\).*\n.*image_property_quota/);
  expect(await of({ image: id, auth: login(), region: "RegionTwo" })).toMatch(
    /in region RegionTwo; it is in RegionOne/,
  );
  expect(await of({ image: id, endpoint: real.keystone })).toMatch(/no Image API v2 answers there/);
  expect(await of({ image: id, endpoint: real.glance })).toMatch(/Glance refuses the token \(401/);
  expect(await found(id)).toEqual({});
});
