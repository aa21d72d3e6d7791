/** One machine, one file, one libvirt under two names. */
import { describe, expect, test } from "@jest/globals";
import { symlinkSync } from "node:fs";
import { configSection } from "../../../../providers/config-section/index";
import type { Artifact } from "../../../../providers/kernel/contract";
import { recordsOf, worldOf } from "../../../support/laws-site";
import { ownerOf, runOf } from "../../../support/run-of";
import { failure } from "../../../support/failure";
import { entryOf, siteFor } from "../../../support/laws-of";

const LONG = "far1.example.com";

const newPlace = (file: string) => {
  const entry = entryOf(file);
  const site = siteFor(entry);
  const machines = { ...site.machines, [LONG]: { ...site.host, name: LONG } };
  const first = entry.first(site);
  return {
    site,
    first,
    long: { ...first, host: LONG },
    of: entry.of,
    /** A run of the engine: a process of its own. */
    run: () => {
      const one = runOf(machines);
      return (name = "a") => entry.of(one, ownerOf(name));
    },
  };
};

const HOST_ARTIFACTS = [
  "ceph-keyring-file",
  "libvirt-secret",
  "config-section",
  "ceph-config-file",
  "directory",
];

describe.each(HOST_ARTIFACTS)("%s", (file) => {
  test.each(["in the same run", "in a later run"])(
    "whose host gets another name is where it was after the end of the old half, %s",
    async (when) => {
      const { site, first, long, run } = newPlace(file);
      const before = worldOf(site);
      const old = await run()().create(first);
      const there = worldOf(site);
      const replacing = run();
      const made = await replacing().create(long);
      await (when === "in the same run" ? replacing : run())().remove(old);
      expect(worldOf(site)).toEqual(there);
      await run()().remove(made);
      expect([worldOf(site), recordsOf(site)]).toEqual([before, []]);
    },
  );

  test("twice in one program, by two names of one machine, is an error that names both resources and both hosts", async () => {
    const { site, first, long, run } = newPlace(file);
    const program = run();
    await program("a").create(first);
    const there = worldOf(site);
    expect(await failure(program("b").create(long))).toMatch(
      /far1.*a \(X\).*far1\.example\.com.*b \(X\).*one and the same/,
    );
    expect(worldOf(site)).toEqual(there);
  });

  test("that is there and not looked at in this run keeps its own from a second one by another name", async () => {
    const { site, first, long, run } = newPlace(file);
    await run()("a").create(first);
    const there = worldOf(site);
    const program = run();
    await program("a").check(first);
    await expect(program("b").create(long)).rejects.toThrow(/far1.*a \(X\).*far1\.example\.com.*b \(X\)/);
    expect(worldOf(site)).toEqual(there);
  });

  test("may be exchanged for another resource on another name of the machine, while the first moves away", async () => {
    const { site, first, long, run } = newPlace(file);
    await run()("a").create(first);
    const there = worldOf(site);
    const program = run();
    // The first has left the program; its delete comes at the end.
    const made = await program("b").create(long);
    expect(made.outs["host"]).toBe(LONG);
    expect(worldOf(site)).not.toBe(there);
  });
});

const elsewhere = () => {
  const { site, run: _run } = newPlace("config-section");
  const [real, link] = [site.path("etc", "cinder.conf"), site.path("cinder.conf")];
  symlinkSync(real, link);
  const program = () => {
    const one = runOf(site.machines);
    return <I extends object, X>(artifact: Artifact<I, X>, name = "a") => one.of(artifact, ownerOf(name));
  };
  const desired = (path: string) => ({
    host: "far1",
    path,
    section: "ceph",
    options: { rbd_pool: "volumes" },
  });
  return { site, program, real: desired(real), link: desired(link) };
};

describe("a path that leads to the same file by a link", () => {
  test("in place of the old one leaves the options as they are", async () => {
    const { site, program, real, link } = elsewhere();
    const before = worldOf(site);
    const old = await program()(configSection).create(real);
    const there = worldOf(site);
    const made = await program()(configSection).create(link);
    await program()(configSection).remove(old);
    expect(worldOf(site)).toEqual(there);
    await program()(configSection).remove(made);
    expect(worldOf(site)).toEqual(before);
  });

  test("twice in one program is an error that names both", async () => {
    const { program, real, link } = elsewhere();
    const one = program();
    await one(configSection, "a").create(real);
    await expect(one(configSection, "b").create(link)).rejects.toThrow(/a \(X\).*b \(X\).*one and the same/);
  });
});

describe("another name of the same libvirt", () => {
  test.each([
    "qemu+unix:///system",
    "qemu:///system?socket=/run/libvirt/libvirt-sock",
    "qemu://localhost/system",
    "secret:///system",
  ])("%s in place of qemu:///system leaves the secret, and a destroy takes it", async (uri) => {
    const { site, first, run } = newPlace("libvirt-secret");
    const before = worldOf(site);
    const old = await run()().create(first);
    const there = worldOf(site);
    const desired = { ...first, uri };
    expect(await run()().diff(old, desired)).toMatchObject({ replaces: ["uri"] });
    const made = await run()().create(desired);
    await run()().remove(old);
    expect(worldOf(site)).toEqual(there);
    await run()().remove(made);
    expect([worldOf(site), recordsOf(site)]).toEqual([before, []]);
  });

  test("twice in one program fails in check", async () => {
    const { first, run } = newPlace("libvirt-secret");
    const one = run();
    await one("a").check(first);
    await expect(one("b").check({ ...first, uri: "qemu+unix:///system" })).rejects.toThrow(
      /a \(X\).*b \(X\)/,
    );
  });

  test("another user's session, or another machine's libvirt, is another", async () => {
    const { first, run } = newPlace("libvirt-secret");
    const one = run();
    await one("a").check(first);
    await one("b").check({ ...first, uri: "qemu:///session" });
    await one("c").check({ ...first, uri: "qemu+ssh://other/system" });
  });
});
