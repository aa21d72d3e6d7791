import { beforeEach, describe, expect, test } from "@jest/globals";
import { UNKNOWN } from "../../../../providers/kernel/json.js";
import { newSurroundings } from "../../../../providers/kernel/surroundings.js";
import { verbs } from "../../../../providers/kernel/verbs.js";
import { newWorld, thing, type World } from "../../../support/memory-artifact.js";

const owner = (name: string) => `proj/dev::pulumi-nodejs:dynamic/ceph-openstack:Thing::${name}`;
const hidden = (name = "a") => ({ __owner: owner(name), __provider: "stub" });

let world: World;
let said: string[];
const provider = (env: NodeJS.ProcessEnv = {}) =>
  verbs(
    thing(world),
    newSurroundings({
      env,
      say: (line) => said.push(line),
      connect: () => ({ machine: () => never(), web: () => never(), close: async () => {} }),
    }),
  );
const never = (): never => {
  throw new Error("a machine was asked for");
};

beforeEach(() => {
  world = newWorld();
  said = [];
});

/** What the engine does in an `up` of a new resource. */
const up = async (
  p: ReturnType<typeof provider>,
  inputs: Record<string, unknown>,
  olds: Record<string, unknown> = {},
) => {
  const { inputs: news, failures = [] } = await p.check(olds, { ...hidden(), ...inputs });
  if (failures.length > 0) throw new Error(failures.map((f: { reason: string }) => f.reason).join());
  return { news, ...(await p.create(news)) };
};

describe("create", () => {
  test("outputs echo every checked input, policy and hidden ones included, and facts", async () => {
    const { id, outs } = await up(provider(), { name: "disk", onDelete: "keep" });
    expect(id).toBe("memory/disk");
    const kept = { ...hidden(), __token: expect.stringMatching(/^[0-9a-f]{16}$/) };
    expect(outs).toEqual({ name: "disk", size: 3, onDelete: "keep", origin: "created", ...kept });
  });

  test("then diff is empty, also with keys in another order", async () => {
    const p = provider();
    const { id, outs, news } = await up(p, { name: "disk", size: 4 });
    expect(
      await p.diff(id, outs, Object.fromEntries(Object.entries(news as Record<string, unknown>).reverse())),
    ).toEqual({
      changes: false,
    });
  });

  test("of what is already right writes nothing", async () => {
    world.things.set("disk", { size: 3 });
    await up(provider(), { name: "disk" });
    expect(world.writes).toBe(0);
  });

  test("that fails before anything is there throws plainly: nothing goes into state", async () => {
    world.fail = { when: "before", code: "command" };
    const failed = await up(provider(), { name: "disk" }).catch((e: unknown) => e);
    expect(failed).toMatchObject({ message: expect.stringContaining("thing disk on host cmp7") });
    expect(failed).not.toHaveProperty("id");
  });

  test("that fails half-way records id, the whole message as reason, and what is there", async () => {
    world.fail = { when: "after", code: "cut" };
    const failed = await up(provider(), { name: "disk", onDelete: "remove" }).catch((e: unknown) => e);
    expect(failed).toMatchObject({
      id: "memory/disk",
      reasons: [expect.stringContaining("failed by the test (cut)")],
      properties: { size: 3, onDelete: "remove", __failed: true, __creating: true, ...hidden() },
    });
  });
});

describe("update", () => {
  test("after a half-way failure looks again although nothing differs, and clears the mark", async () => {
    const p = provider();
    const { id, outs, news } = await up(p, { name: "disk" });
    const failed = { ...outs, __failed: true };
    expect(await p.diff(id, failed, news)).toEqual({ changes: true });
    const looks = world.looks;
    const { outs: after } = await p.update(id, failed, news);
    expect(world.looks).toBeGreaterThan(looks);
    expect(after).not.toHaveProperty("__failed");
  });

  test("of policy alone looks at nothing and keeps the facts", async () => {
    const p = provider();
    const { id, outs, news } = await up(p, { name: "disk" });
    const looks = world.looks;
    const { outs: after } = await p.update(id, outs, { ...news, onDelete: "keep" });
    expect(world.looks).toBe(looks);
    expect(after).toEqual({ ...outs, onDelete: "keep" });
  });

  test("that drops a policy field echoes that it is gone", async () => {
    const p = provider();
    const { id, outs, news } = await up(p, { name: "disk", onDelete: "keep" });
    const { onDelete: _dropped, ...rest } = news;
    expect(await p.diff(id, outs, rest)).not.toEqual({ changes: false });
    expect((await p.update(id, outs, rest)).outs).not.toHaveProperty("onDelete");
  });

  test("that fails keeps the policy of the last success", async () => {
    const p = provider();
    const { id, outs, news } = await up(p, { name: "disk" });
    world.fail = { when: "after", code: "timeout" };
    const failed = await p
      .update(id, outs, { ...news, size: 5, onDelete: "remove" })
      .catch((e: unknown) => e);
    expect(failed).toMatchObject({ id, properties: { size: 5, origin: "created" } });
    expect((failed as { properties: object }).properties).not.toHaveProperty("onDelete");
  });
});

describe("diff", () => {
  test("a changed identity replaces, a changed size does not, an unknown identity does not", async () => {
    const p = provider();
    const { id, outs, news } = await up(p, { name: "disk" });
    expect(await p.diff(id, outs, { ...news, name: "other" })).toEqual({ replaces: ["name"] });
    expect(await p.diff(id, outs, { ...news, size: 9 })).toEqual({ replaces: [] });
    expect(await p.diff(id, outs, { ...news, name: UNKNOWN })).toEqual({ replaces: [] });
  });

  test("hidden inputs are passed over", async () => {
    const p = provider();
    const { id, outs, news } = await up(p, { name: "disk" });
    expect(await p.diff(id, outs, { ...news, __owner: owner("renamed") })).toEqual({ changes: false });
  });
});

describe("read", () => {
  test("shows drift in outputs and inputs alike", async () => {
    const p = provider();
    const { id, outs } = await up(p, { name: "disk", colour: "red" });
    world.things.set("disk", { size: 9 });
    const found = await p.read(id, outs);
    expect(found.props).toMatchObject({ size: 9, ...hidden() });
    expect(found.props).not.toHaveProperty("colour");
    expect(found.inputs).toEqual({ name: "disk", size: 9, ...hidden() });
  });

  test("of what is gone says so", async () => {
    const p = provider();
    const { id, outs } = await up(p, { name: "disk" });
    world.things.clear();
    expect(await p.read(id, outs)).toEqual({});
  });

  test("never takes an unreachable host for absence", async () => {
    const p = provider();
    const { id, outs } = await up(p, { name: "disk" });
    world.blind = "unreachable";
    await expect(p.read(id, outs)).rejects.toThrow("thing disk on host cmp7");
  });

  test("of an unreachable host keeps what was recorded, and says so, when told to", async () => {
    const p = provider({ CEPH_OPENSTACK_UNREACHABLE_ON_REFRESH: "keep" });
    const { id, outs } = await up(p, { name: "disk" });
    world.blind = "unreachable";
    expect((await p.read(id, outs)).props).toEqual(outs);
    expect(said.join()).toContain("kept what was recorded");
  });
});

describe("delete", () => {
  test("removes, twice without an error", async () => {
    const p = provider();
    const { id, outs } = await up(p, { name: "disk" });
    const later = provider();
    await later.delete(id, outs);
    await later.delete(id, outs);
    expect(world.things.size).toBe(0);
  });

  test("of a renamed resource hands over: the thing stays", async () => {
    const first = provider();
    const { id, outs } = await up(first, { name: "disk" });
    const p = provider();
    const { inputs } = await p.check({}, { ...hidden("renamed"), name: "disk" });
    await p.create(inputs);
    await p.delete(id, outs);
    expect(world.things.has("disk")).toBe(true);
  });

  test("that is the second half of a replacement hands over", async () => {
    const p = provider();
    const { id, outs, news } = await up(p, { name: "disk" });
    await p.create(news);
    await p.delete(id, outs);
    expect(world.things.has("disk")).toBe(true);
  });

  test("goes on past an unreachable host only where it is named", async () => {
    const { id, outs } = await up(provider(), { name: "disk" });
    world.blind = "unreachable";
    await expect(provider().delete(id, outs)).rejects.toThrow("cmp7");
    await expect(
      provider({ CEPH_OPENSTACK_UNREACHABLE_ON_DELETE: "forget:cmp8" }).delete(id, outs),
    ).rejects.toThrow("cmp7");
    await provider({ CEPH_OPENSTACK_UNREACHABLE_ON_DELETE: "forget:cmp7" }).delete(id, outs);
    expect(said.join()).toContain("stays there");
  });
});

describe("check", () => {
  test("two living owners of one thing fail, naming both", async () => {
    const p = provider();
    await p.check({}, { ...hidden("first"), name: "disk" });
    const { failures } = await p.check({}, { ...hidden("second"), name: "disk" });
    expect(failures).toEqual([{ property: "", reason: expect.stringMatching(/thing disk .*first.*second/) }]);
  });

  test("an unknown name claims nothing and stays unknown", async () => {
    const p = provider();
    const { inputs, failures } = await p.check({}, { ...hidden(), name: UNKNOWN });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ name: UNKNOWN });
  });
});

describe("the configuration", () => {
  test("is judged in check, with the value: an explicit provider's may be known only there", async () => {
    const { failures } = await provider({ CEPH_OPENSTACK_BECOME: "maybe" }).check(
      {},
      { ...hidden(), name: "a" },
    );
    expect(failures).toEqual([{ property: "", reason: expect.stringContaining('is "maybe", but must be') }]);
  });

  test.each(["read", "delete"] as const)("of the last up is named where it fails in a %s", async (verb) => {
    const { id, outs } = await up(provider(), { name: "disk", onDelete: "remove" });
    const p = provider();
    world.blind = "authentication";
    const failed = await (verb === "read" ? p.read(id, outs) : p.delete(id, outs)).catch((e: unknown) => e);
    expect(failed).toMatchObject({
      message: expect.stringContaining("the configuration of the last one counts"),
    });
  });
});
