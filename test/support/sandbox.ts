/** The sandbox's own verbs, for tests that pull cables. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { root, site } from "./engine";
import type { HostName } from "./hosts";

const sandboxWithin = (seconds: number, ...args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { env: { ...process.env, SANDBOX_NAME: site().name }, timeout: seconds * 1000 };
    execFile(join(root, "sandbox", "sandbox"), args, options, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(`sandbox ${args.join(" ")}: ${stderr}`)),
    );
  });

/** @throws Error with standard error where the verb fails */
export const sandbox = (...args: string[]): Promise<string> => sandboxWithin(120, ...args);

/** Pulls a host's network cable, for as long as `work` runs. */
export const withoutCable = async <T>(host: HostName | "ceph1", work: () => Promise<T>): Promise<T> => {
  await sandbox("cut", host);
  try {
    return await work();
  } finally {
    await sandbox("heal", host);
  }
};

/** Runs a command as root on a node without ssh: it leaves no trace in logs. */
export const execOn = (node: HostName | "ceph1", ...command: string[]): Promise<string> =>
  sandbox("exec", node, ...command);

/** Makes a host anew, as after a reset: with podman, cephadm and an image where `containers` is said. The first time that builds their tree. */
export const renewHost = (host: HostName, ...how: "containers"[]): Promise<string> =>
  sandboxWithin(900, "renew-host", host, ...how);

/** Puts rpm and dnf in the place of dpkg and APT; the first time they are fetched. */
export const becomesRpmHost = async (host: HostName): Promise<void> => {
  await sandboxWithin(400, "rpm-host", host);
};

/** QEMU with its RBD driver, and libvirt's own pools on RBD; the first time they are fetched. */
export const becomesGuestHost = async (host: "cmp1" | "cmp2"): Promise<void> => {
  await sandboxWithin(600, "guest-host", host);
};

export const becomesDebianHost = (host: HostName): Promise<string> =>
  execOn(
    host,
    "sh",
    "-c",
    'for name in apt-get dpkg-query; do [ ! -e "/usr/bin/$name.away" ] || mv "/usr/bin/$name.away" "/usr/bin/$name"; done',
  );
