import { beforeEach, describe, expect, test } from "@jest/globals";
import { cephErasureCodeProfile } from "../../../../providers/ceph-erasure-code-profile/index";
import { ownerOf, runOf } from "../../../support/run-of";
import { full, profileSite } from "../../../support/profile-site";
import { failure } from "../../../support/failure";

let { ceph, run, ec, there, record } = profileSite();
const renew = (): void => {
  ({ ceph, run, ec, there, record } = profileSite());
};
beforeEach(renew);

describe("create", () => {
  test("makes the profile of what is given, under Ceph's own keys, and records it first", async () => {
    const { id, outs } = await run().create(ec(full));
    expect(id).toBe(`${ceph.fsid}/erasure-code-profile/ec21`);
    expect(outs).toMatchObject({ ...full, k: 2, m: 1, origin: "created" });
    expect(there()).toMatchObject({
      k: "2",
      m: "1",
      plugin: "jerasure",
      "crush-root": "default",
      "crush-failure-domain": "osd",
      "crush-device-class": "ssd",
      technique: "cauchy_good",
      stripe_unit: "4K",
    });
    expect(ceph.writes().map((order) => order.do === "mon" && order.command.prefix)).toEqual([
      "config-key set",
      "osd erasure-code-profile set",
    ]);
  });

  test("leaves to the cluster what is not given, and never forces", async () => {
    await run().create(ec());
    const [, set] = ceph.writes();
    expect(set).toEqual({
      do: "mon",
      command: { prefix: "osd erasure-code-profile set", name: "ec21", profile: ["k=2", "m=1"] },
    });
  });

  test("then nothing is left to do: diff is empty and a second update writes nothing", async () => {
    const made = await run().create(ec(full));
    expect((await run().diff(made, ec(full))).changes).toBe(false);
    const before = ceph.writes().length;
    await run().update(made, ec(full));
    expect(ceph.writes().length).toBe(before);
  });

  test.each([
    [
      "crushFailureDomain",
      "rak",
      /no kind of place "rak" in the cluster; there are osd, host.*[\s\S]*"rack" meant/,
    ],
    ["crushRoot", "fast", /no root "fast" in the cluster; there is default/],
    ["crushDeviceClass", "nvme", /no device class "nvme" in the cluster; there are hdd, ssd/],
  ])(
    "%s that is nowhere is refused with those that there are, before anything is written",
    async (key, value, said) => {
      expect(await failure(run().create(ec({ [key]: value })))).toMatch(said);
      expect(ceph.writes()).toEqual([]);
    },
  );

  test("what the cluster refuses leaves no record", async () => {
    expect(await failure(run().create(ec({ plugin: "nosuch" })))).toMatch(
      /erasure-code profile ec21 on host mon1: ceph osd erasure-code-profile set ec21 exited 5/,
    );
    expect([record(), there()]).toEqual([undefined, undefined]);
  });

  test.each([1, 2].flatMap((at) => [[at, "before"] as const, [at, "after"] as const]))(
    "cut at write %d (%s it is done), the next run ends as an undisturbed one",
    async (at, when) => {
      await run().create(ec());
      const wanted = there();
      renew();
      // A look at the profile and one at the records go before, and one at the records again.
      ceph.cut = { at: at + 2, when };
      expect(await failure(run().create(ec()))).toContain("the connection was lost");
      ceph.cut = undefined;
      expect((await run().create(ec())).outs["origin"]).toBe("created");
      expect(there()).toEqual(wanted);
      expect(JSON.parse(record() ?? "{}")).toMatchObject({ origin: "created" });
    },
  );
});

describe("a profile that is there", () => {
  const byHand = { k: "02", m: "+1", plugin: "jerasure", technique: "reed_sol_van", stripe_unit: "4K" };

  test("and has the values given is adopted, whatever else it has, and nothing is written", async () => {
    ceph.profiles.set("ec21", byHand);
    const desired = ec({ crushFailureDomain: "host", crushDeviceClass: "", options: { stripe_unit: 4096 } });
    const { outs } = await run().create(desired);
    expect(outs).toMatchObject({ origin: "adopted", k: 2, m: 1, options: { stripe_unit: "4096" } });
    expect(ceph.writes()).toEqual([]);
  });

  test("and differs is a conflict that names each difference and the way, which is no overwriting", async () => {
    ceph.profiles.set("ec21", { ...byHand, k: "4" });
    const said = await failure(run().create(ec({ plugin: "isa" })));
    expect(said).toMatch(/plugin: "jerasure" there, "isa" desired; k: 4 there, 2 desired/);
    expect(said).toContain("take another name");
    expect(said).not.toContain("overwrite");
    expect(there()).toEqual({ ...byHand, k: "4" });
    expect(ceph.writes()).toEqual([]);
  });

  test('is refused with adopt "never"; one that is not there is made', async () => {
    expect((await run().create(ec({ adopt: "never" }))).outs["origin"]).toBe("created");
    renew();
    ceph.profiles.set("ec21", byHand);
    expect(await failure(run().create(ec({ adopt: "never" })))).toContain('adopt is "never"');
  });

  test('is wanted by adopt "only": without one none is made, and those that there are are named', async () => {
    expect(await failure(run().create(ec({ adopt: "only" })))).toContain(
      'there is no erasure-code profile ec21 in the cluster, and it is to be there (adopt: "only"); there are default',
    );
    expect(ceph.writes()).toEqual([]);
  });

  test("of another stack is refused by name, with the cure", async () => {
    await run("ec", "site/old").create(ec());
    expect(await failure(run().create(ec()))).toMatch(
      /belongs to ec .* of stack site\/old[\s\S]*takeOverFrom site\/old/,
    );
  });

  test("two resources of one program cannot own one profile", async () => {
    const program = runOf({ mon1: ceph.machine });
    await program.of(cephErasureCodeProfile, ownerOf("one")).check(ec());
    const [said] = await program.of(cephErasureCodeProfile, ownerOf("two")).problems(ec());
    expect(said).toContain("erasure-code profile ec21 of cluster");
  });
});
