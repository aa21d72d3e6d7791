/** What the program says of its configuration and of `import`, before anything is registered. */
import { afterEach, describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { CephOpenStackProvider, Directory } from "../../index";

const directory = (opts?: pulumi.CustomResourceOptions) =>
  new Directory("run", { host: "cmp1", path: "/var/lib/x" }, opts);

const told = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

afterEach(() => {
  pulumi.runtime.setAllConfig({});
  delete process.env["CEPH_OPENSTACK_SSHUSER"];
});

describe("a resource and an explicit provider refuse", () => {
  test.each([
    [
      "a misspelt key",
      { "ceph-openstack:sshUzer": "x" },
      "ceph-openstack:sshUzer is no setting: did you mean sshUser?",
    ],
    ["a value", { "ceph-openstack:become": "maybe" }, 'is "maybe", but must be "sudo" or "none"'],
  ])("%s of the stack's configuration, in a sentence", (_, config, said) => {
    pulumi.runtime.setAllConfig(config);
    for (const work of [directory, () => new CephOpenStackProvider("site-b")]) {
      const error = told(work);
      expect(error).toBeInstanceOf(pulumi.RunError);
      expect(error).toMatchObject({ message: expect.stringContaining(said) });
    }
  });

  test("a misspelt variable of the environment", () => {
    process.env["CEPH_OPENSTACK_SSHUSER"] = "root";
    expect(told(directory)).toMatchObject({
      message: expect.stringContaining("did you mean CEPH_OPENSTACK_SSH_USER?"),
    });
  });
});

test("an explicit provider refuses a misspelt argument", () => {
  const args: object = { sshUsr: "root" };
  expect(told(() => new CephOpenStackProvider("site-b", args))).toMatchObject({
    message: expect.stringContaining("did you mean sshUser?"),
  });
});

test("`import` is refused in a sentence that says that an up adopts", () => {
  const error = told(() => directory({ import: "cmp1:/var/lib/x" }));
  expect(error).toBeInstanceOf(pulumi.RunError);
  expect(error).toMatchObject({
    message: expect.stringMatching(/Directory "run": Pulumi cannot import.*adopts/),
  });
});
