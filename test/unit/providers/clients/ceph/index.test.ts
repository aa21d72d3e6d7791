import { describe, expect, test } from "@jest/globals";
import { cephOf, newCeph, type CephReach } from "../../../../../providers/clients/ceph/index";
import type { Answer, Door, Order } from "../../../../../providers/clients/ceph/door";
import { newKey } from "../../../../../providers/formats/keyring";
import { redact } from "../../../../../providers/remote/redact";
import { readSettings, type Settings } from "../../../../../providers/remote/settings";
import { fakeCeph16_2_15, type FakeCeph } from "../../../../support/fake-ceph";
import { addPool } from "../../../../support/fake-ceph-pools";
import { failure } from "../../../../support/failure";

const reach = (ceph: FakeCeph, settings: Partial<Settings> = {}): CephReach => {
  const kept = new Map<symbol, unknown>();
  return {
    settings: { ...readSettings(() => undefined, {}), ...settings },
    machine: () => ceph.machine,
    shared<T>(key: symbol, make: () => T): T {
      if (!kept.has(key)) kept.set(key, make());
      return kept.get(key) as T;
    },
  };
};
const client = (ceph: FakeCeph) => cephOf(reach(ceph), { fsid: ceph.fsid, admin: "mon1" });
const looks = (ceph: FakeCeph) =>
  ceph.orders.filter((order) => order.do === "mon" && order.command.prefix === "osd pool ls").length;

/** A client whose every order is answered so. */
const answering = (answer: Partial<Answer>) => {
  const asked: Order[] = [];
  const door: Door = {
    host: "mon1",
    fsid: "f",
    isOpen: () => true,
    ask(order) {
      asked.push(order);
      return Promise.resolve({ code: 0, out: "", text: "", ...answer });
    },
  };
  return { asked, ceph: newCeph("f", () => Promise.resolve(door)) };
};

describe("looks", () => {
  test("that are asked for at the same time are one", async () => {
    const ceph = fakeCeph16_2_15();
    const one = client(ceph);
    await Promise.all(Array.from({ length: 50 }, () => one.pools()));
    expect(looks(ceph)).toBe(1);
  });

  test("after a write of our own are new ones, also where they began before it ended", async () => {
    const ceph = fakeCeph16_2_15();
    const one = client(ceph);
    const [, before] = await Promise.all([
      one.createPool({ prefix: "osd pool create", pool: "vms" }),
      one.pools(),
    ]);
    const after = await one.pools();
    expect(after.map(({ name }) => name)).toEqual(["vms"]);
    expect(before).not.toBe(after);
  });

  test("that failed are not kept", async () => {
    const ceph = fakeCeph16_2_15();
    const one = client(ceph);
    ceph.cut = { at: 1, when: "before" };
    await expect(one.pools()).rejects.toThrow("connection was lost");
    expect(await one.pools()).toEqual([]);
  });
});

describe("absence and failure", () => {
  test("an entity that is not there is undefined", async () => {
    expect(await client(fakeCeph16_2_15()).entity("client.none")).toBeUndefined();
  });

  test.each([1, 5, 13, 22, 110])(
    "any other exit code is an error that names host, command and code (%d)",
    async (code) => {
      const { ceph } = answering({ code, text: "said the cluster" });
      await expect(ceph.entity("client.x")).rejects.toThrow(
        new RegExp(`host mon1: ceph auth get client.x exited ${code}.*said the cluster`),
      );
    },
  );

  test("that the tools of Ceph 14 want a number of placement groups is said with the cure (14.2.21)", async () => {
    const text = "Invalid command: missing required parameter pg_num(<int[0-]>)";
    const { ceph } = answering({ code: 22, text });
    await expect(ceph.createPool({ prefix: "osd pool create", pool: "vms" })).rejects.toThrow(
      /missing required parameter pg_num[^]*set pgNum/,
    );
  });

  test.each([
    "prepare_pool_size: we are in stretch mode but size  does not match!",
    "prepare_pool_size: we are in stretch mode; cannot create EC pools!",
  ])("what a cluster in stretch mode refuses is said with the cure: %s (16.2.15)", async (text) => {
    const { ceph } = answering({ code: 22, text });
    await expect(ceph.createPool({ prefix: "osd pool create", pool: "vms" })).rejects.toThrow(
      /stretch mode[^]*`size` 4/,
    );
  });

  test("a pool for which Ceph finds no rule is told to name one, as the first of a cluster in stretch mode must (16.2.15)", async () => {
    const text = "No suitable CRUSH rule exists, check 'osd pool default crush *' config options";
    const { ceph } = answering({ code: 2, text });
    await expect(ceph.createPool({ prefix: "osd pool create", pool: "vms" })).rejects.toThrow(
      /No suitable CRUSH rule[^]*Name a rule by `crushRule`/,
    );
  });

  test("a connection that was cut while an order ran never counts as absence", async () => {
    const ceph = fakeCeph16_2_15();
    const one = client(ceph);
    await one.pools();
    ceph.cut = { at: 1, when: "after" };
    await expect(one.entity("client.x")).rejects.toThrow("connection was lost");
  });

  test("after a cut the next order opens another conversation", async () => {
    const ceph = fakeCeph16_2_15();
    const one = client(ceph);
    ceph.cut = { at: 1, when: "after" };
    await expect(one.records()).rejects.toThrow();
    await one.records();
    expect(ceph.opened).toBe(2);
  });
});

describe("secrets", () => {
  test("a key that was read is redacted from then on, in base64 of any shape", async () => {
    const ceph = fakeCeph16_2_15();
    const key = newKey();
    ceph.entities.set("client.x", { key, caps: {} });
    expect(await client(ceph).keyOf("client.x", "now")).toBe(key);
    expect(redact(`the key is ${key}.`)).toBe("the key is [secret].");
  });

  test("a keyring goes by input, never among the arguments, and the failure of its import shows nothing of it", async () => {
    const { ceph, asked } = answering({ code: 22, text: "error decoding keyring" });
    const key = newKey();
    const text = await failure(
      ceph.changeEntities({ prefix: "auth import" }, `[client.x]\n\tkey = ${key}\n`),
    );
    expect(text).toContain("ceph auth import exited 22");
    expect(JSON.stringify(asked.map((order) => (order.do === "mon" ? order.command : order)))).not.toContain(
      key,
    );
    expect(text).not.toContain(key);
  });
});

describe("one client", () => {
  test("serves all who name the same cluster and way", () => {
    const ceph = fakeCeph16_2_15();
    const one = reach(ceph);
    const cluster = { fsid: ceph.fsid, admin: "mon1" };
    expect(cephOf(one, { ...cluster })).toBe(cephOf(one, { ...cluster }));
    expect(cephOf(one, { ...cluster, entity: "client.other" })).not.toBe(cephOf(one, cluster));
  });

  test("CEPH_OPENSTACK_ADMIN is refused where there are two clusters: it would send one's orders to the other's host", () => {
    const ceph = fakeCeph16_2_15();
    const one = reach(ceph, { admin: ["mon9"] });
    cephOf(one, { fsid: "a" });
    expect(() => cephOf(one, { fsid: "b" })).toThrow(/several clusters: [ab], [ab]/);
  });

  test("an existing pool is told from one that was made, though both exit with 0", async () => {
    const ceph = fakeCeph16_2_15();
    addPool(ceph, "vms");
    expect(await client(ceph).createPool({ prefix: "osd pool create", pool: "vms" })).toBe(false);
    expect(await client(ceph).createPool({ prefix: "osd pool create", pool: "images" })).toBe(true);
  });
});

test("an answer that is no JSON is an error without a word of it: there may be a key in it", async () => {
  const { ceph } = answering({ out: "[client.x]\n\tkey = AQ-not-a-key\n" });
  const text = await failure(ceph.entity("client.x"));
  expect(text).toContain("no JSON");
  expect(text).not.toContain("AQ");
});
