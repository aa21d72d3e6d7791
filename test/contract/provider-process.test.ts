/** Pulumi's own provider process with the stored stub: how it ends, what it prints, how many connections and channels it needs, how fast it is. */
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { farEnd, reaching, type FarEnd } from "../support/far-end";
import { newKey as newCephKey } from "../../providers/formats/keyring";
import { newSite, secretsOf } from "../support/laws-site";
import { providerProcess, type Plain, type ProviderProcess } from "../support/provider-process";
import { newKey } from "../support/ssh-keys";

let far: FarEnd;
let way: ReturnType<typeof reaching>;
let provider: ProviderProcess;

beforeEach(async () => {
  far = await farEnd(newSite());
  way = reaching([far]);
});

afterEach(async () => {
  provider.kill();
  await provider.ended;
  await far.close();
  await way.dispose();
  far.site.dispose();
});

const start = async (env: NodeJS.ProcessEnv = {}, config: Readonly<Record<string, string>> = {}) => {
  provider = await providerProcess({ ...way.env, ...env }, config);
  return provider;
};

const owner = (name: string): string => `proj/dev::pulumi-nodejs:dynamic/ceph-openstack:X::${name}`;

const checked = async (kind: string, inputs: Plain): Promise<Plain> => {
  const { inputs: good, failures } = await provider.of(kind).check({}, inputs);
  expect(failures).toEqual([]);
  return good;
};

const folder = (name: string): Plain => ({
  __owner: owner(name),
  host: far.site.hostName,
  path: far.site.path(name),
  mode: "0700",
});

const CANARY = "a canary that sings";

test("the process ends by itself when its engine is gone, with a connection open", async () => {
  await start();
  await provider.of("Directory").create(await checked("Directory", folder("guests")));
  provider.loseEngine();
  expect(await provider.ended).toBe(0);
});

test("a whole life needs one connection to the host", async () => {
  await start();
  const verbs = provider.of("Directory");
  const inputs = await checked("Directory", folder("guests"));
  const { id, outs } = await verbs.create(inputs);
  expect(await verbs.diff(id, outs, inputs)).toEqual({ changes: false, replaces: [] });
  const found = await verbs.read(id, outs);
  expect([found.props, found.inputs]).toEqual([outs, inputs]);
  const after = await verbs.update(id, outs, { ...inputs, mode: "0750" });
  expect(after).toMatchObject({ mode: "0750" });
  // Created in this very run, the folder counts as handed over: only the next run may take it away.
  await verbs.delete(id, after);
  expect(existsSync(far.site.path("guests"))).toBe(true);
  expect(far.server.counts.connections).toBe(1);
});

test("40 creates at a time share one connection, of which they use at most 8 channels", async () => {
  await start();
  const names = Array.from({ length: 40 }, (_, i) => `guests-${i}`);
  const inputs = await Promise.all(names.map((name) => checked("Directory", folder(name))));
  await Promise.all(inputs.map((one) => provider.of("Directory").create(one)));
  expect(names.every((name) => existsSync(far.site.path(name)))).toBe(true);
  const { connections, mostChannels, refusedChannels } = far.server.counts;
  expect({ connections, refusedChannels }).toEqual({ connections: 1, refusedChannels: 0 });
  expect(mostChannels).toBeGreaterThan(1);
  expect(mostChannels).toBeLessThanOrEqual(8);
});

test("40 options of one file by 40 resources at a time are all there", async () => {
  await start();
  const path = far.site.path("etc", "cinder.conf");
  writeFileSync(path, "[DEFAULT]\n");
  const sections = Array.from({ length: 40 }, (_, i) => ({
    __owner: owner(`o${i}`),
    host: far.site.hostName,
    path,
    section: "DEFAULT",
    options: { [`option_${i}`]: i },
  }));
  const inputs = await Promise.all(sections.map((one) => checked("ConfigSection", one)));
  await Promise.all(inputs.map((one) => provider.of("ConfigSection").create(one)));
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("option_"));
  expect(lines.sort()).toEqual(sections.map((_, i) => `option_${i} = ${i}`).sort());
});

/** Processor time that a process has used, in milliseconds. */
const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ") ?? [];
  // utime and stime, in ticks of USER_HZ, which is 100 wherever node runs.
  return 10 * (Number(fields[11]) + Number(fields[12]));
};

test("check of a thousand resources adds less than a millisecond each to what Pulumi's own process costs", async () => {
  await start();
  const verbs = provider.of("ConfigSection");
  const section = (i: number): Plain => ({
    __owner: owner(`s${i}`),
    host: far.site.hostName,
    path: `/etc/cinder/cinder-${i}.conf`,
    section: "ceph",
    options: { rbd_pool: "volumes", rbd_user: "cinder", rbd_max_clone_depth: 5 },
  });
  const spent = { idle: 0, ours: 0 };
  for (let batch = 0; batch < 10; batch += 1)
    for (const whose of ["idle", "ours"] as const) {
      const before = cpuOf(provider.pid);
      for (let i = 0; i < 100; i += 1) {
        const news = section(100 * batch + i);
        const { inputs } = await (whose === "ours" ? verbs : provider.idle).check({}, news);
        expect(inputs["options"]).toMatchObject({ rbd_max_clone_depth: whose === "ours" ? "5" : 5 });
      }
      spent[whose] += cpuOf(provider.pid) - before;
    }
  expect((spent.ours - spent.idle) / 1000).toBeLessThan(1);
  expect(far.server.counts.connections).toBe(0);
});

test("a failure of the world prints no stack trace, whichever verb it is, and names thing, host and cure", async () => {
  await start();
  const verbs = provider.of("ConfigSection");
  const inputs = await checked("ConfigSection", {
    __owner: owner("s"),
    host: far.site.hostName,
    path: far.site.path("etc", "missing.conf"),
    section: "ceph",
    options: { rbd_pool: "volumes" },
  });
  const failed = await verbs.create(inputs).catch((error: unknown) => error);
  expect(String(failed)).toContain("missing.conf");
  expect(String(failed)).toContain(far.site.hostName);
  expect(String(failed)).toContain("createFile");
  far.site.host.after = () => ({ code: 1, stdout: Buffer.alloc(0), stderr: "the disk is on fire" });
  const doings = [
    () => verbs.read("x", inputs),
    () => verbs.update("x", { ...inputs, __failed: true }, inputs),
    // What a check of this run has claimed is not deleted: this one is of another section.
    () => verbs.delete("x", { ...inputs, section: "other" }),
  ];
  for (const doing of doings) await expect(doing()).rejects.toThrow(/missing\.conf.*the disk is on fire/s);
  expect(provider.printed()).not.toMatch(/^\s+at /m);
});

test("no secret is in anything printed or answered, even when the far end repeats it, and with debugging on", async () => {
  const { site } = far;
  const key = newCephKey();
  site.ceph.entities.set("client.cinder", { key, caps: { mon: "profile rbd" } });
  const login = newKey();
  await start(
    { CEPH_OPENSTACK_DEBUG: "1" },
    { sshPassphrase: `${CANARY} 1`, sudoPassword: `${CANARY} 2`, sshPrivateKey: login.private },
  );
  const keyring = {
    __owner: owner("k"),
    host: site.hostName,
    cluster: { fsid: site.ceph.fsid, admin: site.adminName },
    entity: "client.cinder",
    owner: "root",
  };
  const answered: unknown[] = [];
  const said = (doing: Promise<unknown>) =>
    doing.then(
      (answer) => answered.push(answer),
      (error: unknown) => answered.push(String(error), Reflect.get(Object(error), "halfWay")),
    );
  const inputs = await checked("CephKeyringFile", { ...keyring, path: site.path("etc", "keyring") });
  // The cluster and the host repeat what they were sent, as a tool does that fails.
  const { answer } = site.ceph;
  site.ceph.answer = (line) =>
    line.includes('"auth get"')
      ? JSON.stringify({
          id: (JSON.parse(line) as { id: number }).id,
          code: 5,
          out: "",
          text: `bad keyring: key = ${key}`,
        })
      : answer(line);
  await said(provider.of("CephKeyringFile").read("x", inputs));
  site.ceph.answer = answer;
  await said(provider.of("CephKeyringFile").create(inputs));
  const { after } = site.host;
  site.host.after = () => ({
    code: 1,
    stdout: Buffer.alloc(0),
    stderr: `sh: [client.cinder] key = ${key}: no`,
  });
  const section = {
    __owner: owner("s"),
    host: site.hostName,
    path: site.path("etc", "cinder.conf"),
    section: "ceph",
    options: { a: "b" },
    secretOptions: { secret: `${CANARY} 3` },
  };
  await said(provider.of("CephKeyringFile").update("x", { ...inputs, __failed: true }, inputs));
  await said(provider.of("CephKeyringFile").delete("x", inputs));
  site.host.after = after;
  await said(provider.of("ConfigSection").create(await checked("ConfigSection", section)));
  await said(
    provider.of("ConfigSection").check({}, { ...section, secretOptions: { secret: `${CANARY} 4\n` } }),
  );
  await said(provider.of("ConfigSection").check({}, { ...section, secretOptions: `${CANARY} 5` }));
  expect(answered.length).toBeGreaterThanOrEqual(8);
  const errors = answered.filter((one) => typeof one === "string");
  expect(errors.length).toBeGreaterThanOrEqual(3);
  const told = `${provider.printed()}\n${JSON.stringify(errors)}`;
  expect(secretsOf(site)).toContain(key);
  for (const secret of [key, login.private.split("\n")[1] ?? "", CANARY]) expect(told).not.toContain(secret);
  // What the engine is handed back: the key never, a secret option only as the property that is encrypted.
  const whole = JSON.stringify(answered.map((one) => withoutSecretOptions(one)));
  for (const secret of [key, CANARY]) expect(whole).not.toContain(secret);
  expect(provider.printed()).toContain("ceph-openstack: ");
});

const withoutSecretOptions = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null), (key, item: unknown) =>
    key === "secretOptions" ? "[secret]" : item,
  );
