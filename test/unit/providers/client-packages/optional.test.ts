/** Packages that are wanted where they can be had: what cannot is said by name, stops nothing, and makes no later change. */
import { describe, expect, test } from "@jest/globals";
import { clientPackages } from "../../../../providers/client-packages/index";
import { packagesSite } from "../../../support/packages-site";

const DESIRED = { packages: ["ceph-common", "qemu-block-extra"], optional: true };
const AS_CAN_BE = "installed, as far as can be had";

type Site = ReturnType<typeof packagesSite>;

/** A create of it: what came of it, what was said. */
const created = async ({ run, inputs }: Site, more: object = {}) => {
  const one = run();
  const made = await one.of(clientPackages).create(inputs({ ...DESIRED, ...more }));
  return { made, said: one.said.join("\n") };
};

/** No later run finds anything to do: neither by what is recorded, nor by a look. */
const isQuiet = async ({ of, inputs }: Site, made: Awaited<ReturnType<typeof created>>["made"]) => {
  expect((await of().diff(made, inputs(DESIRED))).changes).toBe(false);
  expect((await of().refresh(made))?.outs).toEqual(made.outs);
};

describe("an optional package", () => {
  test("that no index names is said, and the others are installed", async () => {
    const site = packagesSite();
    const { made, said } = await created(site, { packages: ["ceph-common", "nope"] });
    expect(said).toMatch(
      /^ceph-openstack: warning: ctl1: nope is missing, and cannot be had: its package indices have no nope; .*apt-get update/,
    );
    expect(said.split("\n")).toHaveLength(1);
    expect(site.apt.installed()).toEqual(["ceph-common"]);
    expect(made.outs).toMatchObject({ state: AS_CAN_BE, missing: ["nope"] });
  });

  test.each([
    ["the network is not there", "E: Failed to fetch http://mirror/ceph"],
    ["the login may not install", "E: Could not open lock file (13: Permission denied), are you root?"],
    ["another installer holds the lock", "E: Could not get lock /var/lib/dpkg/lock-frontend"],
  ])("is said where %s, and is nobody's", async (_why, text) => {
    const site = packagesSite();
    const { host, apt, of, inputs } = site;
    host.before = (request) => {
      if (request.program.name === "packages-change") apt.failWith(text);
      return request;
    };
    const { made, said } = await created(site);
    expect(said).toMatch(/warning: ctl1: ceph-common, qemu-block-extra are missing, and cannot be had: /);
    expect([apt.installed(), host.records()]).toEqual([[], []]);
    await isQuiet(site, made);
    host.before = (request) => request;
    apt.failWith("");
    await expect(of().create(inputs({ ...DESIRED, optional: false }))).resolves.toBeDefined();
  });

  test("of several is not waited for one by one, where the wait for all of them ended", async () => {
    const site = packagesSite();
    let plans = 0;
    site.host.before = (request) => {
      if (request.program.name === "packages-plan") plans++;
      if (request.program.name === "packages-change")
        site.apt.failWith("E: Could not get lock /var/lib/dpkg/lock-frontend");
      return request;
    };
    const { said } = await created(site);
    expect(said).toMatch(/another installer holds the lock/);
    expect(plans).toBe(1);
  });

  test("that the login may not install is said so, and not that another installer is at it", async () => {
    const site = packagesSite();
    site.host.before = (request) => {
      if (request.program.name === "packages-change")
        site.apt.failWith(
          "E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?",
        );
      return request;
    };
    const { said } = await created(site);
    expect(said).toMatch(/become/);
    expect(said).not.toMatch(/another installer/);
  });

  test("is said on a host with neither APT nor dnf", async () => {
    const site = packagesSite();
    site.host.before = (request) =>
      request.program.name.startsWith("packages-")
        ? { ...request, program: { ...request.program, text: "exit 65" } }
        : request;
    const { made, said } = await created(site);
    expect(said).toMatch(/are missing, and cannot be had: it has neither APT with dpkg nor dnf with rpm/);
    await isQuiet(site, made);
    await expect(site.of().create(site.inputs({ packages: DESIRED.packages }))).rejects.toThrow(
      /neither APT/,
    );
    await site.of().remove(made);
  });

  test("that would bring an upgrade is left, and the others are installed", async () => {
    const site = packagesSite();
    site.apt.put("librbd1", "16.2.15");
    site.host.before = (request) =>
      request.program.name === "packages-plan" && request.args?.includes("ceph-common") === true
        ? { ...request, program: { ...request.program, text: "echo 'Inst librbd1 [16] (18 x [all])'" } }
        : request;
    const { made, said } = await created(site);
    expect(said).toMatch(/ceph-common is missing, and cannot be had: to install ceph-common would upgrade/);
    expect(site.apt.installed()).toEqual(["librbd1", "qemu-block-extra"]);
    await isQuiet(site, made);
  });

  test("that somebody installs later is no change, and one that is taken away then is", async () => {
    const site = packagesSite();
    const { of, apt, inputs } = site;
    const desired = { ...DESIRED, packages: ["nope"] };
    const { made } = await created(site, desired);
    apt.offer("nope", "1");
    apt.put("nope", "1");
    const seen = await of().refresh(made);
    expect(seen?.outs).toMatchObject({ state: AS_CAN_BE });
    expect(seen?.outs).not.toHaveProperty("missing");
    expect((await of().diff(seen ?? made, inputs(desired))).changes).toBe(false);
    apt.take("nope");
    const gone = await of().refresh(seen ?? made);
    expect(gone?.outs["state"]).toBe("nope is missing");
    await of().update(gone ?? made, inputs(desired));
    expect(apt.installed()).toEqual(["nope"]);
  });

  test("is an error from the moment that it is not optional any more", async () => {
    const site = packagesSite();
    const { made } = await created(site, { packages: ["nope"] });
    await expect(site.of().update(made, site.inputs({ packages: ["nope"] }))).rejects.toThrow(
      /its package indices have no nope/,
    );
  });

  test("does not hide that the connection was lost while it was installed", async () => {
    const site = packagesSite();
    site.host.before = (request) => {
      if (request.program.name === "packages-change") throw new Error("cut");
      return request;
    };
    await expect(created(site)).rejects.toThrow("cut");
  });
});
