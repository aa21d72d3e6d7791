/** OpenSSH's own agent, on a socket of its own. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { KeyPair } from "./ssh-keys";

export interface Agent {
  readonly socket: string;
  close(): void;
}

/** True where there is one. */
export const hasAgent = spawnSync("ssh-add", ["-V"]).error === undefined;

/** Starts an agent that holds these keys. */
export const agent = async (folder: string, keys: readonly KeyPair[]): Promise<Agent> => {
  const socket = join(folder, "agent.sock");
  const child = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  while (!existsSync(socket)) await pause(10);
  for (const key of keys) {
    const file = join(folder, "to-add");
    writeFileSync(file, key.private, { mode: 0o600 });
    const { status, stderr } = spawnSync("ssh-add", ["-q", file], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    rmSync(file);
  }
  return { socket, close: () => child.kill() };
};
