/** Pools and entities against the real cluster of the sandbox, by way of its admin host, without the engine. */
import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { cephAuthEntity } from "../../providers/ceph-auth-entity/index";
import { cephPool } from "../../providers/ceph-pool/index";
import type { Artifact } from "../../providers/kernel/contract";
import type { Props } from "../../providers/kernel/json";
import { newSurroundings } from "../../providers/kernel/surroundings";
import { verbs } from "../../providers/kernel/verbs";
import { connectRemote } from "../../providers/remote/index";
import type { Remote } from "../../providers/remote/machine";
import { site } from "../support/engine";
import { ceph, on } from "../support/hosts";
import { failure } from "../support/failure";

jest.setTimeout(180_000);

/** The command timeout of these runs, seconds: by it their program on the admin host is told from those of others. */
const OURS = "67";

const remotes: Remote[] = [];
afterAll(() => Promise.all(remotes.map((remote) => remote.close())));

/** One run: a provider process of its own, as far as connections and caches go. */
const run = () => {
  const own: Remote[] = [];
  const surroundings = newSurroundings({
    env: {
      ...process.env,
      CEPH_OPENSTACK_SSH_CONFIG: site().sshConfig,
      CEPH_OPENSTACK_COMMAND_TIMEOUT_SECONDS: OURS,
    },
    say: () => undefined,
    connect: (settings) => {
      const remote = connectRemote(settings);
      remotes.push(remote);
      own.push(remote);
      return remote;
    },
  });
  const of = <I extends object, X>(artifact: Artifact<I, X>, name: string) => {
    const provider = verbs(artifact, surroundings);
    const check = async (inputs: object, olds: Props = {}) => {
      const owner = `test/client::pulumi-nodejs:dynamic/ceph-openstack:${artifact.kind}::${name}`;
      const { inputs: news, failures = [] } = await provider.check(olds, { ...inputs, __owner: owner });
      if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
      return news as Props;
    };
    return {
      create: async (inputs: object): Promise<Props> =>
        (await provider.create(await check(inputs))).outs as Props,
      update: async (olds: Props, inputs: object): Promise<Props> =>
        (await provider.update("id", olds, await check(inputs, olds))).outs as Props,
      remove: (state: Props) => provider.delete("id", state),
    };
  };
  return {
    pool: (name: string) => of(cephPool, name),
    entity: (name: string) => of(cephAuthEntity, name),
    cut: () => Promise.all(own.map((remote) => remote.close())),
  };
};

const cluster = () => ({ fsid: site().fsid, admin: "mon1" });
const pool = (name: string, more: object = {}) => ({
  cluster: cluster(),
  name,
  size: 2,
  pgNum: 1,
  onDelete: "remove",
  ...more,
});
const pools = async (): Promise<string[]> => (await ceph("ceph osd pool ls")).trim().split("\n");

/** What pool deletion is set to in each monitor. */
const theSwitch = async (): Promise<unknown[]> => {
  const names = (
    await ceph(
      'ceph mon dump -f json 2>/dev/null | python3 -c \'import json,sys; print(*[m["name"] for m in json.load(sys.stdin)["mons"]])\'',
    )
  )
    .trim()
    .split(" ");
  return Promise.all(
    names.map(async (name) => {
      const all: { diff: Record<string, unknown> } = JSON.parse(
        await ceph(`ceph tell mon.${name} config diff get mon_allow_pool_delete`),
      );
      return all.diff["mon_allow_pool_delete"] ?? "default";
    }),
  );
};

const clean = async (): Promise<void> => {
  const left = (await pools()).filter((name) => name.startsWith("h5-"));
  const remove = left.map((name) => `ceph osd pool rm ${name} ${name} --yes-i-really-really-mean-it`);
  const to = (what: string) => `ceph tell 'mon.*' config ${what} >/dev/null`;
  if (left.length > 0)
    await ceph(
      [to("set mon_allow_pool_delete true"), ...remove, to("unset mon_allow_pool_delete")].join("; "),
    );
  const records = "ceph config-key ls | grep -o 'pulumi-ceph-openstack/[a-z]*/[a-z.]*h5-[^\"]*'";
  await ceph(`for k in $(${records}); do ceph config-key rm $k; done; ceph auth rm client.h5-e`);
};
beforeEach(clean);
afterEach(clean);

describe("pools", () => {
  test("eight at a time are made by one program on the admin host, and are deleted together", async () => {
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"].map((letter) => `h5-${letter}`);
    const one = run();
    const made = await Promise.all(names.map((name) => one.pool(name).create(pool(name))));
    expect(await pools()).toEqual(expect.arrayContaining(names));
    expect((await on("mon1", `pgrep -fc '^/usr/bin/python3 -c.* ${OURS}$' || true`)).trim()).toBe("1");
    // A run of its own: one that has made a pool takes its removal for the second half of a replacement.
    const last = run();
    await Promise.all(made.map((state, i) => last.pool(names[i] ?? "").remove(state)));
    expect((await pools()).filter((name) => name.startsWith("h5-"))).toEqual([]);
    expect(await theSwitch()).toEqual(expect.arrayContaining(["default"]));
  });

  test("rename, settings and drift are right with the real one", async () => {
    const made = await run()
      .pool("a")
      .create(pool("h5-a", { minSize: 1, quota: { maxBytes: 1_048_576 }, options: { nodelete: true } }));
    expect(made).toMatchObject({ origin: "created", rbdInit: true, application: ["rbd"] });
    const desired = pool("h5-b", {
      renamedFrom: "h5-a",
      size: 3,
      minSize: 2,
      compression: { mode: "passive" },
      options: { nodelete: false },
    });
    const changed = await run().pool("a").update(made, desired);
    expect(changed).toMatchObject({ name: "h5-b", size: 3, minSize: 2, compression: { mode: "passive" } });
    await run().pool("a").remove(changed);
  });

  test.each([
    ["an image", "rbd create h5-a/i --size 1M", "rbd rm h5-a/i"],
    ["an image in the trash", "rbd create h5-a/i --size 1M && rbd trash mv h5-a/i", "rbd trash purge h5-a"],
    ["a namespace", "rbd namespace create h5-a/ns", "rbd namespace rm h5-a/ns"],
    ["an object in a namespace", "echo x | rados -p h5-a -N ns put o -", "rados -p h5-a -N ns rm o"],
    ["a setting of RBD", "rbd config pool set h5-a rbd_cache false", "rbd config pool rm h5-a rbd_cache"],
  ])("%s is content; without it the pool goes", async (_what, put, take) => {
    const made = await run().pool("a").create(pool("h5-a"));
    await ceph(put);
    expect(await failure(run().pool("a").remove(made))).toMatch(/h5-a is not empty/);
    expect(await pools()).toContain("h5-a");
    await ceph(take);
    await run().pool("a").remove(made);
    expect(await pools()).not.toContain("h5-a");
  });

  test("a connection that is cut during a delete leaves the switch as it was", async () => {
    const made = await run().pool("a").create(pool("h5-a"));
    const cut = run();
    const removal = failure(cut.pool("a").remove(made));
    await new Promise((wait) => setTimeout(wait, 900));
    await cut.cut();
    await removal;
    await new Promise((wait) => setTimeout(wait, 3_000));
    expect(await theSwitch()).toEqual(expect.arrayContaining(["default"]));
    await run().pool("a").remove(made);
    expect(await pools()).not.toContain("h5-a");
  });
});

describe("the way to the cluster", () => {
  test("another cluster is refused, whatever the program wants of it", async () => {
    const desired = pool("h5-a", { cluster: { ...cluster(), fsid: "00000000-0000-4000-8000-000000000000" } });
    expect(await failure(run().pool("a").create(desired))).toMatch(/No other cluster is ever touched/);
  });

  test("of several admin hosts the first that answers gives the orders", async () => {
    const made = await run()
      .pool("a")
      .create(pool("h5-a", { cluster: { ...cluster(), admin: ["no-such-host.invalid", "mon1"] } }));
    expect(made["poolId"]).toBeGreaterThan(0);
    await run().pool("a").remove(made);
  });

  test("a host without a way into the cluster says why", async () => {
    const desired = pool("h5-a", { cluster: { ...cluster(), conf: "/etc/ceph/none.conf" } });
    expect(await failure(run().pool("a").create(desired))).toMatch(
      /mon1[\s\S]*cannot connect to the cluster/,
    );
  });
});

describe("entities", () => {
  const desired = (more: object = {}) => ({
    cluster: cluster(),
    entity: "client.h5-e",
    caps: { mon: "profile rbd", osd: "profile rbd pool=h5-a" },
    ...more,
  });

  test("are made, rotated once with all caps, and the old key is refused at once", async () => {
    await run().pool("a").create(pool("h5-a"));
    const made = await run()
      .entity("e")
      .create(desired({ exportKey: true }));
    const rotated = await run()
      .entity("e")
      .update(made, desired({ exportKey: true, keyGeneration: 2 }));
    expect(rotated["key"]).not.toBe(made["key"]);
    const use = (key: unknown) =>
      on(
        "mon1",
        "umask 077; k=$(mktemp); cat >$k; rbd -n client.h5-e -k $k ls h5-a; c=$?; rm -f $k; exit $c",
        `[client.h5-e]\n\tkey = ${String(key)}\n`,
      );
    await use(rotated["key"]);
    await expect(use(made["key"])).rejects.toThrow(/denied|permitted|auth/i);
    await run().entity("e").remove(rotated);
    expect(await ceph("ceph auth get client.h5-e 2>&1 || true")).toContain("failed to find");
  });

  test("no key is ever in the process list of the admin host", async () => {
    await run().pool("a").create(pool("h5-a"));
    const sampling = on(
      "mon1",
      "for i in $(seq 60); do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'; sleep 0.05; done",
    );
    const one = run();
    let state = await one.entity("e").create(desired({ exportKey: true }));
    const keys = [state["key"]];
    for (const keyGeneration of [2, 3, 4]) {
      state = await one.entity("e").update(state, desired({ exportKey: true, keyGeneration }));
      keys.push(state["key"]);
    }
    const seen = await sampling;
    expect(seen).toContain("mon_allow_pool_delete");
    for (const key of keys) expect(seen).not.toContain(key);
  });
});
