import { beforeEach, describe, expect, test } from "@jest/globals";
import { fingerprint, newKey } from "../../../../providers/formats/keyring";
import { fakeCeph16_2_15, type FakeCeph } from "../../../support/fake-ceph";
import { addPool } from "../../../support/fake-ceph-pools";
import { type Resource } from "../../../support/run-of";
import { failure } from "../../../support/failure";
import { CINDER, CINDER_CAPS_KEPT, cinderRuns } from "../../../support/cluster-runs";

let ceph: FakeCeph;
beforeEach(() => {
  ceph = fakeCeph16_2_15();
  addPool(ceph, "volumes");
  addPool(ceph, "images");
});

const { run, cinder, there } = cinderRuns(() => ceph);

describe("rotation", () => {
  const rotate = (made: Resource): Promise<Resource> => run().update(made, cinder({ keyGeneration: 2 }));

  test("one generation more gives a fresh key with all caps, in one command, and once", async () => {
    const made = await run().create(cinder());
    const old = there()?.key;
    const rotated = await rotate(made);
    const fresh = there()?.key;
    expect(fresh).not.toBe(old);
    expect(there()?.caps).toEqual(CINDER_CAPS_KEPT);
    await rotate(rotated);
    expect(there()?.key).toBe(fresh);
  });

  test("a preview says in words whom it reaches beside the steps that it shows, and only then", async () => {
    const made = await run().create(cinder());
    const [same, risen] = [run(), run()];
    await same.check(cinder(), made.outs);
    await risen.check(cinder({ keyGeneration: 2 }), made.outs);
    expect(same.said).toEqual([]);
    expect(risen.said.join()).toMatch(
      /client\.cinder gets another key \(keyGeneration 1 to 2\)\. Every keyring file and libvirt secret .* nothing changes/,
    );
  });

  test.each(
    [1, 2, 3, 4].flatMap((at) =>
      (["before", "after"] as const).flatMap((when) => [
        [at, when, "a refresh", true] as const,
        [at, when, "no refresh", false] as const,
      ]),
    ),
  )(
    "cut at order %d (%s it is done), with %s in between, it ends rotated and stays so",
    async (at, when, _how, refreshed) => {
      const made = await run().create(cinder());
      const old = there()?.key;
      ceph.cut = { at: at + 2, when };
      await failure(rotate(made));
      ceph.cut = undefined;
      const state = refreshed ? ((await run().refresh(made)) ?? made) : made;
      const rotated = await rotate(state);
      const fresh = there()?.key;
      expect(fresh).not.toBe(old);
      expect(rotated.outs).toMatchObject({ keyGeneration: 2, keyState: "as recorded" });
      expect(there()?.caps).toEqual(CINDER_CAPS_KEPT);
      await rotate(rotated);
      expect(there()?.key).toBe(fresh);
    },
  );

  test("an adopted entity is rotated by an update, not by its adoption", async () => {
    const key = newKey();
    ceph.entities.set(CINDER, { key, caps: { ...CINDER_CAPS_KEPT } });
    const adopted = await run().create(cinder({ keyGeneration: 5 }));
    expect(there()?.key).toBe(key);
    await run().update(adopted, cinder({ keyGeneration: 6 }));
    expect(there()?.key).not.toBe(key);
  });

  test("a lower generation is refused in check, and in a create by the record", async () => {
    const made = await run().create(cinder({ keyGeneration: 4 }));
    expect((await run().problems(cinder({ keyGeneration: 3 }), made.outs)).join()).toMatch(
      /must be at least 4/,
    );
    expect(await failure(run().create(cinder({ keyGeneration: 3 })))).toMatch(
      /of generation 4; 3 is a lower one/,
    );
  });
});

describe("a key that was changed by hand, or came from a backup", () => {
  const tamper = (): string => {
    const key = newKey();
    const entity = there();
    if (entity !== undefined) entity.key = key;
    return key;
  };

  test("is a difference that a refresh shows, and is recorded and kept", async () => {
    const made = await run().create(cinder());
    const key = tamper();
    const read = await run().refresh(made);
    expect(read?.outs["keyState"]).toBe("another key");
    const repaired = await run().update(read ?? made, cinder());
    expect(there()?.key).toBe(key);
    expect(repaired.outs).toMatchObject({ keyState: "as recorded", keyFingerprint: fingerprint(key) });
    expect((await run().refresh(repaired))?.outs).toEqual(repaired.outs);
  });

  test("is kept where a clause of the caps changes", async () => {
    const made = await run().create(cinder());
    const key = tamper();
    await run().update(made, cinder({ caps: { mon: "profile rbd" } }));
    expect(there()).toEqual({ key, caps: { mon: "profile rbd" } });
  });

  test("is followed by a fresh one only where the generation rises", async () => {
    const made = await run().create(cinder());
    const key = tamper();
    await run().update(made, cinder({ keyGeneration: 2 }));
    expect(there()?.key).not.toBe(key);
  });
});

test("an entity that is gone is not made again by the way: an update refuses, and a create of a refresh makes it", async () => {
  const made = await run().create(cinder());
  ceph.entities.delete(CINDER);
  const changed = cinder({ caps: { mon: "profile rbd" } });
  expect(await failure(run().update(made, changed))).toMatch(/is gone from the cluster[\s\S]*up --refresh/);
  expect(there()).toBeUndefined();
  expect(await run().refresh(made)).toBeUndefined();
  await run().create(changed);
  expect(there()?.caps).toEqual({ mon: "profile rbd" });
});
