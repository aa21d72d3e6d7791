/** Whatever is said of a program before a host is asked is on the page of messages: by what really is said, and not by the sources that the page is made from. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { problemsOf } from "../../components/topology/rules";
import { cephAuthEntity } from "../../providers/ceph-auth-entity/index";
import { cephErasureCodeProfile } from "../../providers/ceph-erasure-code-profile/index";
import { cephKeyringFile } from "../../providers/ceph-keyring-file/index";
import { cephPool } from "../../providers/ceph-pool/index";
import { clientCheck } from "../../providers/client-check/index";
import { clientPackages } from "../../providers/client-packages/index";
import { configSection } from "../../providers/config-section/index";
import { directory } from "../../providers/directory/index";
import { imageProperties } from "../../providers/image-properties/index";
import type { Artifact } from "../../providers/kernel/contract";
import { libvirtSecret } from "../../providers/libvirt-secret/index";
import { service } from "../../providers/service/index";
import { findings } from "../support/lint-findings";
import { rows } from "../support/lint-rows";
import { doubtful, fatal } from "../support/lint-rows-rbd";
import { ownerOf, runOf } from "../support/run-of";

const page = readFileSync(join(__dirname, "..", "..", "docs", "messages.md"), "utf8");

/** The messages of one list, as patterns: something stands in the place of each "…", or nothing. */
const listed = (name: string): RegExp[] => {
  const [, list = ""] = page.split(new RegExp(`<!-- /?${name} -->`));
  return [...list.matchAll(/^- (`+)(.+)\1$/gm)].map(
    ([, , text = ""]) =>
      new RegExp(
        text
          .split("…")
          .map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
          .join("[^]*"),
      ),
  );
};

/** Those that are on no line of the list. */
const missing = (name: string, said: readonly string[]): string[] => {
  const lines = listed(name);
  return said.filter((one) => !lines.some((line) => line.test(one)));
};

test("every finding about an option is listed", () => {
  const said = [...rows, ...doubtful, ...fatal].flatMap(([, project, series, section, given]) =>
    findings(project, series, section, given).map(({ text }) => text),
  );
  expect(said.length).toBeGreaterThan(40);
  expect(missing("findings", said)).toEqual([]);
});

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const good = { cluster, openstackRelease: "zed", cinder: { hosts: ["vol1"] }, nova: { hosts: ["cmp1"] } };

test.each<[string, object]>([
  ["no host", { nova: { hosts: [] } }],
  ["a cluster without its fsid", { cluster: { admin: "mon1" } }],
  ["a role's own pool that is not there", { cinder: { hosts: ["vol1"], pool: "far" } }],
  ["an argument that there is not", { nova: { hosts: ["cmp1"], vcpus: 2 } }],
  ["a user of Ceph with its type", { users: { cinder: "client.cinder" } }],
  ["a UUID that is none", { secretUuid: "cinder" }],
  ["an Output", { openstackRelease: Promise.resolve("zed") }],
  ["a layout that nobody knows", { layout: "debain" }],
  ["a layout that cannot carry it", { layout: "helm", users: { nova: "n", cinder: "c" } }],
  ["a pool that is there, with a size", { pools: { volumes: { existing: "v", size: 3 }, vms: {} } }],
  ["null", { nova: null }],
])("what is said of %s is listed", (_, args) => {
  const said = problemsOf({ ...good, ...args });
  expect(said).not.toEqual([]);
  expect(missing("arguments", said)).toEqual([]);
});

const keyring = { host: "vol1", cluster, entity: "client.a", owner: "cinder" };
const image = { name: "i", properties: { hw_disk_bus: "scsi" }, cloud: "c" };
const conf = { host: "vol1", path: "/etc/x.conf", section: "a", options: { a: "1" } };

/** Problems of inputs, by the artifact's own check. */
const refused = <I extends object, X>(artifact: Artifact<I, X>, inputs: object) => ({
  kind: artifact.kind,
  problems: () => runOf({}).of(artifact, ownerOf("a")).problems(inputs),
});

describe("what is said of wrong inputs is listed", () => {
  test.each([
    refused(cephPool, { cluster, name: "vms", size: 12 }),
    refused(cephPool, { cluster, name: "vms", size: "2" }),
    refused(cephPool, { cluster, name: "vms", type: "erasure", rbdInit: true }),
    refused(cephPool, { cluster, name: "vms", sizes: 3 }),
    refused(cephErasureCodeProfile, { cluster, name: "p", k: 1, m: 1 }),
    refused(cephAuthEntity, { cluster, entity: "client.a", caps: { mon: "alow r" } }),
    refused(cephAuthEntity, { cluster, entity: "client.a", caps: {} }),
    refused(cephKeyringFile, { ...keyring, mode: "640" }),
    refused(cephKeyringFile, { ...keyring, cluster: { fsid: cluster.fsid } }),
    refused(configSection, { ...conf, path: "etc/x.conf" }),
    refused(configSection, { ...conf, options: { "a=b": "1" } }),
    refused(directory, { host: "vol1", path: "/srv", owner: "42407" }),
    refused(libvirtSecret, { host: "cmp1", cluster, entity: "client.a", uuid: "cinder" }),
    refused(service, { host: "cmp1", unit: "a b" }),
    refused(clientCheck, { host: "vol1", cluster, entity: "client.a", can: {} }),
    refused(clientPackages, { host: "vol1" }),
    refused(imageProperties, { ...image, auth: { token: "t" } }),
  ])("$kind", async ({ problems }) => {
    const said = await problems();
    expect(said).not.toEqual([]);
    expect(missing("inputs", said)).toEqual([]);
  });
});
