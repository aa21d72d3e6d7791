/** What a run looks like to a real sshd, told by its journal: refused once, and never an attack, though sshd 10 shuts out an address after little. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Directory } from "../../index";
import { site, type Outcome } from "../support/engine";
import { on } from "../support/hosts";
import { good, lifeStack } from "../support/lifecycle";
import { execOn } from "../support/sandbox";

const COUNT = 16;
const numbers = Array.from({ length: COUNT }, (_, index) => index);
const JUMPED = numbers.map((number) => `far${number}`);

type Node = "cmp1" | "cmp2" | "ctl1";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "logins-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What sshd of a node has said since. */
const since = async (node: Node): Promise<() => Promise<string[]>> => {
  const [, cursor = ""] =
    /-- cursor: (\S+)/.exec(await execOn(node, "journalctl", "-u", "ssh", "-n", "0", "--show-cursor")) ?? [];
  return async () =>
    (await execOn(node, "journalctl", "-u", "ssh", "-o", "cat", `--after-cursor=${cursor}`)).split("\n");
};

/** The ports that connections came from, of all that sshd says about any. */
const connections = (lines: readonly string[]): string[] => [
  ...new Set(lines.flatMap((line) => /(?: port |\]:)(\d{4,5})\b/.exec(line)?.[1] ?? [])),
];
const turnedAway = (lines: readonly string[]): string[] =>
  lines.filter((line) => /drop connection|penalty|MaxStartups|throttling/i.test(line));

const directories = (hosts: readonly string[]) => () => {
  numbers.forEach((number) => {
    const host = hosts[number % hosts.length] ?? "cmp1";
    new Directory(`dir-${number}`, { host, path: `/srv/logins-${number}`, owner: "root", mode: "0755" });
  });
};

const runOnce = async (hosts: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> => {
  const stack = await lifeStack("logins", directories(hosts), { env });
  try {
    return await stack.up();
  } finally {
    await stack.remove();
  }
};

const mayLogIn = async (host: Node): Promise<void> => {
  expect(await on(host, "echo in")).toBe("in\n");
};

test("a login that is refused is tried once by a run of many resources, and the address may still log in", async () => {
  const said = await since("cmp1");
  const { error, output } = await runOnce(["cmp1"], { CEPH_OPENSTACK_SSH_USER: "stranger" });
  expect(error).toBeDefined();
  expect(output).toMatch(/the login stranger at .* was refused/);
  const lines = await said();
  expect([connections(lines).length, turnedAway(lines)]).toEqual([1, []]);
  await mayLogIn("cmp1");
}, 120_000);

test("a host key that is not known costs one handshake of a run", async () => {
  const said = await since("cmp1");
  const { error, output } = await runOnce(["cmp1"], { CEPH_OPENSTACK_KNOWN_HOSTS: "# none" });
  expect(error).toBeDefined();
  expect(output).toMatch(/host key .* is not known/);
  const lines = await said();
  expect([connections(lines).length, turnedAway(lines)]).toEqual([1, []]);
  await mayLogIn("cmp1");
}, 120_000);

test("many hosts behind one jump host are reached by one login there, and nobody is turned away", async () => {
  const back = /Host cmp2-jump\n {2}HostName (\S+)/.exec(readFileSync(site().sshConfig, "utf8"))?.[1];
  const config = join(folder, "ssh_config");
  // A login of its own for each, or they would share a connection.
  const entries = JUMPED.map(
    (name, number) =>
      `Host ${name}\n  HostName ${back ?? ""}\n  ProxyJump ctl1\n  ConnectTimeout ${number + 30}\n`,
  );
  const login = /\n {2}User ops\n[^]*$/.exec(readFileSync(site().sshConfig, "utf8"))?.[0] ?? "";
  writeFileSync(config, `${entries.join("")}${readFileSync(site().sshConfig, "utf8")}\nHost far*${login}`);
  const said = { ctl1: await since("ctl1"), cmp2: await since("cmp2") };
  const stack = await lifeStack("logins", directories(JUMPED), {
    env: { CEPH_OPENSTACK_SSH_CONFIG: config },
  });
  try {
    good(await stack.up());
    const [jump, far] = [await said.ctl1(), await said.cmp2()];
    expect(turnedAway([...jump, ...far])).toEqual([]);
    expect(jump.filter((line) => line.startsWith("Accepted publickey for ops"))).toHaveLength(1);
    expect(far.filter((line) => line.startsWith("Accepted publickey for ops")).length).toBe(
      connections(far).length,
    );
    expect(await on("cmp2", "ls -d /srv/logins-* | wc -l")).toBe(`${COUNT}\n`);
    good(await stack.destroy());
  } finally {
    await stack.remove();
  }
}, 180_000);
