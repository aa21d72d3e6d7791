/** A unit whose triggers are as before, and whose file is written in the same run. */
import { describe, expect, test } from "@jest/globals";
import { mkdirSync, writeFileSync } from "node:fs";
import { configSection } from "../../../../providers/config-section/index";
import { service } from "../../../../providers/service/index";
import { LONGER_AGO } from "../../../support/fake-systemctl";
import { ownerOf } from "../../../support/run-of";
import { serviceSite } from "../../../support/service-site";

const UNIT = "nova-api";

const site = async () => {
  const { host, systemctl, conf, write, run } = serviceSite("ctl1", "etc/nova.conf");
  systemctl.unit(UNIT);
  mkdirSync(host.path("etc"));
  write("[libvirt]\nrbd_user = cinder\n[other]\nx = 1\n", LONGER_AGO);
  const section = { host: "ctl1", path: conf, section: "libvirt", options: { rbd_user: "cinder" } };
  const unit = (more: object = {}) => ({
    host: "ctl1",
    unit: UNIT,
    reads: [`${conf}#[libvirt]`],
    triggers: { "[libvirt] rbd_user": "cinder" },
    steadySeconds: 0,
    ...more,
  });
  const files = (one: ReturnType<typeof run>) => one.of(configSection, ownerOf("files"));
  const units = (one: ReturnType<typeof run>) => one.of(service, ownerOf("units"));
  const first = run();
  const made = { file: await files(first).create(section), unit: await units(first).create(unit()) };
  return { conf, systemctl, run, section, unit, files, units, made };
};

describe("a unit whose file was edited by hand, and which was restarted by hand then", () => {
  test("is due when the run that mends the file ends before it; a refresh sees that, the next run alone does not", async () => {
    const { conf, systemctl, run, section, unit, files, units, made } = await site();
    writeFileSync(conf, "[libvirt]\nrbd_user = wrong\n");
    writeFileSync(`${systemctl.bin}/units/${UNIT}.service`, "active 5 enabled loaded no\n");
    const file = (await files(run()).refresh(made.file)) ?? made.file;
    await files(run()).update(file, section);
    expect(await units(run()).diff(made.unit, unit())).toMatchObject({ changes: false });
    const seen = (await units(run()).refresh(made.unit)) ?? made.unit;
    expect((await units(run()).diff(seen, unit())).changes).not.toBe(false);
  });

  test("is restarted in the very run that mends the file, as its preview says", async () => {
    const { conf, systemctl, run, section, unit, files, units, made } = await site();
    writeFileSync(conf, "[libvirt]\nrbd_user = wrong\n");
    writeFileSync(`${systemctl.bin}/units/${UNIT}.service`, "active 5 enabled loaded no\n");
    const seen = { file: await files(run()).refresh(made.file), unit: await units(run()).refresh(made.unit) };
    const state = { file: seen.file ?? made.file, unit: seen.unit ?? made.unit };
    expect(state.unit.outs).toEqual(made.unit.outs);

    const preview = run();
    expect((await files(preview).diff(state.file, section)).changes).not.toBe(false);
    expect((await units(preview).diff(state.unit, unit())).changes).toBe(true);

    const up = run();
    await files(up).diff(state.file, section);
    const mended = await files(up).update(state.file, section);
    expect((await units(up).diff(state.unit, unit())).changes).toBe(true);
    const after = await units(up).update(state.unit, unit());
    expect(systemctl.runs(UNIT)).toBe(6);

    const next = run();
    expect((await files(next).diff(mended, section)).changes).toBe(false);
    expect((await units(next).diff(after, unit())).changes).toBe(false);
  });
});

describe("a unit is not named where", () => {
  test.each<[string, (conf: string) => object, { readonly rbd_user: string }]>([
    ["another section of its file is written", (conf) => ({ reads: [`${conf}#[other]`] }), { rbd_user: "x" }],
    ["it restarts at a destroy", () => ({ at: "destroy", triggers: undefined }), { rbd_user: "x" }],
    ["nothing of its file changes", () => ({}), { rbd_user: "cinder" }],
  ])("%s", async (_name, more, options) => {
    const { conf, run, section, unit, files, units, made } = await site();
    const desired = unit(more(conf));
    const [before, one] = [run(), run()];
    const resource = await before.of(service, ownerOf("more")).create(desired);
    await files(one).diff(made.file, { ...section, options });
    expect((await one.of(service, ownerOf("more")).diff(resource, desired)).changes).toBe(false);
    const control = run();
    await files(control).diff(made.file, { ...section, options });
    expect((await units(control).diff(made.unit, unit())).changes).toBe(options.rbd_user !== "cinder");
  });

  test("who writes it changes in owner or policy alone", async () => {
    const { run, section, unit, files, units, made } = await site();
    const one = run();
    await files(one).diff(made.file, { ...section, createFile: { owner: "nova" } });
    expect((await units(one).diff(made.unit, unit())).changes).toBe(false);
  });
});

test("a unit without triggers follows a file that is new in the program, of whatever directory it reads", async () => {
  const { conf, run, section, unit, files, units } = await site();
  const folder = conf.replace(/\/[^/]*$/, "");
  const desired = unit({ triggers: undefined, reads: [folder] });
  const made = await units(run()).create(desired);
  const one = run();
  expect((await units(one).diff(made, desired)).changes).toBe(false);
  await files(one).check({ ...section, path: `${folder}/more.conf`, createFile: {} });
  expect((await units(one).diff(made, desired)).changes).toBe(true);
});
