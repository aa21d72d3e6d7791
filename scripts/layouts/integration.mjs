// The component under Pulumi's mocks: what it writes in place, and what it hands over to a tool.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const pulumi = require("@pulumi/pulumi");
const { CephOpenStackIntegration } = require("../../dist/index.js");

export const FSID = "6c1f6f0e-1111-4222-8333-444455556666";

/** One host for each role: files of cinder-volume and cinder-backup have the same name. */
const ROLES = { glance: "glance", cinder: "cinder", cinderBackup: "backup", nova: "nova" };

const usual = {
  pools: {
    images: { name: "cloud-images" },
    volumes: { name: "cloud-volumes" },
    backups: { name: "cloud-backups" },
    vms: { name: "cloud-vms" },
  },
  users: { glance: "cloud-glance", cinder: "cloud-cinder", cinderBackup: "cloud-backup" },
  secretUuid: "5a3c9f0e-8c1d-5b7a-9e2f-1234567890ab",
};

/** A store and a backend in a second cluster. */
export const TWO_CLUSTERS = {
  clusters: { site2: { fsid: "1c0f7a52-6d2e-4b53-8a55-77aa12bb34cc", admin: "mon2" } },
  pools: {
    ...usual.pools,
    "far-images": { cluster: "site2" },
    "far-volumes": { cluster: "site2" },
  },
  glance: {
    stores: [
      { name: "rbd", pool: "images" },
      { name: "far", pool: "far-images" },
    ],
  },
  cinder: {
    backends: [
      { name: "ceph", pool: "volumes" },
      { name: "far", pool: "far-volumes" },
    ],
  },
};

/** Arguments of roles beside their hosts. */
const withHosts = (hosts, more) => ({
  ...more,
  ...Object.fromEntries(Object.entries(hosts).map(([role, one]) => [role, { ...one, ...more[role] }])),
});

async function made(args) {
  const resources = [];
  let handOver;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        resources.push({ kind: type.split(":").at(-1), name, inputs });
        return { id: `${name}-id`, state: { ...inputs, monitors: "192.0.2.7:6789" } };
      },
      call: () => ({}),
    },
    "layouts",
    "proof",
    false,
  );
  const rbd = new CephOpenStackIntegration("rbd", {
    cluster: { fsid: FSID, admin: "mon1" },
    manage: false,
    ...usual,
    ...args,
  });
  rbd.handOver.apply((value) => (handOver = value));
  await pulumi.runtime.disconnect();
  return { resources, handOver };
}

const hostsOf = (name) =>
  Object.fromEntries(Object.entries(ROLES).map(([role, host]) => [role, { hosts: name(host) }]));

/** What stands in the services' files where nobody but us writes them: options by role, section and name. */
export async function inPlace(openstackRelease, more = {}) {
  const { resources } = await made({
    openstackRelease,
    ...withHosts(
      hostsOf((host) => [host]),
      more,
    ),
  });
  const all = {};
  for (const { kind, inputs } of resources) {
    if (kind !== "ConfigSection") continue;
    const role = Object.keys(ROLES).find((one) => ROLES[one] === inputs.host);
    const sections = (all[role] ??= {});
    sections[inputs.section] = { ...sections[inputs.section], ...inputs.options };
  }
  return all;
}

/** What a tool is given. */
export async function handedOver(layout, openstackRelease, more = {}) {
  const { handOver } = await made({
    layout,
    openstackRelease,
    ...withHosts(
      hostsOf(() => []),
      more,
    ),
  });
  return handOver;
}
