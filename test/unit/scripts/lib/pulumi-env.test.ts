import { describe, expect, test } from "@jest/globals";
import { join } from "node:path";
import { pinnedVersion, pulumiEnv, pulumiPaths } from "../../../../scripts/lib/pulumi-env.cjs";

const project = join(__dirname, "..", "..", "..", "..");

describe("the environment of the checkout's own pulumi", () => {
  test("has nothing of the user's login, backend, passphrase or options", () => {
    const users = {
      HOME: "/home/ada",
      PULUMI_ACCESS_TOKEN: "pul-1",
      PULUMI_CONFIG_PASSPHRASE: "theirs",
      PULUMI_BACKEND_URL: "s3://theirs",
      PULUMI_CREDENTIALS_PATH: "/home/ada/.pulumi",
      PULUMI_HOME: "/home/ada/.pulumi",
      PULUMI_STACK: "prod",
    };
    const env = pulumiEnv(project, users);
    const home = join(project, ".pulumi-home");
    expect(env["HOME"]).toBe("/home/ada");
    expect(env["PULUMI_HOME"]).toBe(home);
    expect(env["PULUMI_BACKEND_URL"]).toBe(`file://${home}/state`);
    expect(env["PULUMI_CONFIG_PASSPHRASE_FILE"]).toBe(join(home, "passphrase"));
    const gone = [
      "PULUMI_ACCESS_TOKEN",
      "PULUMI_CONFIG_PASSPHRASE",
      "PULUMI_CREDENTIALS_PATH",
      "PULUMI_STACK",
    ];
    expect(gone.filter((name) => name in env)).toEqual([]);
  });

  test("keeps the variables that are ours", () => {
    const env = pulumiEnv(project, { PULUMI_CEPH_OPENSTACK_CACHE: "/c", PULUMI_COMMAND_PLUGIN: "/p.tar.gz" });
    expect(env["PULUMI_CEPH_OPENSTACK_CACHE"]).toBe("/c");
    expect(env["PULUMI_COMMAND_PLUGIN"]).toBe("/p.tar.gz");
  });

  test("finds the engine before any other pulumi, once, also when nested", () => {
    const once = pulumiEnv(project, { PATH: "/usr/local/bin:/usr/bin" });
    const twice = pulumiEnv(project, once);
    const { bin } = pulumiPaths(project);
    expect(twice["PATH"]).toBe(`${bin}:/usr/local/bin:/usr/bin`);
    expect(twice).toEqual(once);
  });

  test("names the version that package.json pins", () => {
    expect(pinnedVersion(project)).toMatch(/^3\.\d+\.\d+$/);
  });
});
