import { beforeEach, describe, expect, test } from "@jest/globals";
import { fingerprint, newKey } from "../../../../providers/formats/keyring";
import { UNKNOWN } from "../../../../providers/kernel/json";
import { fakeCeph16_2_15, type FakeCeph } from "../../../support/fake-ceph";
import { addPool } from "../../../support/fake-ceph-pools";
import { ownerOf } from "../../../support/run-of";
import { failure } from "../../../support/failure";
import { CINDER, CINDER_CAPS, CINDER_CAPS_KEPT, cinderRuns } from "../../../support/cluster-runs";

let ceph: FakeCeph;
beforeEach(() => {
  ceph = fakeCeph16_2_15();
  addPool(ceph, "volumes");
  addPool(ceph, "images");
});

const { run, cinder, there, record } = cinderRuns(() => ceph);

describe("create", () => {
  test("makes the entity with all caps, and records owner, generation and the key's fingerprint", async () => {
    const { id, outs } = await run().create(cinder());
    expect(id).toBe(`${ceph.fsid}/${CINDER}`);
    expect(there()?.caps).toEqual(CINDER_CAPS_KEPT);
    expect(outs).toMatchObject({
      origin: "created",
      keyGeneration: 1,
      keyFingerprint: fingerprint(there()?.key ?? ""),
    });
    expect(JSON.parse(record() ?? "{}")).toEqual({
      version: 1,
      owner: ownerOf("cinder"),
      token: expect.stringMatching(/^[0-9a-f]{16}$/),
      origin: "created",
      generation: 1,
      fingerprint: outs["keyFingerprint"],
    });
  });

  test("the key is in no output and no record, unless the program asks for it", async () => {
    const { outs } = await run().create(cinder());
    const key = there()?.key ?? "no key";
    expect(JSON.stringify([outs, [...ceph.records]])).not.toContain(key);
    expect((await run().create(cinder({ exportKey: true }))).outs["key"]).toBe(key);
  });

  test.each([
    ["another order", { ...CINDER_CAPS, osd: "profile rbd-read-only pool=images, profile rbd pool=volumes" }],
    [
      "other spacing and quoting",
      { ...CINDER_CAPS, mon: "  profile   rbd ", mgr: "profile 'rbd' pool = volumes" },
    ],
  ])("caps in %s are no difference", async (_how, same) => {
    const made = await run().create(cinder());
    expect((await run().diff(made, cinder({ caps: same }))).changes).toBe(false);
  });

  test("an entity that is there and as desired is adopted without a write", async () => {
    ceph.entities.set(CINDER, {
      key: newKey(),
      caps: { ...CINDER_CAPS_KEPT, osd: "profile rbd-read-only pool=images,profile rbd pool=volumes" },
    });
    expect((await run().create(cinder({ keyGeneration: 3 }))).outs).toMatchObject({
      origin: "adopted",
      keyGeneration: 3,
    });
    expect(ceph.writes()).toEqual([]);
  });

  test("an entity with other caps is a conflict, and its key and caps stay", async () => {
    const foreign = { key: newKey(), caps: { mon: "allow r" } };
    ceph.entities.set(CINDER, { ...foreign });
    expect(await failure(run().create(cinder()))).toMatch(/is there already and differs: caps/);
    expect(there()).toEqual(foreign);
  });

  test('with adopt "never" it makes one that is not there, and refuses one that is', async () => {
    expect((await run().create(cinder({ adopt: "never" }))).outs).toMatchObject({ origin: "created" });
    ceph.records.clear();
    expect(await failure(run().create(cinder({ adopt: "never" })))).toContain('adopt is "never"');
  });

  test('adopt "overwrite" replaces the whole set of caps and leaves the key alone', async () => {
    const key = newKey();
    ceph.entities.set(CINDER, { key, caps: { mon: "allow r", mds: "allow *" } });
    await run().create(cinder({ adopt: "overwrite" }));
    expect(there()).toEqual({ key, caps: CINDER_CAPS_KEPT });
  });

  test("a pool in caps that does not exist is an error with the cure, before anything is written", async () => {
    const bad = cinder({ caps: { mon: "profile rbd", osd: "profile rbd pool=volums" } });
    expect(await failure(run().create(bad))).toMatch(/"volums"[\s\S]*pool\.name/);
    expect(ceph.writes()).toEqual([]);
  });

  test("another stack's entity is refused, naming it", async () => {
    await run("cinder", "site/old").create(cinder());
    expect(await failure(run().create(cinder()))).toMatch(/stack site\/old[\s\S]*takeOverFrom/);
  });

  test.each([1, 2, 3, 4].flatMap((at) => [[at, "before"] as const, [at, "after"] as const]))(
    "cut at order %d of a create (%s it is done), the next run completes what is its own",
    async (at, when) => {
      ceph.cut = { at: at + 3, when };
      await failure(run().create(cinder()));
      ceph.cut = undefined;
      const { outs } = await run().create(cinder());
      expect(there()?.caps).toEqual(CINDER_CAPS_KEPT);
      expect(outs).toMatchObject({ origin: "created", keyState: "as recorded" });
      expect(record()).toContain(fingerprint(there()?.key ?? ""));
    },
  );
});

describe("caps in a preview", () => {
  test("a clause that came is one key, and no other clause is named", async () => {
    const made = await run().create(cinder());
    const { news } = await run().diff(
      made,
      cinder({ caps: { ...CINDER_CAPS, osd: [...CINDER_CAPS.osd, "profile rbd pool=vms"] } }),
    );
    expect(made.outs["caps"]).toMatchObject({
      osd: {
        "pool=volumes": "profile rbd pool=volumes",
        "pool=images": "profile rbd-read-only pool=images",
      },
    });
    expect(news["caps"]).toMatchObject({
      osd: {
        "pool=volumes": "profile rbd pool=volumes",
        "pool=images": "profile rbd-read-only pool=images",
        "pool=vms": "profile rbd pool=vms",
      },
    });
  });

  test("caps that are not known yet are unknown for their service alone", async () => {
    const checked = await run().check(
      cinder({ caps: { mon: "profile rbd", osd: ["profile rbd pool=volumes", UNKNOWN] } }),
    );
    expect(checked["caps"]).toEqual({ mon: { "profile rbd": "profile rbd" }, osd: UNKNOWN });
  });
});

describe("update", () => {
  test("of caps sends the whole set and does not touch the key", async () => {
    const made = await run().create(cinder());
    const key = there()?.key;
    await run().update(made, cinder({ caps: { mon: "profile rbd" } }));
    expect(there()).toEqual({ key, caps: { mon: "profile rbd" } });
  });

  test("a service that somebody granted by hand is drift, and taken away", async () => {
    const made = await run().create(cinder());
    const entity = there();
    if (entity !== undefined) entity.caps = { ...entity.caps, mds: "allow *" };
    const read = await run().refresh(made);
    expect(read?.outs["caps"]).toHaveProperty("mds");
    await run().update(read ?? made, cinder());
    expect(there()?.caps).toEqual(CINDER_CAPS_KEPT);
  });
});

describe("check", () => {
  test.each([
    [{ entity: "cinder" }, /entity.*"client\."/],
    [{ caps: {} }, /grant something/],
    [{ caps: { mon: "bogus" } }, /mon/],
    [{ caps: { mon: "profile rbdd" } }, /rbdd[\s\S]*allowUnknownProfiles/],
    [{ caps: { mon: [] } }, /caps/],
    [{ keyGeneration: 0 }, /keyGeneration/],
  ])("%j is refused, and nothing is touched", async (bad, reason) => {
    expect((await run().problems(cinder(bad))).join("\n")).toMatch(reason);
    expect(ceph.opened).toBe(0);
  });

  test("an unknown profile passes with allowUnknownProfiles", async () => {
    expect(
      await run().problems(cinder({ caps: { mon: "profile new-in-ceph-30" }, allowUnknownProfiles: true })),
    ).toEqual([]);
  });

  test("another entity is a replacement, and starts with any generation", async () => {
    const made = await run().create(cinder({ keyGeneration: 4 }));
    const { replaces } = await run().diff(made, cinder({ entity: "client.cinder2", keyGeneration: 1 }));
    expect(replaces).toEqual(["entity"]);
  });
});

describe("delete", () => {
  test("removes an entity that we made, and its record, and succeeds when it is gone", async () => {
    const made = await run().create(cinder());
    await run().remove(made);
    expect([ceph.entities.size, ceph.records.size]).toEqual([0, 0]);
    await run().remove(made);
  });

  test("leaves an adopted entity and says so; an explicit remove removes it", async () => {
    ceph.entities.set(CINDER, { key: newKey(), caps: { ...CINDER_CAPS_KEPT } });
    const made = await run().create(cinder());
    const last = run();
    await last.remove(made);
    expect(there()).toBeDefined();
    expect(last.said.join()).toContain("stays");
    const explicit = await run().update(made, cinder({ onDelete: "remove" }));
    await run().remove(explicit);
    expect(there()).toBeUndefined();
  });

  test("after a logical rename the entity and its key stay with the new resource", async () => {
    const made = await run("old").create(cinder());
    const key = there()?.key;
    await run("new").create(cinder());
    await run("old").remove(made);
    expect(there()?.key).toBe(key);
    expect(record()).toContain("::new");
  });
});
