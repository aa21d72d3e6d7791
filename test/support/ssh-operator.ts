/** An operator with a home directory of their own and an ssh configuration that leads to test servers. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { connectRemote } from "../../providers/remote/index";
import type { Machine, Remote } from "../../providers/remote/machine";
import { readSettings, type Settings } from "../../providers/remote/settings";
import { configurationOf, wayTo } from "../../providers/remote/ssh/options";
import type { Way } from "../../providers/remote/ssh/way";
import { sshServer, type SshServer, type SshServerOptions } from "./ssh-server";

export interface Operator {
  readonly home: string;
  /** Writes a file below the home directory, readable by its owner alone; gives its path. */
  write(path: string, text: string): string;
  settings(values?: Readonly<Record<string, string>>): Settings;
  /** Machines as this operator reaches them; closed by `dispose`. */
  remote(values?: Readonly<Record<string, string>>, env?: NodeJS.ProcessEnv): Remote;
  dispose(): Promise<void>;
}

/** `Host name` for a server, with the login `ops`. */
export const hostEntry = (name: string, server: SshServer, more = ""): string =>
  `Host ${name}\n  HostName 127.0.0.1\n  Port ${server.port}\n  User ops\n${more}\n`;

/** Where the operator may log in to these servers by name, with key and host keys in place. */
export const operator = (servers: Readonly<Record<string, SshServer>> = {}): Operator => {
  const home = mkdtempSync(join(tmpdir(), "operator-"));
  const remotes: Remote[] = [];
  const write = (path: string, text: string): string => {
    const whole = join(home, path);
    mkdirSync(dirname(whole), { recursive: true, mode: 0o700 });
    writeFileSync(whole, text, { mode: 0o600 });
    return whole;
  };
  const entries = Object.entries(servers).map(([name, server]) => {
    const key = write(`.ssh/key-${name}`, server.clientKey.private);
    return hostEntry(name, server, `  IdentityFile ${key}\n`);
  });
  write(".ssh/config", entries.join(""));
  write(
    ".ssh/known_hosts",
    Object.values(servers)
      .map(({ knownHosts }) => knownHosts)
      .join(""),
  );
  const settings = (values: Readonly<Record<string, string>> = {}): Settings =>
    readSettings((key) => values[key], {});
  return {
    home,
    write,
    settings,
    remote: (values, env = {}) => {
      const remote = connectRemote(settings(values), { env, home, user: "me" });
      remotes.push(remote);
      return remote;
    },
    dispose: async () => {
      await Promise.all(remotes.map((remote) => remote.close()));
      rmSync(home, { recursive: true, force: true });
    },
  };
};

/** Servers and operators of one test; `clear` takes them away after it. */
export const stage = () => {
  const servers: SshServer[] = [];
  const operators: Operator[] = [];
  return {
    server: async (options: SshServerOptions = {}): Promise<SshServer> => {
      const one = await sshServer(options);
      servers.push(one);
      return one;
    },
    who: (named: Readonly<Record<string, SshServer>> = {}): Operator => {
      const one = operator(named);
      operators.push(one);
      return one;
    },
    clear: async (): Promise<void> => {
      await Promise.all(operators.splice(0).map((one) => one.dispose()));
      await Promise.all(servers.splice(0).map((one) => one.close()));
    },
  };
};

/** Standard output of a program that is run as the login. */
export const said = async (machine: Machine, text: string, ...args: string[]): Promise<string> => {
  const { stdout } = await machine.run({ program: { name: "test", text }, args, become: false });
  return Buffer.from(stdout).toString("utf8");
};

/** The way to a host with this text as the only configuration, for the login that runs the tests; the agent's socket is in `$AGENT`. */
export const resolveWay = async (
  one: Operator,
  { text, host, values }: { text: string; host: string; values?: Readonly<Record<string, string>> },
): Promise<Way> => {
  const { homedir: home, username: user } = userInfo();
  const settings = one.settings({ sshConfig: one.write("config", text), ...values });
  const environment = { env: { SHELL: "/bin/sh", AGENT: "/run/agent", NAMED: "$AGENT" }, home, user };
  return wayTo(await configurationOf(settings, environment), host);
};
