/**
 * A site behind a real ssh server in this process: programs run for real in its scratch directory, the cluster's conversation is answered by
 * the cluster in memory. Every program and every line of the conversation counts as a command, at each of which the connection can be cut,
 * or everything can stand still until the provider process has been killed.
 */
import type { Site } from "./laws-site";
import type { KeyPair } from "./ssh-keys";
import { newKey } from "./ssh-keys";
import { operator } from "./ssh-operator";
import { sshServer, type SshServer } from "./ssh-server";

/** What happens at the n-th command from when the trap is set (1 is the next). */
export interface Trap {
  readonly at: number;
  /** The command is not run; or it is run and nobody hears of it. */
  readonly when: "before" | "after";
  /** The connection is cut at this command; at this and every later one; or this and every later one get no answer. */
  readonly how: "cut" | "cut-for-good" | "hold";
}

export interface FarEnd {
  readonly site: Site;
  readonly server: SshServer;
  /** Commands so far. */
  commands(): number;
  /** Sets or takes away a trap; the promise is kept when it springs. */
  set(trap: Trap | undefined): Promise<void>;
  close(): Promise<void>;
}

/** Stands in the way of every command; `lose` cuts the connections. */
const gate = (lose: () => void) => {
  let commands = 0;
  let trap: Trap | undefined;
  let since = 0;
  let sprung: () => void = () => undefined;
  const never = new Promise<never>(() => undefined);
  const springs = (when: Trap["when"], number: number): boolean => {
    if (trap?.when !== when) return false;
    return trap.how === "cut" ? number === since + trap.at : number >= since + trap.at;
  };
  const spring = (): Promise<never> => {
    sprung();
    if (trap?.how !== "hold") lose();
    return never;
  };
  return {
    commands: () => commands,
    set: (next: Trap | undefined): Promise<void> => {
      trap = next;
      since = commands;
      return new Promise((resolve) => (sprung = resolve));
    },
    pass: async <T>(work: () => T | Promise<T>): Promise<T> => {
      commands += 1;
      const mine = commands;
      if (springs("before", mine)) return spring();
      const done = await work();
      return springs("after", mine) ? spring() : done;
    },
  };
};

/** Puts a site behind an ssh server. */
export const farEnd = async (site: Site, keys: readonly KeyPair[] = [newKey()]): Promise<FarEnd> => {
  const { host, ceph } = site;
  const guard = gate(() => server.cut());
  const server: SshServer = await sshServer({
    hostKeys: keys,
    converse: ({ name }) =>
      name === "ceph-conversation"
        ? guard.pass(() => {
            ceph.opened += 1;
            return {
              greeting: JSON.stringify({ hello: true, fsid: ceph.fsid }),
              answer: (line) => guard.pass(() => ceph.answer(line)),
            };
          })
        : undefined,
    answer: ({ name, text, args }, stdin) =>
      guard.pass(async () => {
        const { code, stdout, stderr } = await host.run({ program: { name, text }, args, stdin });
        return { code, stdout, stderr };
      }),
  });
  return { site, server, commands: guard.commands, set: guard.set, close: () => server.close() };
};

/** The environment of a provider process that reaches these by the names of their sites, as the login. */
export const reaching = (far: readonly FarEnd[]) => {
  const named = far.flatMap(({ site, server }): [string, SshServer][] => [
    [site.hostName, server],
    [site.adminName, server],
  ]);
  const who = operator(Object.fromEntries(named));
  return {
    env: {
      CEPH_OPENSTACK_KNOWN_HOSTS: far.map(({ server }) => server.knownHosts).join(""),
      CEPH_OPENSTACK_SSH_CONFIG: `${who.home}/.ssh/config`,
      CEPH_OPENSTACK_BECOME: "none",
      CEPH_OPENSTACK_MAX_CONNECTIONS: "1000",
    },
    dispose: () => who.dispose(),
  };
};
