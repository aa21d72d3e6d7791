/** ConfigSection in Pulumi's own provider process over ssh: cut at every remote command of every verb, it ends as an undisturbed run. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { farEnd, type FarEnd } from "../support/far-end";
import { ProviderError, providerProcess, type Plain, type ProviderProcess } from "../support/provider-process";

const STOCK = "[DEFAULT]\n# A comment\ndebug = false\n\n[ceph]\n#rbd_pool = rbd\nrbd_user = admin ; not a comment\n";
const CHANGED = STOCK.replace("#rbd_pool = rbd\n", "#rbd_pool = rbd\nrbd_pool = volumes\n").replace(
  "rbd_user = admin ; not a comment",
  "rbd_user = cinder",
);
const owner = "proj/dev::pulumi-nodejs:dynamic/ceph-openstack:ConfigSection::ceph";

let far: FarEnd;
let provider: ProviderProcess;
let path: string;

const start = async (): Promise<ProviderProcess> => {
  const one = await providerProcess("ConfigSection", far.env);
  await one.configure({});
  return one;
};

beforeEach(async () => {
  far = await farEnd();
  path = join(far.folder, "cinder.conf");
  writeFileSync(path, STOCK);
  provider = await start();
});

afterEach(async () => {
  provider.kill();
  await provider.ended;
  await far.close();
});

const inputs = (options: Plain = { rbd_pool: "volumes", rbd_user: "cinder" }): Plain => ({
  __owner: owner,
  host: "far1",
  path,
  section: "ceph",
  options,
});
const checked = async (news: Plain, olds: Plain = {}): Promise<Plain> => {
  const { inputs: good, failures } = await provider.check(olds, news);
  expect(failures).toEqual([]);
  return good;
};
const text = () => readFileSync(path, "utf8");

test("create, no diff, read, update, delete: the file is as it was, and no record is left", async () => {
  const news = await checked(inputs());
  const { id, outs } = await provider.create(news);
  expect(text()).toBe(CHANGED);
  expect(await provider.diff(id, outs, news)).toMatchObject({ changes: false });
  const found = await provider.read(id, outs);
  expect(found.props).toEqual(outs);
  expect(found.inputs).toEqual(news);
  const later = await checked(inputs({ rbd_pool: "other" }), news);
  const after = await provider.update(id, outs, later);
  expect(text()).toBe(STOCK.replace("#rbd_pool = rbd\n", "#rbd_pool = rbd\nrbd_pool = other\n"));
  await provider.delete(id, after);
  expect(text()).toBe(STOCK);
  expect(far.records()).toEqual([]);
  expect(far.server.counts.connections).toBe(1);
});

const cuts = [1, 2, 3, 4].flatMap((command) => (["before", "after"] as const).map((when) => ({ command, when })));

/** What a create or update has left in state: what it returned, what it recorded half-way, or nothing. */
const attempt = async (verb: () => Promise<{ id: string; outs: Plain }>) => {
  try {
    return { ...(await verb()), whole: true };
  } catch (error) {
    const half = error instanceof ProviderError ? error.halfWay : undefined;
    if (half !== undefined) expect(half.reasons.join()).not.toBe("");
    return half === undefined ? undefined : { id: half.id, outs: half.properties, whole: false };
  }
};

/** The next `up` after an attempt: create where nothing is recorded, else update where diff says so. */
const nextUp = async (left: Awaited<ReturnType<typeof attempt>>, news: Plain) => {
  far.server.cutAt = undefined;
  provider.kill();
  await provider.ended;
  provider = await start();
  await checked(news);
  if (left === undefined) return provider.create(news);
  const { changes } = await provider.diff(left.id, left.outs, news);
  if (changes === false && left.whole) return left;
  return { id: left.id, outs: await provider.update(left.id, left.outs, news) };
};

describe.each(cuts)("cut $when remote command $command", ({ command, when }) => {
  const cutNext = () => {
    far.server.cutAt = { command: far.server.counts.commands + command, when };
  };

  test("of create, then up and destroy", async () => {
    const news = await checked(inputs());
    cutNext();
    const { id, outs } = await nextUp(await attempt(() => provider.create(news)), news);
    expect(text()).toBe(CHANGED);
    await provider.delete(id, outs);
    expect([text(), far.records()]).toEqual([STOCK, []]);
  });

  test("of create, then destroy at once", async () => {
    const news = await checked(inputs());
    cutNext();
    const left = await attempt(() => provider.create(news));
    far.server.cutAt = undefined;
    if (left === undefined) return expect(text()).toMatch(/^\[DEFAULT\]/);
    await provider.delete(left.id, left.outs);
    expect([text(), far.records()]).toEqual([STOCK, []]);
  });

  test("of update, then up and destroy", async () => {
    const news = await checked(inputs({ rbd_user: "first" }));
    const { id, outs } = await provider.create(news);
    const later = await checked(inputs(), news);
    cutNext();
    const left = await attempt(async () => ({ id, outs: await provider.update(id, outs, later) }));
    const after = await nextUp(left ?? { id, outs, whole: false }, later);
    expect(text()).toBe(CHANGED);
    await provider.delete(id, after.outs);
    expect([text(), far.records()]).toEqual([STOCK, []]);
  });

  test("of delete, then destroy again", async () => {
    const { id, outs } = await provider.create(await checked(inputs()));
    cutNext();
    await provider.delete(id, outs).catch(() => undefined);
    far.server.cutAt = undefined;
    await provider.delete(id, outs);
    expect([text(), far.records()]).toEqual([STOCK, []]);
  });
});

test("a failure of the world prints no stack trace, and names artifact, host and cure", async () => {
  const news = await checked({ ...inputs(), path: join(far.folder, "missing.conf") });
  const failed = await provider.create(news).catch((error: unknown) => error);
  expect(String(failed)).toContain("missing.conf");
  expect(String(failed)).toContain("far1");
  expect(provider.printed()).not.toMatch(/^\s+at /m);
  expect(existsSync(join(far.folder, "missing.conf"))).toBe(false);
});

test("the process ends by itself when its engine is gone", async () => {
  await provider.create(await checked(inputs()));
  provider.loseEngine();
  expect(await provider.ended).toBe(0);
}, 40_000);
