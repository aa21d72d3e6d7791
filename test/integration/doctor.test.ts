/** The doctor, as a user starts it: its command, the real engine, hosts that lack things. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { pulumiEnv } from "../../scripts/lib/pulumi-env.cjs";
import { root, site } from "../support/engine";
import { on } from "../support/hosts";

let folder = "";
let env: NodeJS.ProcessEnv = {};

const HEAD = `
const { CephConfigFile, CephKeyringFile, CephPool, ConfigSection, Directory } = require("pulumi-ceph-openstack");
`;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (command: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(command, args, { cwd: folder, env, timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

const doctor = (program: string, ...args: string[]): Promise<Ended> => {
  writeFileSync(join(folder, "index.js"), HEAD + program);
  return run(process.execPath, join(root, "dist", "cli.js"), "doctor", ...args);
};

const cluster = (fsid = site().fsid) => JSON.stringify({ fsid, admin: "mon1" });

beforeAll(async () => {
  mkdirSync(join(root, ".pulumi-home"), { recursive: true });
  // Inside the checkout, where the package is found by its own name.
  folder = mkdtempSync(join(root, ".pulumi-home", "doctor-"));
  mkdirSync(join(folder, "state"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: doctor\nruntime: nodejs\nmain: index.js\n");
  const { PULUMI_CONFIG_PASSPHRASE_FILE: _file, ...base } = pulumiEnv(root);
  env = {
    ...base,
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    CEPH_OPENSTACK_SSH_CONFIG: site().sshConfig,
  };
  expect(await run("pulumi", "stack", "init", "dev")).toMatchObject({ code: 0 });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("hosts that have all of it: exit code 0, what an `up` will make and change, and nothing is written", async () => {
  const marks = () =>
    on(
      "vol1",
      "find /etc /var/lib/pulumi-ceph-openstack -newer /proc/1/stat 2>/dev/null | sort; ls -la /etc/ceph",
    );
  const before = await marks();
  const { code, stdout } = await doctor(`
    const cluster = ${cluster()};
    const pool = new CephPool("pool", { cluster, name: "doctor-volumes" });
    new CephConfigFile("conf", { host: "vol1", cluster, path: "/etc/ceph/doctor.conf" });
    new ConfigSection("section", { host: "vol1", path: "/etc/cinder/cinder.conf", section: "doctor", options: { rbd_pool: pool.name } });
    new Directory("made", { host: "vol1", path: "/srv/doctor" });
    new ConfigSection("inside", { host: "vol1", path: "/srv/doctor/x.conf", section: "a", options: { a: 1 }, createFile: {} });
  `);
  expect(stdout).toContain(`cluster ${site().fsid}: answers`);
  expect(stdout).toMatch(/ready +host vol1: reached as the superuser; Debian/);
  expect(stdout).toMatch(/to make +pool doctor-volumes: is not there/);
  expect(stdout).toMatch(/to make +\/etc\/ceph\/doctor\.conf on vol1: is not there/);
  expect(code).toBe(0);
  expect(await marks()).toBe(before);
}, 180_000);

test("what an `up` would fail on is named with its cure, all at once, with exit code 1", async () => {
  const { code, stdout } = await doctor(`
    const cluster = ${cluster()};
    new CephKeyringFile("keyring", { host: "vol1", cluster, entity: "client.admin", owner: "nobody-here", path: "/etc/ceph/doctor.keyring" });
    new ConfigSection("lost", { host: "vol1", path: "/etc/cinder/lost.conf", section: "doctor", options: { a: 1 } });
    new ConfigSection("deep", { host: "vol1", path: "/etc/lost/lost.conf", section: "doctor", options: { a: 1 }, createFile: {} });
    new ConfigSection("far", { host: "no-such-host", path: "/etc/lost.conf", section: "a", options: { a: 1 } });
    new CephPool("other", { cluster: ${cluster("00000000-1111-2222-3333-444444444444")}, name: "doctor-other" });
  `);
  expect(stdout).toMatch(/trouble +.*doctor\.keyring on vol1: there is no user nobody-here on the host/);
  expect(stdout).toMatch(/trouble +\/etc\/cinder\/lost\.conf \[doctor\] on vol1: the file is not there/);
  expect(stdout).toMatch(
    /trouble +\/etc\/lost\/lost\.conf \[doctor\] on vol1: there is no directory \/etc\/lost/,
  );
  expect(stdout).toMatch(/trouble +host no-such-host: .*/);
  expect(stdout).toMatch(/trouble +cluster 00000000-1111-2222-3333-444444444444: .*the cluster there is/);
  expect(stdout).not.toMatch(/A[QgAw][A-Za-z0-9+/]{36}==/);
  expect(code).toBe(1);
}, 180_000);

test("a stack that is not there, an unknown option and an unknown command end with exit code 2", async () => {
  const broken = await doctor("", "--stack", "none");
  expect(broken).toMatchObject({ code: 2 });
  expect(broken.stderr).toContain("none");
  expect(await doctor("", "--loud")).toMatchObject({ code: 2 });
  expect(await run(process.execPath, join(root, "dist", "cli.js"), "nurse")).toMatchObject({ code: 2 });
}, 180_000);
