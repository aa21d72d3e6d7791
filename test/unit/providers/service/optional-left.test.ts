/** An optional unit that is left to others, or left as it is. */
import { describe, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { clientPackages } from "../../../../providers/client-packages/index";
import { configSection } from "../../../../providers/config-section/index";
import { service } from "../../../../providers/service/index";
import { optionalSite as site, UNIT } from "../../../support/optional-service";
import { ownerOf, runOf } from "../../../support/run-of";

describe("the restart at a destroy that goes from a program", () => {
  const undone = async (reads: (conf: string) => string[] = (conf) => [conf]) => {
    const one = site();
    one.systemctl.unit(UNIT);
    const { made } = await one.created({
      at: "destroy",
      triggers: undefined,
      reads: reads(one.host.path("cinder.conf")),
    });
    const section = (name: string, option: string) => ({
      host: "ctl1",
      path: one.host.path("cinder.conf"),
      section: name,
      options: { [option]: "other" },
    });
    one.write("[ceph]\nrbd_user = other\n");
    return { ...one, made, section };
  };

  test("restarts nothing for files that live on: nobody asked for restarts any more", async () => {
    for (const reads of [(conf: string) => [conf], (conf: string) => [`${conf}#[ceph]`]]) {
      const { run, made, section, systemctl, host } = await undone(reads);
      const one = run();
      await one.of(configSection, ownerOf("files")).check(section("ceph", "rbd_user"));
      await one.of(service).remove(made);
      expect([systemctl.runs(UNIT), host.records()]).toEqual([1, []]);
    }
  });

  test("restarts where nothing of what it reads lives on", async () => {
    const { run, made, section, systemctl } = await undone((conf) => [`${conf}#[ceph]`]);
    const one = run();
    await one.of(configSection, ownerOf("files")).check(section("other", "rbd_user"));
    await one.of(configSection, ownerOf("more")).check({ ...section("ceph", "x"), path: "/etc/else.conf" });
    await one.of(service).remove(made);
    expect(systemctl.runs(UNIT)).toBe(2);
  });

  test("restarts where a part of it was put back in this run, and another lives on", async () => {
    const { run, made, section, systemctl } = await undone();
    const put = await run().of(configSection, ownerOf("gone")).create(section("ceph", "rbd_pool"));
    const one = run();
    await one.of(configSection, ownerOf("files")).check(section("ceph", "rbd_user"));
    await one.of(configSection, ownerOf("gone")).remove(put);
    await one.of(service).remove(made);
    expect(systemctl.runs(UNIT)).toBe(2);
  });
});

describe("an optional restart that another has", () => {
  const OTHER = ownerOf("a", "site/other");

  test("in the same program is refused with the way out, whichever comes first", async () => {
    const { inputs, run } = site();
    for (const [first, second] of [
      [true, false],
      [false, true],
    ]) {
      const one = run();
      await one.of(service, ownerOf("a")).check(inputs({ optional: first }));
      const problems = await one.of(service, ownerOf("b")).problems(inputs({ optional: second }));
      expect(problems.join()).toMatch(
        /one of them has to go; `manage: \{ services: false \}`, or `exceptHosts`/,
      );
    }
  });

  test("and so are packages", async () => {
    const one = runOf({});
    const inputs = { host: "ctl1", packages: ["ceph-common"] };
    await one.of(clientPackages, ownerOf("a")).check({ ...inputs, optional: true });
    const problems = await one.of(clientPackages, ownerOf("b")).problems(inputs);
    expect(problems.join()).toMatch(/one of them has to go; `manage: \{ packages: false \}`/);
  });

  test("in another stack is left to that one, without an error and without a change in any later run", async () => {
    const { inputs, other, run, of, systemctl, write, host } = site();
    systemctl.unit(UNIT);
    await run().of(service, OTHER).create(inputs());
    const records = host.records();
    write("[ceph]\nrbd_user = other\n");
    const one = run();
    const made = await one.of(service).create(inputs(other));
    expect(one.said.join("\n")).toMatch(/warning: .* belongs to .*site\/other.*; nothing is done there\. /);
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    expect((await of().diff(made, inputs(other))).changes).toBe(false);
    await of().remove(made);
    expect([systemctl.runs(UNIT), host.records()]).toEqual([1, records]);
  });

  test("in another stack is an error where it is not optional", async () => {
    const { inputs, run, of, systemctl } = site();
    systemctl.unit(UNIT);
    await run().of(service, OTHER).create(inputs());
    await expect(of().create(inputs({ optional: false }))).rejects.toThrow(/belongs to/);
  });
});

describe("an optional unit of an engine that does not answer", () => {
  test.each([
    ["docker", "docker:cinder_volume", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock."],
    ["systemctl", UNIT, "Failed to connect to bus: No such file or directory"],
  ])("is said (%s), by a destroy too, and stops nothing", async (name, unit, words) => {
    const { created, of, run, systemctl, host } = site();
    const { before } = host;
    // As on a host that systemd has booted.
    host.before = async (request, count) => {
      const changed = await before(request, count);
      const text = changed.program.text.replaceAll("/run/systemd/system", "/");
      return { ...changed, program: { ...changed.program, text } };
    };
    writeFileSync(`${systemctl.bin}/${name}`, `#!/bin/sh\necho "${words}" >&2; exit 1\n`, { mode: 0o755 });
    const { made, said } = await created({ unit });
    expect(said).toMatch(/warning: .*(?:docker|systemd) does not answer there; nothing is restarted there/);
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    await of().remove(made);
    const undo = await created({ unit, at: "destroy", triggers: undefined });
    const one = run();
    await one.of(service).remove(undo.made);
    expect(one.said.join()).toMatch(/does not answer there/);
    await expect(created({ unit, optional: false })).rejects.toThrow();
  });
});
