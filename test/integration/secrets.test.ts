/** The real keys are in the keyring files and libvirt's secrets, and nowhere else: state, events, output, process lists, disks, journals. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Outcome, TestStack } from "../support/engine";
import { ceph, HOSTS, on, type HostName } from "../support/hosts";
import { FILES, good, lifeStack, oneOfEach } from "../support/lifecycle";
import { execOn } from "../support/sandbox";
import { allKeys, filesWith, formsOf, hits, sampleProcesses } from "../support/secret-search";

let stack: TestStack;
let before: Readonly<Record<HostName, readonly string[]>>;
const keys = new Set<string>();
/** What the engine recorded, said and was sent, of every run. */
const told: Record<string, string> = {};
let words: string;

const remember = async () => {
  for (const key of await allKeys()) keys.add(key);
};
const forms = () => formsOf([...keys]);

const keep = async (name: string, outcome: Outcome) => {
  told[`output of ${name}`] = good(outcome).output;
  told[`events of ${name}`] = outcome.events;
  told[`state after ${name}`] = await stack.export();
};

const everywhere = async (): Promise<Record<HostName, string[]>> => {
  const all = await Promise.all(
    HOSTS.map(async (host): Promise<[HostName, string[]]> => [host, await filesWith(host, forms())]),
  );
  return Object.fromEntries(all) as Record<HostName, string[]>;
};

beforeAll(async () => {
  await remember();
  before = await everywhere();
  stack = await lifeStack("secrets", () => oneOfEach("s"), { env: { CEPH_OPENSTACK_DEBUG: "1" } });
});

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
});

test("before the first up only the admin's keyring holds a key", () => {
  const keyrings = Object.values(before).flat();
  expect(keyrings).toEqual(["/etc/ceph/ceph.client.admin.keyring"]);
});

test("preview, up, refresh, rotation, repair and destroy run, while every process is looked at", async () => {
  const stop = sampleProcesses();
  // The proof that the looks reach into the hosts.
  await execOn("cmp1", "env", "LOOK=marker-in-environment", "sh", "-c", "sleep 1; : marker-in-arguments");
  await keep("preview", await stack.preview());
  await keep("up", await stack.up());
  await remember();
  await keep("refresh", await stack.refresh());
  stack.program(() => oneOfEach("s", { generation: 2 }));
  await keep("preview of a rotation", await stack.preview({ diff: true }));
  await keep("rotation", await stack.up({ diff: true }));
  await remember();
  await on("cmp1", `sed -i 's/key = .*/key = broken/' ${FILES[0] ?? ""}`);
  await keep("repair", await stack.up({ refresh: true }));
  words = await stop();
  expect(words).toContain("LOOK=marker-in-environment");
  expect(words).toContain("marker-in-arguments");
}, 240_000);

test("in the middle of all that the keys are in the files that are for them, and nowhere else", async () => {
  expect([...keys].filter((key) => /^[A-Za-z0-9+/]{38}==$/.test(key)).length).toBe(keys.size);
  const now = await everywhere();
  const secret = now.cmp1.filter((path) => path.startsWith("/etc/libvirt/secrets/"));
  expect(secret).toEqual([expect.stringMatching(/^\/etc\/libvirt\/secrets\/[0-9a-f-]{36}\.base64$/)]);
  expect(now).toEqual({ ...before, cmp1: [FILES[0], ...secret] });
  expect(await ceph("ceph auth get-key client.life")).not.toBe("");
}, 120_000);

test("a destroy leaves no key behind", async () => {
  const stop = sampleProcesses();
  await keep("destroy", await stack.destroy());
  words += await stop();
  expect(await everywhere()).toEqual(before);
}, 120_000);

test("no key was in any state, event or output, with the library's debug log on, nor in any process's arguments or environment", () => {
  expect(told["output of up"]).toMatch(/files-write|ceph-conversation/);
  const found = Object.entries({ ...told, processes: words }).filter(([, text]) => hits(text, forms()) > 0);
  expect(found.map(([name]) => name)).toEqual([]);
  expect(hits(`key = ${[...keys][0] ?? ""}`, forms())).toBe(1);
});
