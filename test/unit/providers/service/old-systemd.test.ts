/** systemd of CentOS 7 (219) to that of Ubuntu 20.04 (245): whole seconds, and the oldest without a name for a run. */
import { describe, expect, test } from "@jest/globals";
import { utimesSync, writeFileSync } from "node:fs";
import { parseUnitLook } from "../../../../providers/clients/systemd/look";
import { LONGER_AGO } from "../../../support/fake-systemctl";
import { serviceSite } from "../../../support/service-site";

const UNIT = "nova-compute";

const site = () => {
  const { systemctl, conf, write, of } = serviceSite("cmp1", "nova.conf");
  systemctl.becomeOld();
  systemctl.unit(UNIT);
  const file = `${systemctl.bin}/units/${UNIT}.service`;
  write("[libvirt]\nrbd_user = cinder\n", LONGER_AGO);
  const inputs = (more: object = {}) => ({
    host: "cmp1",
    unit: UNIT,
    reads: [conf],
    virsh: ["false"],
    steadySeconds: 0,
    ...more,
  });
  return {
    write,
    inputs,
    of,
    runs: () => systemctl.runs(UNIT),
    /** A restart by hand, at that moment. */
    began: (at: Date, number: number) => {
      writeFileSync(file, `active ${number} enabled loaded no\n`);
      utimesSync(file, at, at);
    },
  };
};

/** A moment to come, by the hundredths of its second: inodes of files change now, whatever time they are given. */
const SOON = Math.floor(Date.now() / 1000) * 1000 + 600_000;
const at = (hundredths: number): Date => new Date(SOON + hundredths * 10);

describe("a unit of systemd before 232", () => {
  test("is restarted for what changed, once, and a restart by hand counts", async () => {
    const { of, inputs, runs, write, began } = site();
    const made = await of().create(inputs());
    expect(runs()).toBe(1);
    write("[libvirt]\nrbd_user = other\n", at(0));
    expect((await of().refresh(made))?.outs["runsWith"]).toBe("something older than its files");
    const failed = { ...made, outs: { ...made.outs, __failed: true } };
    const after = await of().update(failed, inputs());
    expect(runs()).toBe(2);
    expect((await of().refresh(after))?.outs).toEqual(after.outs);
    write("[libvirt]\nrbd_user = third\n", at(100));
    expect((await of().refresh(after))?.outs["runsWith"]).toBe("something older than its files");
    began(at(200), 7);
    expect((await of().refresh(after))?.outs).toEqual(after.outs);
  });

  test.each([
    ["after it in the same second is drift", 30, 60, "something older than its files"],
    ["before it in the same second is what it runs with", 60, 30, "what its files say"],
  ])("a file that was written %s", async (_name, start, written, said) => {
    const { of, inputs, write, began } = site();
    const made = await of().create(inputs());
    began(at(start), 3);
    write("[libvirt]\nrbd_user = other\n", at(written));
    expect((await of().refresh(made))?.outs["runsWith"]).toBe(said);
  });
});

describe("when a run began", () => {
  const look = (clocks: string, facts: Readonly<Record<string, string>>) => {
    const text = Object.entries({ LoadState: "loaded", ActiveState: "active", ...facts })
      .map(([key, value]) => `${key}=${value}`)
      .join("\n");
    return parseUnitLook("x.service", Buffer.from([clocks, "boot", text, "", ""].join("\0")), []);
  };
  const SECOND = "Fri 2026-11-27 11:00:05 UTC";
  const whole = Date.parse("2026-11-27T11:00:05Z") / 1000;
  const facts = { ExecMainStartTimestamp: SECOND, ExecMainStartTimestampMonotonic: "1000250000" };

  test("has the fraction of the monotonic clock", () => {
    expect(look(`${whole + 60} 1060.00`, facts).started).toBeCloseTo(whole + 0.25, 3);
  });

  test("is the whole second where the uptime is another machine's, or is not known", () => {
    expect(look(`${whole + 60} 12.00`, facts).started).toBe(whole);
    expect(look(`${whole + 60} `, facts).started).toBe(whole);
  });

  test("is as it is printed where that has a fraction", () => {
    const printed = { ...facts, ExecMainStartTimestamp: "Fri 2026-11-27 11:00:05.700000 UTC" };
    expect(look(`${whole + 60} 1060.00`, printed).started).toBeCloseTo(whole + 0.7, 5);
  });

  test("and its process name a run that has no InvocationID", () => {
    const run = (more: object = {}) => look("1 1", { ...facts, ExecMainPID: "7", ...more }).run;
    expect(run()).toMatch(/^[0-9a-f]{64}$/);
    expect(run()).toBe(run());
    expect(run({ ExecMainPID: "8" })).not.toBe(run());
    expect(run({ ExecMainStartTimestampMonotonic: "1000250001" })).not.toBe(run());
    expect(run({ InvocationID: "a" })).toBe(run({ InvocationID: "a", ExecMainPID: "8" }));
  });
});
