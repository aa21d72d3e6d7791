/** The system's own ssh against real sshds: what ssh2 cannot log in with, and a life of resources by the real engine. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { ConfigSection } from "../../index.js";
import { connectRemote } from "../../providers/remote/index.js";
import { readSettings } from "../../providers/remote/settings.js";
import { newStack, site, type Outcome } from "../support/engine.js";
import { on } from "../support/hosts.js";

const folder = mkdtempSync(join(tmpdir(), "openssh-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** sshd does not listen for a moment while it reads its configuration anew. */
const RELOAD = "systemctl reload ssh && sleep 1";

const newKey = (name: string): string => {
  const path = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
  return path;
};

/** One login by these keys alone. */
const whoami = async (transport: string, user: string, keys: readonly string[]): Promise<string> => {
  const lines = readFileSync(site().sshConfig, "utf8").replace(
    /^ *(User|IdentityFile|IdentitiesOnly) .*$/gm,
    "",
  );
  const mine = keys.map((key) => `  IdentityFile ${key}\n`).join("");
  const sshConfig = join(folder, "config");
  writeFileSync(
    sshConfig,
    `Host *\n  User ${user}\n  IdentitiesOnly yes\n  IdentityAgent none\n${mine}\n${lines}`,
  );
  const values: Readonly<Record<string, string>> = { transport, sshConfig };
  const remote = connectRemote(readSettings((key) => values[key], {}));
  try {
    const program = { name: "whoami", text: "id -un" };
    const { stdout } = await remote.machine("vol1").run({ program, become: false });
    return Buffer.from(stdout).toString("utf8").trim();
  } finally {
    await remote.close();
  }
};

test("a certificate that the host's authority has signed logs in; ssh2 names it", async () => {
  const [authority, key] = [newKey("ca"), newKey("signed")];
  execFileSync("ssh-keygen", ["-q", "-s", authority, "-I", "test", "-n", "ops", `${key}.pub`]);
  await on(
    "vol1",
    "mkdir -p /etc/ssh/sshd_config.d && cat >/etc/ssh/ca.pub",
    readFileSync(`${authority}.pub`, "utf8"),
  );
  await on("vol1", "echo TrustedUserCAKeys /etc/ssh/ca.pub >/etc/ssh/sshd_config.d/ca.conf");
  await on("vol1", RELOAD);
  try {
    expect(await whoami("openssh", "ops", [key])).toBe("ops");
    const failed = whoami("ssh2", "ops", [key]);
    await expect(failed).rejects.toMatchObject({ code: "authentication" });
    await expect(failed).rejects.toThrow(`the certificate ${key}-cert.pub`);
  } finally {
    await on("vol1", "rm /etc/ssh/sshd_config.d/ca.conf /etc/ssh/ca.pub");
    await on("vol1", RELOAD);
  }
});

test("a server that wants two keys gets two", async () => {
  const [one, two] = [newKey("one"), newKey("two")];
  const both = [one, two].map((key) => readFileSync(`${key}.pub`, "utf8")).join("");
  await on("vol1", "cat >>/home/nosudo/.ssh/authorized_keys", both);
  const rule = "Match User nosudo\\n  AuthenticationMethods publickey,publickey\\n";
  await on("vol1", `mkdir -p /etc/ssh/sshd_config.d; printf '${rule}' >/etc/ssh/sshd_config.d/two.conf`);
  await on("vol1", RELOAD);
  try {
    expect(await whoami("openssh", "nosudo", [one, two])).toBe("nosudo");
    for (const transport of ["ssh2", "openssh"]) {
      const failed = whoami(transport, "nosudo", [one]);
      await expect(failed).rejects.toMatchObject({ code: "authentication" });
      await expect(failed).rejects.toThrow("accepted, and the server wants");
    }
  } finally {
    await on("vol1", `sed -i '2,$d' /home/nosudo/.ssh/authorized_keys; rm /etc/ssh/sshd_config.d/two.conf`);
    await on("vol1", RELOAD);
  }
});

const good = (outcome: Outcome): Outcome => {
  if (outcome.error !== undefined) throw new Error(outcome.output);
  return outcome;
};

test("a section lives its life by the real engine, and nothing of ssh is left behind", async () => {
  const before = await on("vol1", "cat /etc/cinder/cinder.conf");
  const stack = await newStack(
    "openssh",
    () => {
      const options = { rbd_max_clone_depth: 9 };
      new ConfigSection("one", {
        host: "vol1",
        path: "/etc/cinder/cinder.conf",
        section: "openssh",
        options,
      });
    },
    {
      env: {
        CEPH_OPENSTACK_SSH_CONFIG: site().sshConfig,
        CEPH_OPENSTACK_TRANSPORT: "openssh",
        XDG_RUNTIME_DIR: folder,
      },
    },
  );
  try {
    good(await stack.up());
    expect(await on("vol1", "cat /etc/cinder/cinder.conf")).toContain("[openssh]\nrbd_max_clone_depth = 9");
    expect(good(await stack.up({ refresh: true }))).toMatchObject({ steps: [], drift: [] });
  } finally {
    good(await stack.destroy());
    await stack.remove();
  }
  expect(await on("vol1", "cat /etc/cinder/cinder.conf")).toBe(before);
  expect(readdirSync(folder).filter((name) => name.startsWith("pco-"))).toEqual([]);
}, 120_000);
