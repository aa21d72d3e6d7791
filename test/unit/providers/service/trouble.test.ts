import { describe, expect, test } from "@jest/globals";
import { rmSync, writeFileSync } from "node:fs";
import { service } from "../../../../providers/service/index";
import { rememberSecret } from "../../../../providers/remote/redact";
import { ownerOf } from "../../../support/run-of";
import { serviceSite } from "../../../support/service-site";

const site = (unit = "nova-api") => {
  const { host, systemctl, conf, write, run, of } = serviceSite("ctl1", "nova.conf");
  systemctl.unit(unit);
  write("[libvirt]\nrbd_user = cinder\n");
  const inputs = (more: object = {}) => ({ host: "ctl1", unit, reads: [conf], steadySeconds: 0, ...more });
  const guests = (...names: string[]) => {
    writeFileSync(`${systemctl.bin}/virsh`, `#!/bin/sh\nprintf '%s\\n' ${names.join(" ")}\n`, {
      mode: 0o755,
    });
  };
  return { host, systemctl, conf, write, run, inputs, of, guests, runs: () => systemctl.runs(unit) };
};

describe("a service that is not well", () => {
  test("is an error with the end of its journal, without secrets, and is tried again", async () => {
    const { of, run, inputs, systemctl, write, runs } = site();
    const made = await of().create(inputs({ triggers: { a: 1 } }));
    write("[libvirt]\nrbd_user = nova\n");
    systemctl.fails("nova-api");
    rememberSecret("a-secret-of-this-run");
    systemctl.journal(
      "first line\nkey = AQBhunter2\nrabbit://nova:hunter2@rmq:5672\na-secret-of-this-run\nno such pool\n",
    );
    const failure: unknown = await of()
      .update(made, inputs({ triggers: { a: 2 } }))
      .catch((error: unknown) => error);
    expect((failure as Error).message).toMatch(
      /nova-api on ctl1: it has failed\n {2}first line\n {2}key = \[secret\]\n {2}rabbit:\/\/nova:\[secret\]@rmq:5672\n {2}\[secret\]\n {2}no such pool\n.*journalctl -u nova-api\.service/s,
    );
    const { properties } = failure as { properties: Record<string, string> };
    expect(properties["triggers"]).toEqual({ a: "1" });
    systemctl.fails("nova-api", false);
    const one = run();
    const half = { id: made.id, outs: properties };
    expect((await of().diff(half, inputs({ triggers: { a: 2 } }))).changes).not.toBe(false);
    await one.of(service).update(half, inputs({ triggers: { a: 2 } }));
    expect(runs()).toBe(4);
  });

  test("because it was started too often is started all the same when its files were mended", async () => {
    const { of, inputs, systemctl } = site();
    systemctl.unit("nova-api", { active: "failed" });
    systemctl.limit("nova-api");
    await of().create(inputs());
    expect(systemctl.state("nova-api")).toBe("active 2 enabled");
  });

  test("by its probe is an error that says what the probe said", async () => {
    const { of, inputs } = site();
    const probe = { command: ["sh", "-c", "echo not yet >&2; exit 1"] };
    await expect(of().create(inputs({ probe, timeoutSeconds: 1 }))).rejects.toThrow(
      /it runs, but the probe is not content after 1 s: not yet/,
    );
  });

  test("that is not there is an error that names similar ones", async () => {
    const { of, inputs, systemctl } = site();
    systemctl.unit("openstack-cinder-volume");
    systemctl.unit("some-other-volume"); // the same word, of another product
    await expect(of().create(inputs({ unit: "cinder-volume" }))).rejects.toThrow(
      /there is no unit cinder-volume\.service\n {2}Similar ones are there: openstack-cinder-volume\./,
    );
  });

  test("that is masked, or cannot be enabled, is refused before anything is touched", async () => {
    const { of, inputs, systemctl, host } = site();
    systemctl.unit("nova-api", { load: "masked", active: "inactive", enabled: "masked" });
    await expect(of().create(inputs())).rejects.toThrow(/is masked.*systemctl unmask nova-api/s);
    systemctl.unit("nova-api", { enabled: "static" });
    await expect(of().create(inputs({ enabled: true }))).rejects.toThrow(/is static: it cannot be enabled/);
    expect(host.records()).toEqual([]);
  });

  test("of another stack is refused by its name", async () => {
    const { of, inputs } = site();
    await of(ownerOf("a")).create(inputs());
    await expect(of(ownerOf("a", "site/other")).create(inputs())).rejects.toThrow(
      /the restart of nova-api on ctl1 belongs to a \(X\) of stack site\/prod/,
    );
  });
});

describe("guests", () => {
  test("that run keep libvirt from being restarted or stopped; without them it may be", async () => {
    const { of, inputs, guests, runs } = site("libvirtd");
    guests("one", "two");
    await expect(of().create(inputs())).rejects.toThrow(/libvirtd is not restarted.*guests run under it: 2/s);
    await expect(of().create(inputs({ running: false }))).rejects.toThrow(/is not restarted or stopped/);
    expect(runs()).toBe(1);
    guests();
    await of().create(inputs());
    expect(runs()).toBe(2);
  });

  test.each(["libvirt-guests", "virtlockd", "virtlogd", "libvirt-bin"])(
    "that run keep %s from being restarted: it would end them, or lose what they hold",
    async (unit) => {
      const { of, inputs, guests, runs } = site(unit);
      guests("one");
      await expect(of().create(inputs())).rejects.toThrow(/is not restarted.*guests run under it: 1/s);
      expect(runs()).toBe(1);
    },
  );

  test("are counted where nova-compute is restarted, before and after", async () => {
    const { run, inputs, guests } = site("nova-compute");
    guests("one", "two");
    const one = run();
    await one.of(service).create(inputs());
    expect(one.said.join("\n")).toMatch(
      /restart nova-compute.*; 2 guests run there\n.*is well; 2 guests run there/,
    );
  });
});

describe("a restart at a destroy", () => {
  test("comes when the files were put back, once, and not before", async () => {
    const { run, of, inputs, write, runs, host } = site();
    const last = await of(ownerOf("last")).create(inputs({ at: "destroy" }));
    expect([last.id, runs()]).toEqual(["ctl1/nova-api.service#destroy", 1]);
    write("[libvirt]\nrbd_user = nova\n");
    const made = await of().create(inputs());
    expect(runs()).toBe(2);
    await of().remove(made);
    write("[libvirt]\nrbd_user = cinder\n");
    const one = run();
    await one.of(service, ownerOf("last")).remove(last);
    expect(one.said.join()).toMatch(/restart nova-api on ctl1, because .*nova\.conf is newer/);
    await of(ownerOf("last")).remove(last);
    expect([runs(), host.records()]).toEqual([3, []]);
  });

  test("comes for a file that a destroy takes away, and not for a comment of a person's", async () => {
    for (const [after, restarts] of [
      [undefined, 1],
      ["# a person was here\n[libvirt]\nrbd_user = nova\n", 0],
    ] as const) {
      const { run, inputs, write, runs, conf } = site();
      write("[libvirt]\nrbd_user = nova\n");
      const made = await run().of(service).create(inputs());
      const last = await run()
        .of(service, ownerOf("last"))
        .create(inputs({ at: "destroy" }));
      const before = runs();
      const destroy = run();
      await destroy.of(service).remove(made);
      if (after === undefined) rmSync(conf);
      else write(after);
      await destroy.of(service, ownerOf("last")).remove(last);
      expect(runs() - before).toBe(restarts);
    }
  });

  test("does not come where nothing was put back, the unit does not run, or onDelete says keep", async () => {
    const { of, inputs, write, runs, systemctl } = site();
    await of().create(inputs());
    const owner = ownerOf("last");
    await of(owner).remove(await of(owner).create(inputs({ at: "destroy" })));
    expect(runs()).toBe(2);
    const kept = await of(owner).create(inputs({ at: "destroy", onDelete: "keep" }));
    write("[libvirt]\nrbd_user = nova\n");
    await of(owner).remove(kept);
    const last = await of(owner).create(inputs({ at: "destroy" }));
    systemctl.unit("nova-api", { active: "inactive" });
    await of(owner).remove(last);
    expect(runs()).toBe(1);
  });

  test("that fails stops what would be restarted next; another destroy goes on without it", async () => {
    const { run, of, inputs, write, systemctl, host } = site();
    const last = await of().create(inputs({ at: "destroy" }));
    systemctl.fails("nova-api");
    systemctl.journal("no such option\n");
    write("[libvirt]\nrbd_user = stock\n");
    const one = run();
    await expect(one.of(service).remove(last)).rejects.toThrow(
      /nova-api on ctl1: .*it has failed\n {2}no such option/s,
    );
    expect(one.said.join()).toMatch(
      /what would restart after it is left; another destroy goes on without it/,
    );
    await of().remove(last);
    expect(host.records()).toEqual([]);
  });

  test("has nothing on its host before: what waits for it waits for no connection", async () => {
    const { of, inputs, host } = site();
    const last = await of().create(inputs({ at: "destroy" }));
    expect((await of().refresh(last))?.outs).toEqual(last.outs);
    expect(host.ran).toEqual([]);
  });
});

test("a restart that has begun goes on where the connection goes", async () => {
  const { of, inputs, host } = site();
  const goesOn: unknown[] = [];
  const { before } = host;
  host.before = (request, count) => {
    if (request.program.name === "service-act") goesOn.push(request.program.outlives);
    return before(request, count);
  };
  await of().create(inputs());
  expect(goesOn).toEqual([true]);
});

test("names are canonical, and what is no service is refused", async () => {
  const { of, inputs } = site();
  expect((await of().check(inputs({ unit: "nova-api.service" })))["unit"]).toBe("nova-api.service");
  expect((await of().check(inputs({ unit: "neutron@eth0" })))["unit"]).toBe("neutron@eth0.service");
  expect((await of().check(inputs({ unit: "podman:nova_compute" })))["unit"]).toBe("podman:nova_compute");
  for (const unit of ["libvirtd.socket", "getty@", "-x", "docker:", "a b", "/etc/x"])
    expect([unit, await of().problems(inputs({ unit }))]).toEqual([
      unit,
      [expect.stringMatching(/must be a service/)],
    ]);
  expect(await of().problems(inputs({ unit: "docker:x", enabled: true }))).toHaveLength(1);
  expect(await of().problems(inputs({ at: "destroy", triggers: { a: "1" }, reads: undefined }))).toHaveLength(
    2,
  );
  expect(await of().problems(inputs({ reads: ["nova.conf"], probe: { tcp: 0 } }))).toHaveLength(2);
});
