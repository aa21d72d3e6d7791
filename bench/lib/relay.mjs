// A TCP relay before the sshd of each host, by which every byte arrives 20 ms later: operators sit far from their hosts.
import { readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { performance } from "node:perf_hooks";

/** One direction. The queue keeps the order, whatever the timers do. */
function carry(from, to, delay) {
  const queue = [];
  const later = (act) => {
    queue.push(act);
    setTimeout(() => queue.shift()(), delay());
  };
  from.setNoDelay(true);
  from.on("data", (chunk) => later(() => to.write(chunk)));
  from.on("error", () => to.destroy());
  from.on("close", () => later(() => to.end()));
}

/**
 * On a real line the client may speak after two ways (its own handshake) and hears the server after four. Here the kernel
 * has shaken hands with the client at once: what it says waits for two ways, what the server says at first comes after four.
 */
function join(client, address, milliseconds) {
  const start = performance.now();
  client.on("error", () => client.destroy());
  setTimeout(() => {
    const far = connect({ port: 22, host: address });
    carry(client, far, () => milliseconds);
    client.resume();
    carry(far, client, () => Math.max(milliseconds, 4 * milliseconds - (performance.now() - start)));
  }, 2 * milliseconds);
}

function listenFor(address, milliseconds) {
  const server = createServer({ pauseOnConnect: true }, (client) => join(client, address, milliseconds));
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

/**
 * Starts a relay for every host of the sandbox.
 * @param {{ hosts: Record<string, { address: string }>, sshConfig: string }} site
 * @param {{ file: string, milliseconds: number }} options `file`: where to write the ssh_config that leads through the relays
 * @returns the way: `sshConfig`, `hosts` with address and port, `close`
 */
export async function relayed(site, { file, milliseconds }) {
  const hosts = {};
  const servers = [];
  let text = "";
  for (const [host, { address }] of Object.entries(site.hosts)) {
    const server = await listenFor(address, milliseconds);
    servers.push(server);
    const { port } = server.address();
    hosts[host] = { address: "127.0.0.1", port };
    text += `Host ${host}\n  HostName 127.0.0.1\n  Port ${port}\n  HostKeyAlias ${address}\n\n`;
  }
  // The first value that ssh finds counts.
  writeFileSync(file, text + readFileSync(site.sshConfig, "utf8"));
  return { sshConfig: file, hosts, close: () => servers.forEach((server) => server.close()) };
}

/** The way without a relay. */
export const straight = (site) => ({
  sshConfig: site.sshConfig,
  hosts: Object.fromEntries(
    Object.entries(site.hosts).map(([host, { address }]) => [host, { address, port: 22 }]),
  ),
  close: () => {},
});
