/** Users of a store's, a backend's and Nova's own: caps, keyrings and secrets follow. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { CephOpenStackIntegration } from "../../index";
import { registered, type Registered } from "../support/mocks";

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const UUID = "11111111-1111-4111-8111-111111111111";

describe("an integration whose store, backends and Nova have users of their own", () => {
  let resources: readonly Registered[];
  beforeAll(async () => {
    ({ resources } = await registered(
      () =>
        new CephOpenStackIntegration("rbd", {
          cluster,
          openstackRelease: "zed",
          glance: { hosts: ["ctl1"], stores: [{ name: "rbd", pool: "images", user: "images" }] },
          cinder: {
            hosts: ["vol1"],
            backends: [
              { name: "ssd", pool: "fast", user: "cinder-ssd", secretUuid: UUID },
              { name: "hdd", pool: "slow" },
            ],
          },
          cinderBackup: { hosts: ["bak1"] },
          nova: { hosts: ["cmp1"], user: "nova" },
          keyGenerations: { "cinder-ssd": 3 },
          manage: false,
        }),
    ));
  });
  const inputs = (name: string) => {
    const found = resources.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${name} is not registered`);
    return found.inputs;
  };
  const named = (part: string) => resources.map(({ name }) => name).filter((name) => name.includes(part));

  test("there is one entity for each user", () => {
    expect(named("-auth-")).toEqual([
      "rbd-auth-cinder",
      "rbd-auth-cinder-backup",
      "rbd-auth-cinder-ssd",
      "rbd-auth-images",
      "rbd-auth-nova",
    ]);
    expect(inputs("rbd-auth-cinder-ssd")).toMatchObject({
      entity: "client.cinder-ssd",
      keyGeneration: 3,
      caps: { osd: ["profile rbd pool=fast", "profile rbd-read-only pool=images"] },
    });
    expect(inputs("rbd-auth-nova")["caps"]).toMatchObject({
      osd: ["profile rbd pool=vms", "profile rbd-read-only pool=images"],
    });
  });

  test("every host has the keyrings of the users that its services run as, and no other", () => {
    expect(named("-keyring-")).toEqual([
      "rbd-bak1-keyring-cinder",
      "rbd-bak1-keyring-cinder-backup",
      "rbd-bak1-keyring-cinder-ssd",
      "rbd-cmp1-keyring-nova",
      "rbd-ctl1-keyring-images",
      "rbd-vol1-keyring-cinder",
      "rbd-vol1-keyring-cinder-ssd",
    ]);
  });

  test("a compute host has a secret for Nova's disks and one for every backend's user", () => {
    expect(named("-secret")).toEqual([
      "rbd-cmp1-secret",
      "rbd-cmp1-secret-cinder-ssd",
      "rbd-cmp1-secret-nova",
    ]);
    expect(inputs("rbd-cmp1-secret-cinder-ssd")).toMatchObject({ uuid: UUID, keyGeneration: 3 });
    expect(inputs("rbd-cmp1-secret")["entity"]).toBe("client.cinder");
  });

  test("options name each one's user and the uuid of its secret", () => {
    expect(inputs("rbd-ctl1-glance-rbd")["options"]).toMatchObject({ rbd_store_user: "images" });
    const uuidOf = (name: string) => inputs(name)["uuid"];
    const options = (name: string) => inputs(name)["options"];
    expect(options("rbd-vol1-cinder-ssd")).toMatchObject({ rbd_user: "cinder-ssd", rbd_secret_uuid: UUID });
    expect(options("rbd-vol1-cinder-hdd")).toMatchObject({
      rbd_user: "cinder",
      rbd_secret_uuid: uuidOf("rbd-cmp1-secret"),
    });
    expect(options("rbd-cmp1-nova-libvirt")).toMatchObject({
      rbd_user: "nova",
      rbd_secret_uuid: uuidOf("rbd-cmp1-secret-nova"),
    });
  });
});
