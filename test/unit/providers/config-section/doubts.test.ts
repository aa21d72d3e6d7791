/** Warnings about a section whose reader is known. */
import { expect, test } from "@jest/globals";
import { configSection, type ReadBy } from "../../../../providers/config-section/index";
import { UNKNOWN } from "../../../../providers/kernel/json";
import { newSurroundings } from "../../../../providers/kernel/surroundings";
import { verbs } from "../../../../providers/kernel/verbs";

const hidden = { __owner: "p/s::pulumi-nodejs:dynamic/ceph-openstack:ConfigSection::a", __provider: "stub" };
const offline = () => {
  throw new Error("a machine was asked for");
};

const site = () => {
  const said: string[] = [];
  const provider = verbs(
    configSection,
    newSurroundings({
      env: {},
      say: (line) => said.push(line),
      connect: () => ({ machine: offline, web: offline, close: async () => {} }),
    }),
  );
  const inputs = (host: string, more: object = {}) => ({
    ...hidden,
    host,
    path: "/etc/nova/nova.conf",
    section: "libvirt",
    options: { imges_type: "rbd" },
    readBy: { service: "nova", release: "2022.2" } satisfies ReadBy,
    ...more,
  });
  return { provider, said, inputs };
};

const LINE =
  'ceph-openstack: warning: /etc/nova/nova.conf [libvirt] imges_type is no option of Nova of Zed here; did you mean images_type? (silence: "libvirt/imges_type")';

test("a doubtful option is a warning in the check, offline, and once for all hosts", async () => {
  const { provider, said, inputs } = site();
  for (const host of ["cmp1", "cmp2", "cmp3"]) {
    const { failures } = await provider.check({}, { ...inputs(host), __owner: `${hidden.__owner}-${host}` });
    expect(failures).toEqual([]);
  }
  expect(said).toEqual([LINE]);
});

test.each([["imges_type"], ["libvirt/imges_type"], ["[libvirt]"]])("%s is silenced by name", async (name) => {
  const { provider, said, inputs } = site();
  const readBy = { service: "nova", release: "zed", silence: [name] };
  await provider.check({}, inputs("cmp1", { readBy }));
  expect(said).toEqual([]);
});

test("without a reader, and about what is not known yet, nothing is said", async () => {
  const { provider, said, inputs } = site();
  await provider.check({}, inputs("cmp1", { readBy: undefined }));
  await provider.check({}, inputs("cmp1", { options: { images_type: UNKNOWN } }));
  await provider.check({}, inputs("cmp1", { options: UNKNOWN }));
  await provider.check({}, inputs("cmp1", { readBy: { service: "nova", release: UNKNOWN } }));
  expect(said).toEqual([]);
});

test("a secret is judged by its name alone", async () => {
  const { provider, said, inputs } = site();
  await provider.check({}, inputs("cmp1", { options: {}, secretOptions: { imges_type: "hunter2" } }));
  expect(said).toEqual([LINE]);
});

test("a release that there is none of is refused with those that there are", async () => {
  const { provider, inputs } = site();
  const { failures = [] } = await provider.check(
    {},
    inputs("cmp1", { readBy: { service: "nova", release: "zeta" } }),
  );
  expect(failures).toEqual([
    {
      property: "",
      reason: expect.stringMatching(/^readBy\.release "zeta" must be a release .*queens \(2018\.1\)/),
    },
  ]);
});

test("another release is no difference: nothing is shown and nothing is touched", async () => {
  const { provider, inputs } = site();
  const olds = { ...inputs("cmp1"), options: { imges_type: "rbd" } };
  const news = { ...olds, readBy: { service: "nova", release: "2025.1", silence: ["x"] } };
  expect(await provider.diff("id", olds, news)).toEqual({ changes: false });
  expect(await provider.diff("id", olds, { ...news, options: { imges_type: "raw" } })).not.toEqual({
    changes: false,
  });
});

test("what cannot work in the release is refused in the check, with the word that silences it", async () => {
  const { provider, said, inputs } = site();
  const refused = async (more: object) =>
    (
      await provider.check(
        {},
        inputs("cmp1", { path: "/etc/cinder/cinder.conf", section: "DEFAULT", ...more }),
      )
    ).failures;
  const options = { backup_driver: "cinder.backup.drivers.ceph" };
  const readBy = { service: "cinder", release: "zed" };
  expect(await refused({ options, readBy })).toEqual([
    {
      property: "",
      reason: expect.stringMatching(/does not load since Stein.*\(silence: "DEFAULT\/backup_driver"\)/),
    },
  ]);
  expect(await refused({ options, readBy: { ...readBy, release: "rocky" } })).toEqual([]);
  expect(await refused({ options, readBy: { ...readBy, silence: ["backup_driver"] } })).toEqual([]);
  expect(said).toEqual([]);
});
