import { describe, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { service } from "../../../../providers/service/index";
import { LONGER_AGO } from "../../../support/fake-systemctl";
import { ownerOf } from "../../../support/run-of";
import { serviceSite } from "../../../support/service-site";

const site = (unit = "nova-api") => {
  const { host, systemctl, conf, write, run, of } = serviceSite("ctl1", "nova.conf");
  systemctl.unit(unit);
  write("[libvirt]\nrbd_user = cinder\n", LONGER_AGO);
  const inputs = (more: object = {}) => ({
    host: "ctl1",
    unit,
    reads: [conf],
    triggers: { "[libvirt] rbd_user": "cinder" },
    steadySeconds: 0,
    ...more,
  });
  const other = { triggers: { "[libvirt] rbd_user": "nova" } };
  return { host, systemctl, conf, write, run, inputs, other, of, runs: () => systemctl.runs(unit) };
};

describe("a service", () => {
  test("that runs with what its files say is not restarted when its resource is made", async () => {
    const { of, inputs, runs, host } = site();
    const made = await of().create(inputs());
    expect([made.id, runs()]).toEqual(["ctl1/nova-api.service", 1]);
    expect(made.outs).toMatchObject({ unit: "nova-api.service", runsWith: "what its files say" });
    expect((await of().diff(made, inputs())).changes).toBe(false);
    await of().remove(made);
    expect([runs(), host.records()]).toEqual([1, []]);
  });

  test("that is older than its files is restarted when its resource is made, once", async () => {
    const { of, inputs, runs, write } = site();
    write("[libvirt]\nrbd_user = cinder\n");
    await of().create(inputs());
    expect(runs()).toBe(2);
    await of().create(inputs());
    expect(runs()).toBe(2);
  });

  test("is restarted when a trigger changed, and the note names it", async () => {
    const { run, of, inputs, other, runs, write } = site();
    const made = await of().create(inputs());
    write("[libvirt]\nrbd_user = nova\n");
    const one = run();
    const after = await one.of(service).update(made, inputs(other));
    expect(one.said).toEqual([
      "ceph-openstack: restart nova-api on ctl1, because [libvirt] rbd_user changed",
    ]);
    expect(runs()).toBe(2);
    expect((await of().diff(after, inputs(other))).changes).toBe(false);
    expect((await of().refresh(after))?.outs).toEqual(after.outs);
  });

  test("that was restarted by hand after the write is not restarted again, and that is said", async () => {
    const { run, of, inputs, other, runs, write, systemctl } = site();
    const made = await of().create(inputs());
    write("[libvirt]\nrbd_user = nova\n", LONGER_AGO);
    systemctl.unit("nova-api");
    writeFileSync(`${systemctl.bin}/units/nova-api.service`, "active 7 enabled loaded no\n");
    const one = run();
    await one.of(service).update(made, inputs(other));
    expect(runs()).toBe(7);
    expect(one.said.join()).toMatch(/nova-api on ctl1 is not restarted: it runs with what its files say/);
  });

  test("with files that somebody changed shows it in a refresh, and is restarted for that", async () => {
    const { run, of, inputs, runs, write, conf } = site();
    const made = await of().create(inputs());
    write("[libvirt]\nrbd_user = other\n", LONGER_AGO);
    const seen = await of().refresh(made);
    expect(seen?.outs["runsWith"]).toBe("something older than its files");
    const one = run();
    const after = await one.of(service).update(seen ?? made, inputs());
    expect(one.said.join()).toContain(`because ${conf} is newer than what it runs with`);
    expect([runs(), after.outs["runsWith"]]).toEqual([2, "what its files say"]);
  });

  test("whose files got a comment, or were changed and put back, is not touched", async () => {
    const { of, inputs, runs, write } = site();
    const made = await of().create(inputs());
    write("# a comment\n[libvirt]\n\nrbd_user=cinder\n");
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    write("[libvirt]\nrbd_user = x\n");
    write("[libvirt]\nrbd_user = cinder\n");
    const failed = { ...made, outs: { ...made.outs, __failed: true } };
    await of().update(failed, inputs());
    expect(runs()).toBe(1);
  });

  test("that reads one section is not touched by another", async () => {
    const { of, inputs, conf, write } = site();
    const one = inputs({ reads: [`${conf}#[libvirt]`] });
    const made = await of().create(one);
    write("[DEFAULT]\nworkers = 2\n[libvirt]\nrbd_user = cinder\n");
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    write("[DEFAULT]\nworkers = 2\n[libvirt]\nrbd_user = x\n");
    expect((await of().refresh(made))?.outs).not.toEqual(made.outs);
  });

  test("of another run than the recorded one is judged by when it began", async () => {
    const { of, inputs, write, systemctl } = site();
    const made = await of().create(inputs());
    write("[libvirt]\nrbd_user = cinder\nmore = 1\n", LONGER_AGO);
    writeFileSync(`${systemctl.bin}/units/nova-api.service`, "active 2 enabled loaded no\n");
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    write("[libvirt]\nrbd_user = cinder\nmore = 2\n", new Date(Date.now() + 60_000));
    expect((await of().refresh(made))?.outs["runsWith"]).toBe("something older than its files");
  });

  test("without reads is restarted by a changed trigger alone, and not at its creation", async () => {
    const { run, of, inputs, other, runs } = site();
    const first = run();
    const made = await first.of(service).create(inputs({ reads: undefined }));
    expect(first.said.join()).toMatch(/warning: nova-api on ctl1 has triggers and no reads/);
    expect(runs()).toBe(1);
    await of().update(made, inputs({ ...other, reads: undefined }));
    expect(runs()).toBe(2);
  });

  test("with action none is never restarted, and that it is due is said", async () => {
    const { run, of, inputs, other, runs, write } = site();
    const made = await of().create(inputs({ action: "none" }));
    write("[libvirt]\nrbd_user = nova\n");
    const one = run();
    await one.of(service).update(made, inputs({ ...other, action: "none" }));
    expect(runs()).toBe(1);
    expect(one.said.join()).toMatch(/must be restarted by you, because \[libvirt\] rbd_user changed/);
  });

  test("is reloaded where it can be, and restarted where it cannot", async () => {
    const { of, run, inputs, other, runs, write, systemctl } = site();
    const made = await of().create(inputs({ action: "reload" }));
    write("[libvirt]\nrbd_user = nova\n");
    const one = run();
    await one.of(service).update(made, inputs({ ...other, action: "reload" }));
    expect([runs(), one.said.join()]).toEqual([2, expect.stringMatching(/\(it cannot reload\)/)]);
    systemctl.unit("glance-api", { reload: "yes" });
    const glance = { ...inputs(), unit: "glance-api", action: "reload" };
    await of(ownerOf("b")).create(glance);
    expect([systemctl.runs("glance-api"), systemctl.reloads()]).toEqual([1, "glance-api.service\n"]);
  });

  test("is restarted by a command of the user's own", async () => {
    const { of, inputs, other, runs, write, host } = site();
    const command = ["sh", "-c", `systemctl restart nova-api.service; echo done >'${host.path("own")}'`];
    const made = await of().create(inputs({ command }));
    write("[libvirt]\nrbd_user = nova\n");
    await of().update(made, inputs({ ...other, command }));
    expect([runs(), host.text(host.path("own"))]).toEqual([2, "done\n"]);
  });

  test("is enabled, started and stopped where that is desired; a refresh sees what others did", async () => {
    const { of, inputs, systemctl } = site();
    systemctl.unit("nova-api", { active: "inactive", enabled: "disabled" });
    const desired = inputs({ enabled: true, running: true });
    const made = await of().create(desired);
    expect(systemctl.state("nova-api")).toBe("active 2 enabled");
    systemctl.unit("nova-api", { active: "inactive", enabled: "disabled" });
    expect((await of().refresh(made))?.outs).toMatchObject({ enabled: false, running: false });
    await of().update(made, inputs({ enabled: false, running: false }));
    expect(systemctl.state("nova-api")).toBe("inactive 1 disabled");
  });

  test("that does not run is not started for a change", async () => {
    const { run, of, inputs, other, systemctl, write } = site();
    systemctl.unit("nova-api", { active: "inactive" });
    const made = await of().create(inputs());
    write("[libvirt]\nrbd_user = nova\n");
    const one = run();
    await one.of(service).update(made, inputs(other));
    expect(systemctl.state("nova-api")).toBe("inactive 1 enabled");
  });
});
