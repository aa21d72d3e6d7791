/** People without a cluster admin, tools behind a prefix, other admin hosts, an explicit provider, and a reboot: by the real engine. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import {
  CephAuthEntity,
  CephConfigFile,
  CephKeyringFile,
  CephOpenStackProvider,
  ConfigSection,
  Directory,
} from "../../index.js";
import { guestOptions } from "../../components/plan/guests.js";
import { newStack, root, site, type Outcome, type TestStack } from "../support/engine.js";
import { ceph, on } from "../support/hosts.js";

const stacks: TestStack[] = [];
const start = async (name: string, program: () => unknown, env: Readonly<Record<string, string>> = {}) => {
  const one = await newStack(name, program, { env: { CEPH_OPENSTACK_SSH_CONFIG: site().sshConfig, ...env } });
  stacks.push(one);
  return one;
};
afterEach(async () => {
  for (const one of stacks.splice(0)) {
    await one.destroy();
    await one.remove();
  }
});

const good = (outcome: Outcome): Outcome => {
  if (outcome.error !== undefined) throw new Error(outcome.output);
  return outcome;
};

test("a keyring and a ceph.conf without asking the cluster", async () => {
  const { fsid } = site();
  const monHost = String(Reflect.get(site(), "monHost"));
  const made = await ceph("ceph auth get-or-create client.elsewhere mon 'allow r'");
  const key = /key = (\S+)/.exec(made)?.[1] ?? "";
  await on("vol1", "umask 077; cat >/root/elsewhere.keyring", `[client.elsewhere]\n\tkey = ${key}\n`);
  const cluster = { fsid };
  const keyFrom = { host: "vol1", path: "/root/elsewhere.keyring" };
  const stack = await start("noadmin", () => {
    new CephConfigFile("conf", { host: "ctl1", cluster, monHost });
    new CephKeyringFile("key", {
      host: "ctl1",
      cluster,
      entity: "client.elsewhere",
      owner: "glance",
      keyFrom,
    });
  });
  good(await stack.up());
  expect((await on("ctl1", "ceph --id elsewhere fsid")).trim()).toBe(fsid);
  expect(good(await stack.up({ refresh: true })).drift).toEqual([]);
  good(await stack.destroy());
  await on("vol1", "rm /root/elsewhere.keyring");
  await ceph("ceph auth rm client.elsewhere");
  expect(await on("ctl1", "ls /etc/ceph")).not.toMatch(/ceph.conf|elsewhere/);
}, 120_000);

test("Ceph's tools behind a prefix, the first admin host that answers, another one for old state", async () => {
  const { fsid } = site();
  const prefix = ["unshare", "--mount", "--"];
  const cluster = { fsid, admin: ["no-such-host.invalid", "mon1"], prefix };
  const make = (more: object) => () => {
    new CephAuthEntity("behind", {
      cluster: { ...cluster, ...more },
      entity: "client.behind",
      caps: { mon: "allow r" },
    });
  };
  const stack = await start("prefix", make({}));
  good(await stack.up());
  expect(await ceph("ceph auth get client.behind 2>/dev/null")).toContain('caps mon = "allow r"');
  stack.program(make({ admin: "gone.invalid" }));
  const moved = good(await stack.up());
  expect(moved.steps).toMatchObject([{ name: "behind", op: "update" }]);
  const refused = await stack.refresh();
  expect(refused.error?.message).toContain("gone.invalid");
  stack.setEnv("CEPH_OPENSTACK_ADMIN", "mon1");
  expect(good(await stack.refresh()).drift).toEqual([]);
}, 120_000);

test("an explicit provider reaches its part of the program another way; a change of it changes no resource", async () => {
  const make = (sshUser: string) => () => {
    const provider = new CephOpenStackProvider("root", { sshConfig: site().sshConfig, sshUser });
    const options = { rbd_max_clone_depth: 9 };
    const args = { host: "vol1", path: "/etc/cinder/cinder.conf", section: "explicit", options };
    new ConfigSection("explicit", args, { provider });
  };
  const stack = await newStack("explicit", make("root"));
  stacks.push(stack);
  good(await stack.up());
  expect(await on("vol1", "cat /etc/cinder/cinder.conf")).toContain("[explicit]\nrbd_max_clone_depth = 9");
  stack.program(make("ops"));
  expect(good(await stack.up()).steps).toEqual([]);
  good(await stack.destroy());
  expect(await on("vol1", "cat /etc/cinder/cinder.conf")).not.toContain("[explicit]");
}, 120_000);

test("a directory on tmpfs is there again after a reboot of its host", async () => {
  const path = "/run/ceph-openstack-test";
  const stack = await start("reboot", () => {
    new Directory("run", { host: "cmp1", path, owner: "nova", mode: "0750" });
  });
  good(await stack.up());
  execFileSync(join(root, "sandbox", "sandbox"), ["reboot-host", "cmp1"], { stdio: "ignore" });
  expect((await on("cmp1", `stat -c '%U %a' ${path}`)).trim()).toBe("nova 750");
  const after = good(await stack.preview({ refresh: true }));
  expect([after.drift, after.steps]).toEqual([[], []]);
  good(await stack.destroy());
  expect((await on("cmp1", `ls -d ${path} /etc/tmpfiles.d/*openstack* 2>/dev/null || true`)).trim()).toBe("");
}, 120_000);

test("QEMU's user makes sockets in the guests' directory, after a reboot too, and Ceph's own stays as it is", async () => {
  const path = guestOptions.client.admin_socket.replace(/\/[^/]*$/, "");
  const cephs = await on("cmp1", "stat -c '%U %G %a' /run/ceph");
  const stack = await start("guests", () => {
    new Directory("sockets", { host: "cmp1", path, owner: "libvirt-qemu", group: "kvm", mode: "0770" });
  });
  good(await stack.up());
  const bind = `import socket; socket.socket(socket.AF_UNIX).bind("${path}/guest.asok")`;
  const asQemu = `sudo setpriv --reuid libvirt-qemu --regid kvm --init-groups python3 -c '${bind}' && sudo stat -c %F ${path}/guest.asok; sudo rm -f ${path}/guest.asok`;
  expect((await on("cmp1", asQemu)).trim()).toBe("socket");
  execFileSync(join(root, "sandbox", "sandbox"), ["reboot-host", "cmp1"], { stdio: "ignore" });
  expect((await on("cmp1", asQemu)).trim()).toBe("socket");
  expect(await on("cmp1", "stat -c '%U %G %a' /run/ceph")).toBe(cephs);
}, 120_000);
