/** One operator by either transport: what holds for one holds for the other. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Remote } from "../../providers/remote/machine";
import type { Operator } from "./ssh-operator";

// The suite sees to what it needs, as the sandbox does.
if (spawnSync("ssh", ["-V"]).error !== undefined)
  spawnSync("apt-get", ["install", "-y", "-qq", "openssh-client"], { stdio: "ignore" });

export const TRANSPORTS = ["ssh2", "openssh"] as const;
export type Transport = (typeof TRANSPORTS)[number];

/**
 * Machines by a transport, with the operator's own `.ssh/config`. The system's ssh looks for keys and hosts in the home of whoever runs the
 * tests, so the file says where this operator's are.
 */
export const by = (
  transport: Transport,
  operator: Operator,
  values: Readonly<Record<string, string>> = {},
  env?: NodeJS.ProcessEnv,
): Remote => {
  const known = join(operator.home, ".ssh", "known_hosts");
  const everywhere = `Host *\n  UserKnownHostsFile ${known}\n  GlobalKnownHostsFile /dev/null\n  IdentitiesOnly yes\n`;
  const text = readFileSync(join(operator.home, ".ssh", "config"), "utf8");
  const sshConfig = operator.write(`config-${transport}`, `${text}\n${everywhere}`);
  return operator.remote({ transport, sshConfig, ...values }, env ?? { PATH: process.env["PATH"] });
};
