/** A check by the real engine: done once, not again, drift seen by a refresh, proven anew, and nothing left. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephConfigFile, CephKeyringFile, ClientCheck } from "../../index";
import {
  clausesOf,
  cluster,
  entityOf,
  FOLDER,
  makeCheckSite,
  removeCheckSite,
  scratch,
  setCaps,
  USERS,
} from "../support/check-site";
import type { TestStack } from "../support/engine";
import { on } from "../support/hosts";
import { drifted, good, lifeStack, steps } from "../support/lifecycle";

const program =
  (key = "1") =>
  () => {
    const conf = new CephConfigFile("conf", { host: "vol1", cluster: cluster() });
    const entity = entityOf("cinder");
    const keyring = new CephKeyringFile("keyring", {
      host: "vol1",
      cluster: cluster(),
      entity,
      owner: "cinder",
    });
    const check = new ClientCheck(
      "check",
      { host: "vol1", cluster: cluster(), entity, can: USERS.cinder.can, triggers: { key } },
      { dependsOn: [conf, keyring] },
    );
    return { verified: check.verified };
  };

let stack: TestStack;

beforeAll(async () => {
  await makeCheckSite();
  stack = await lifeStack("check", program());
}, 120_000);

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await removeCheckSite();
}, 120_000);

test("an up checks behind what it wrote, by the paths where Ceph itself looks, as the keyring's owner; a second up does nothing", async () => {
  expect(steps(good(await stack.up()))).toEqual(["create check", "create conf", "create keyring"]);
  expect(await stack.outputs()).toEqual({ verified: "yes" });
  expect(steps(good(await stack.up({ refresh: true, expectNoChanges: true })))).toEqual([]);
  expect(await scratch()).toBe("");
}, 120_000);

test("a changed trigger checks again, and is known in the preview", async () => {
  stack.program(program("2"));
  expect(steps(good(await stack.preview()))).toEqual(["update check"]);
  expect(steps(good(await stack.up()))).toEqual(["update check"]);
});

test("a refresh finds what was broken since, an up says it while it lasts, and proves it anew when it is mended", async () => {
  await setCaps(
    "cinder",
    clausesOf("cinder").filter((one) => !one.includes("read-only")),
  );
  const lacks = 'its caps lack osd "profile rbd-read-only pool=check-images"';
  expect(drifted(good(await stack.refresh()))).toEqual(["check verified"]);
  const shown = good(await stack.preview({ diff: true }));
  expect(steps(shown)).toEqual(["update check"]);
  expect(shown.output).toContain(lacks.replaceAll('"', '\\"'));
  const failed = await stack.up();
  expect(failed.error).toBeDefined();
  expect(failed.output).toContain(lacks);
  expect(failed.output).toContain("Add it to the caps of its CephAuthEntity");
  await setCaps("cinder", clausesOf("cinder"));
  expect(steps(good(await stack.up()))).toEqual(["update check"]);
  good(await stack.up({ refresh: true, expectNoChanges: true }));
}, 120_000);

test("a destroy takes away the files and nothing else, and asks nobody for the check", async () => {
  expect(steps(good(await stack.destroy()))).toEqual(["delete check", "delete conf", "delete keyring"]);
  expect(await on("vol1", `ls ${FOLDER}; ls /etc/ceph | grep check-cinder || true`)).not.toContain(
    "client.check",
  );
  expect(await scratch()).toBe("");
});
