/** A relay before the sandbox's sshd, that counts what passes and does something when a given byte has passed: for cuts at a given place. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { site } from "./engine";
import type { HostName } from "./hosts";

export type Direction = "toHost" | "fromHost";

interface Trap {
  readonly direction: Direction;
  readonly bytes: number;
  /** What to do, once. */
  readonly act: () => void;
}

export interface Relay {
  /** An ssh_config by which the host is reached through this relay, and all others as always. */
  readonly sshConfig: string;
  /** Bytes since `count`. */
  readonly passed: Readonly<Record<Direction, number>>;
  /** Starts counting anew; the trap, where there is one, acts when its byte passes. */
  count(trap?: Trap): void;
  /** Ends every connection at once and refuses new ones until `heal`. */
  cut(): void;
  heal(): void;
  close(): Promise<void>;
}

const listening = (server: Server, port = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** The host's own entry comes first, and ssh takes the first value that it finds. */
const configFor = (host: HostName, address: string, port: number): string =>
  `Host ${host}\n  HostName 127.0.0.1\n  Port ${port}\n  HostKeyAlias ${address}\n\n${readFileSync(site().sshConfig, "utf8")}`;

/** What passes, and the trap that waits for its byte. */
const newCounter = () => {
  const passed = { toHost: 0, fromHost: 0 };
  let trap: Trap | undefined;
  return {
    passed,
    count(next: Trap | undefined) {
      Object.assign(passed, { toHost: 0, fromHost: 0 });
      trap = next;
    },
    add(direction: Direction, bytes: number) {
      passed[direction] += bytes;
      if (trap?.direction !== direction || passed[direction] < trap.bytes) return;
      const { act } = trap;
      trap = undefined;
      act();
    },
  };
};

/** Starts a relay for one host of the sandbox. */
export const relayTo = async (host: HostName): Promise<Relay> => {
  const address = site().hosts[host]?.address ?? "";
  const counter = newCounter();
  const sockets = new Set<Socket>();
  let isCut = false;
  const carry = (from: Socket, to: Socket, direction: Direction): void => {
    sockets.add(from);
    from.on("data", (chunk: Buffer) => {
      if (!isCut) to.write(chunk);
      counter.add(direction, chunk.length);
    });
    from.on("error", () => undefined);
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer((client) => {
    if (isCut) return void client.resetAndDestroy();
    const far = connect(22, address);
    carry(client, far, "toHost");
    carry(far, client, "fromHost");
  });
  const folder = mkdtempSync(join(tmpdir(), "relay-"));
  const sshConfig = join(folder, "ssh_config");
  writeFileSync(sshConfig, configFor(host, address, await listening(server)));
  return {
    sshConfig,
    passed: counter.passed,
    count: (trap) => counter.count(trap),
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.resetAndDestroy();
    },
    heal: () => void (isCut = false),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await closed(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
