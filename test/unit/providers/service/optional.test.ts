/** A unit that is restarted where that can be: what is in its way is said, and stops nothing. */
import { describe, expect, test } from "@jest/globals";
import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { service } from "../../../../providers/service/index";
import { optionalSite as site, UNIT } from "../../../support/optional-service";

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

test("an optional unit that the host knows by another name is said with that name", async () => {
  const { created, systemctl } = site();
  systemctl.unit("openstack-cinder-volume");
  expect((await created()).said).toMatch(
    /; nothing is restarted there\. Similar ones are there: openstack-cinder-volume\./,
  );
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
    ["masked while it runs", { enabled: "masked", load: "masked" }],
    ["of a broken unit file while it runs", { load: "error" }],
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

  test("that has just begun counts as not well before: it may be up at one moment and down at the next", async () => {
    const { run, inputs, systemctl, write } = site();
    systemctl.unit(UNIT);
    systemctl.fails(UNIT);
    write("[ceph]\nrbd_user = other\n");
    const justNow = new Date(Date.now() - 1000);
    utimesSync(`${systemctl.bin}/units/${UNIT}.service`, justNow, justNow);
    const one = run();
    await one.of(service).create(inputs({ steadySeconds: 600 }));
    expect(one.said.join("\n")).toMatch(/it has failed.*; it was not well before either/);
  });
});
