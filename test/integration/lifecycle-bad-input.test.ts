/** Bad input, by the real engine: it is refused by property, value and rule, and no host is asked for anything. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  CephAuthEntity,
  CephConfigFile,
  CephKeyringFile,
  CephPool,
  ConfigSection,
  Directory,
  ImageProperties,
  LibvirtSecret,
} from "../../index";
import type { TestStack } from "../support/engine";
import { cluster, lifeStack, resources } from "../support/lifecycle";

interface Bad {
  readonly what: string;
  readonly program: () => unknown;
  readonly says: readonly RegExp[];
  readonly hides?: string;
}

const key = () => ({ cluster: cluster(), entity: "client.bad" });
const conf = { host: "vol1", path: "/etc/cinder/cinder.conf", section: "DEFAULT" };

const table: readonly Bad[] = [
  {
    what: "CephPool: a size",
    program: () => new CephPool("x", { cluster: cluster(), size: 12 }),
    says: [/property size value \{12\}/, /1.*10/],
  },
  {
    what: "CephPool: a cluster without its fsid, nested",
    program: () => new CephPool("x", { cluster: { fsid: "ceph", admin: "mon1" } }),
    says: [/cluster\.fsid "ceph"/, /ceph fsid/],
  },
  {
    what: "CephAuthEntity: caps that Ceph does not take",
    program: () => new CephAuthEntity("x", { ...key(), caps: { osd: "alow rwx pool=vms" } }),
    says: [/caps\.osd/, /alow rwx pool=vms/],
  },
  {
    what: "CephAuthEntity: a profile that nobody knows",
    program: () => new CephAuthEntity("x", { ...key(), caps: { mon: "profile rdb" } }),
    says: [/rdb/, /allowUnknownProfiles/],
  },
  {
    what: "CephKeyringFile: a mode",
    program: () => new CephKeyringFile("x", { ...key(), host: "vol1", owner: "cinder", mode: "640" }),
    says: [/property mode value \{640\}/, /"0640"/],
  },
  {
    what: "CephConfigFile: an option that the cluster decides",
    program: () =>
      new CephConfigFile("x", {
        host: "vol1",
        cluster: cluster(),
        options: { global: { mon_host: "10.0.0.1" } },
      }),
    says: [/options\.global\.mon_host/],
  },
  {
    what: "ImageProperties: a property that Glance keeps for itself",
    program: () => new ImageProperties("x", { image: "cirros", properties: { os_glance_x: "1" } }),
    says: [/properties\.os_glance_x "1" is Glance's own/],
  },
  {
    what: "LibvirtSecret: a host with a user",
    program: () => new LibvirtSecret("x", { ...key(), host: "root@cmp1" }),
    says: [/property host value \{root@cmp1\}/, /without user/],
  },
  {
    what: "ConfigSection: a value with a line end",
    program: () => new ConfigSection("x", { ...conf, options: { debug: "true\n[other]\nx = 1" } }),
    says: [/options\.debug/],
  },
  {
    what: "ConfigSection: a secret value with a line end, which is not shown",
    program: () =>
      new ConfigSection("x", { ...conf, secretOptions: { connection: "mysql://hunter2\nx = 1" } }),
    says: [/secretOptions\.connection \[secret\]/],
    hides: "hunter2",
  },
  {
    what: "ConfigSection: a path that is not absolute",
    program: () => new ConfigSection("x", { ...conf, path: "etc/cinder.conf", options: { debug: true } }),
    says: [/property path value \{etc\/cinder\.conf\}/, /absolute/],
  },
  {
    what: "Directory: a path that goes up",
    program: () => new Directory("x", { host: "vol1", path: "/var/lib/../x" }),
    says: [/property path/, /absolute/],
  },
];

let stack: TestStack;
const folder = mkdtempSync(join(tmpdir(), "bad-input-"));
const touched = join(folder, "touched");

beforeAll(async () => {
  const config = join(folder, "ssh_config");
  writeFileSync(config, `Host *\n  ProxyCommand touch ${touched}\n`);
  stack = await lifeStack("bad", () => undefined, { env: { CEPH_OPENSTACK_SSH_CONFIG: config } });
});

afterAll(async () => {
  await stack.remove();
  rmSync(folder, { recursive: true, force: true });
});

test.each(table)(
  "$what is refused, and no host is asked",
  async ({ program, says, hides }) => {
    stack.program(program);
    const { error, output, events } = await stack.up();
    expect(error).toBeDefined();
    for (const rule of says) expect(output).toMatch(rule);
    if (hides !== undefined) expect(output + events).not.toContain(hides);
    expect(existsSync(touched)).toBe(false);
    expect([...(await resources(stack)).keys()]).not.toContain("x");
  },
  60_000,
);

test("the table has every artifact, and the trap catches one that asks a host", async () => {
  const kinds = [
    "CephPool",
    "CephAuthEntity",
    "CephKeyringFile",
    "CephConfigFile",
    "LibvirtSecret",
    "ConfigSection",
    "Directory",
    "ImageProperties",
  ];
  for (const kind of kinds) expect(table.some(({ what }) => what.startsWith(`${kind}: `))).toBe(true);
  stack.program(() => new Directory("x", { host: "vol1", path: "/var/lib/x" }));
  expect((await stack.up()).error).toBeDefined();
  expect(existsSync(touched)).toBe(true);
});
