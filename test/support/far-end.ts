/** A host for contract tests: an ssh server in this process that runs the real programs in a scratch directory, and can cut at any command. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { operator } from "./ssh-operator";
import { sshServer, type Answer, type Received, type SshServer } from "./ssh-server";

export interface FarEnd {
  readonly server: SshServer;
  /** Scratch directory: files of the test lie here. */
  readonly folder: string;
  /** The environment of a provider process that reaches this host as `far1`. */
  readonly env: Readonly<Record<string, string>>;
  /** Records that are left on the host. */
  records(): string[];
  /** Names of the programs that ran. */
  readonly ran: string[];
  close(): Promise<void>;
}

type Scripted = (program: Received, stdin: Buffer) => Answer | undefined;

const runHere = (program: Received, stdin: Buffer, env: NodeJS.ProcessEnv, ledger: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const text = program.text.replaceAll("/var/lib/pulumi-ceph-openstack", ledger);
    const child = spawn("/bin/sh", ["-c", text, program.name, ...program.args], { env, stdio: ["pipe", "pipe", "pipe"] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => undefined);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString("utf8") }));
    child.stdin.end(stdin);
  });

/** Starts the host. `scripted` may answer a program before the shell does. */
export const farEnd = async (scripted: Scripted = () => undefined): Promise<FarEnd> => {
  const folder = mkdtempSync(join(tmpdir(), "far-end-"));
  const ledger = join(folder, "state", "pulumi-ceph-openstack");
  mkdirSync(join(folder, "state"));
  const ran: string[] = [];
  const env = { ...process.env, LC_ALL: "C", XDG_STATE_HOME: join(folder, "state") };
  const server = await sshServer({
    answer: (program, stdin) => {
      ran.push(program.name);
      return scripted(program, stdin) ?? runHere(program, stdin, env, ledger);
    },
  });
  const who = operator({ far1: server });
  return {
    server,
    folder,
    ran,
    env: {
      CEPH_OPENSTACK_KNOWN_HOSTS: server.knownHosts,
      CEPH_OPENSTACK_SSH_CONFIG: join(who.home, ".ssh/config"),
      CEPH_OPENSTACK_BECOME: "none",
    },
    records: () => (existsSync(ledger) ? readdirSync(ledger, { recursive: true }).map(String) : []),
    close: async () => {
      await who.dispose();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
