/** A unit that is restarted where that can be: what is in its way is said, and stops nothing. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { service } from "../../../../providers/service/index";
import { fakeHost, type FakeHost } from "../../../support/fake-host";
import { fakeSystemctl, LONGER_AGO } from "../../../support/fake-systemctl";
import { runOf } from "../../../support/run-of";

const hosts: FakeHost[] = [];
afterEach(() => hosts.splice(0).forEach((host) => host.dispose()));

const UNIT = "cinder-volume";

const site = () => {
  const host = fakeHost({ name: "ctl1" });
  hosts.push(host);
  const systemctl = fakeSystemctl(host.path("systemd"));
  host.before = (request) => ({
    ...request,
    program: { ...request.program, text: `PATH='${systemctl.bin}':$PATH\n${request.program.text}` },
  });
  const conf = host.path("cinder.conf");
  const write = (text: string, at?: Date): void => {
    writeFileSync(conf, text);
    if (at !== undefined) utimesSync(conf, at, at);
  };
  write("[ceph]\nrbd_user = cinder\n", LONGER_AGO);
  const run = () => runOf({ ctl1: host });
  const inputs = (more: object = {}) => ({
    host: "ctl1",
    unit: UNIT,
    reads: [conf],
    triggers: { "[ceph] rbd_user": "cinder" },
    steadySeconds: 0,
    optional: true,
    ...more,
  });
  const other = { triggers: { "[ceph] rbd_user": "other" } };
  const created = async (more: object = {}) => {
    const one = run();
    return { made: await one.of(service).create(inputs(more)), said: one.said.join("\n") };
  };
  return { host, systemctl, write, run, of: () => run().of(service), inputs, other, created };
};

describe("an optional unit that is not there", () => {
  test("is said, and neither a refresh nor a preview finds anything to do", async () => {
    const { of, inputs, created } = site();
    const { made, said } = await created();
    expect(said).toMatch(
      /warning: cinder-volume on ctl1: there is no unit cinder-volume\.service; nothing is restarted there/,
    );
    expect((await of().diff(made, inputs())).changes).toBe(false);
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
  });

  test("is an error where it is not optional", async () => {
    await expect(site().created({ optional: false })).rejects.toThrow(/there is no unit/);
  });

  test("is judged by what it reads when it comes later", async () => {
    const { of, inputs, other, created, systemctl, write, run } = site();
    const { made } = await created();
    systemctl.unit(UNIT);
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    write("[ceph]\nrbd_user = other\n");
    expect((await of().refresh(made))?.outs["runsWith"]).toBe("something older than its files");
    const one = run();
    await one.of(service).update(made, inputs(other));
    expect(one.said.join()).toMatch(/restart cinder-volume on ctl1, because \[ceph\] rbd_user changed/);
    expect(systemctl.runs(UNIT)).toBe(2);
  });

  test("may go again: it is no thing that is to be made anew", async () => {
    const { of, inputs, created, systemctl } = site();
    systemctl.unit(UNIT);
    const { made } = await created({ running: true });
    rmSync(`${systemctl.bin}/units/${UNIT}.service`);
    const seen = await of().refresh(made);
    expect(seen?.outs).toEqual(made.outs);
    expect((await of().diff(seen ?? made, inputs({ running: true }))).changes).toBe(false);
  });

  test("is forgotten by a destroy, without a trace", async () => {
    const { of, created, host } = site();
    await of().remove((await created()).made);
    await of().remove((await created({ at: "destroy", triggers: undefined })).made);
    expect(host.records()).toEqual([]);
  });
});

describe("a host without systemd", () => {
  const without = () => {
    const one = site();
    // As systemctl is in a container that nothing booted.
    writeFileSync(
      `${one.systemctl.bin}/systemctl`,
      '#!/bin/sh\necho "System has not been booted with systemd as init system (PID 1)." >&2; exit 1\n',
      { mode: 0o755 },
    );
    one.host.before = (request) => {
      const text = request.program.text.replaceAll("/run/systemd/system", "/nowhere");
      return {
        ...request,
        program: { ...request.program, text: `PATH='${one.systemctl.bin}':$PATH\n${text}` },
      };
    };
    return one;
  };

  test("is said, and is no error where the unit is optional", async () => {
    const { created, of, inputs } = without();
    const { made, said } = await created();
    expect(said).toMatch(/warning: cinder-volume on ctl1: the host is not run by systemd; nothing is/);
    expect((await of().diff(made, inputs())).changes).toBe(false);
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    await of().remove(made);
  });

  test("is an error where it is not", async () => {
    await expect(without().created({ optional: false })).rejects.toThrow(/The host is not run by systemd/);
  });

  test("that has no container engine either is said in the same words", async () => {
    const { said } = await without().created({ unit: "podman:nothing-here" });
    expect(said).toMatch(/warning: the container nothing-here on ctl1: the host is not run by podman/);
  });
});

describe("an optional unit", () => {
  test("that runs with what its files say is not restarted, and one that is older is", async () => {
    const { created, systemctl, write } = site();
    systemctl.unit(UNIT);
    await created();
    expect(systemctl.runs(UNIT)).toBe(1);
    write("[ceph]\nrbd_user = other\n");
    await created();
    expect(systemctl.runs(UNIT)).toBe(2);
  });

  test.each([
    ["stopped", { active: "inactive" }],
    ["stopped and disabled", { active: "inactive", enabled: "disabled" }],
    ["masked", { active: "inactive", enabled: "masked", load: "masked" }],
    ["of a broken unit file", { active: "inactive", load: "bad-setting" }],
  ])("that is %s stays so, whatever changes", async (_name, state) => {
    const { created, of, inputs, other, systemctl, write } = site();
    systemctl.unit(UNIT, state);
    const before = systemctl.state(UNIT);
    const { made } = await created();
    write("[ceph]\nrbd_user = other\n");
    const after = await of().update(made, inputs(other));
    expect(systemctl.state(UNIT)).toBe(before);
    expect((await of().refresh(after))?.outs).toEqual(after.outs);
  });

  test("that has failed is left, until its files change", async () => {
    const { created, of, inputs, other, systemctl, write } = site();
    systemctl.unit(UNIT, { active: "failed" });
    const { made } = await created();
    expect(systemctl.state(UNIT)).toBe("failed 1 enabled");
    write("[ceph]\nrbd_user = other\n");
    await of().update(made, inputs(other));
    expect(systemctl.state(UNIT)).toBe("active 2 enabled");
  });

  test("that had failed and fails again is said, stops nothing, and is not tried at each run", async () => {
    const { run, of, inputs, other, systemctl, write, created } = site();
    systemctl.unit(UNIT, { active: "failed" });
    systemctl.fails(UNIT);
    const { made } = await created();
    write("[ceph]\nrbd_user = other\n");
    const one = run();
    const after = await one.of(service).update(made, inputs(other));
    expect(one.said.join("\n")).toMatch(
      /warning: cinder-volume on ctl1: it has failed.*; it was not well before/,
    );
    expect((await of().diff(after, inputs(other))).changes).toBe(false);
    expect((await of().refresh(after))?.outs).toEqual(after.outs);
    expect(systemctl.runs(UNIT)).toBe(2);
  });

  test("that was well and is not after its restart is an error: what comes after it is not touched", async () => {
    const { of, inputs, other, systemctl, write, created } = site();
    systemctl.unit(UNIT);
    const { made } = await created();
    systemctl.fails(UNIT);
    write("[ceph]\nrbd_user = other\n");
    await expect(of().update(made, inputs(other))).rejects.toThrow(/it has failed/);
  });
});
