/** OpenSSH's own agent, on a socket of its own. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { KeyPair } from "./ssh-keys";

export interface Agent {
  readonly socket: string;
  close(): void;
}

/** True where there is one. */
export const hasAgent = spawnSync("ssh-add", ["-V"]).error === undefined;

const wire = (part: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return Buffer.concat([length, part]);
};

/** An agent that lists keys of these types and signs nothing; without types it takes every question and answers none. */
export const oddAgent = async (folder: string, types?: readonly string[]): Promise<Agent> => {
  const socket = join(folder, "odd-agent.sock");
  const keys = (types ?? []).map((type) =>
    Buffer.concat([wire(wire(Buffer.from(type))), wire(Buffer.from("my key"))]),
  );
  const list = wire(Buffer.concat([Buffer.from([12, 0, 0, 0, keys.length]), ...keys]));
  const open = new Set<Socket>();
  const listener = createServer((stream) => {
    open.add(stream);
    stream.on("error", () => {});
    stream.on("data", (asked: Buffer) => {
      if (types !== undefined) stream.write(asked[4] === 11 ? list : wire(Buffer.from([5])));
    });
  });
  await new Promise<void>((resolve) => listener.listen(socket, resolve));
  const close = (): void => {
    open.forEach((stream) => stream.destroy());
    listener.close();
  };
  return { socket, close };
};

/** Starts an agent that holds these keys. */
export const agent = async (folder: string, keys: readonly KeyPair[]): Promise<Agent> => {
  const socket = join(folder, "agent.sock");
  const child = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  const asked = { env: { ...process.env, SSH_AUTH_SOCK: socket } };
  // The socket is there a moment before anybody listens at it; 2: no agent.
  while (!existsSync(socket) || spawnSync("ssh-add", ["-l"], asked).status === 2) await pause(10);
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
