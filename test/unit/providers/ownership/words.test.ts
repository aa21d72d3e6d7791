/** What is said of whose a thing is: what the program says, or what the record shows, and never more. */
import { rmSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { cephPool } from "../../../../providers/ceph-pool/index";
import { directory } from "../../../../providers/directory/index";
import { newSite, type Site } from "../../../support/laws-site";
import { ownerOf, runOf } from "../../../support/run-of";

const sites: Site[] = [];
afterEach(() => sites.splice(0).forEach((site) => site.dispose()));

/** One machine, under two names. */
const LONG = "far1.example.com";

const newPlace = () => {
  const site = newSite();
  sites.push(site);
  const run = () => {
    const { of, said } = runOf({ ...site.machines, [LONG]: { ...site.host, name: LONG } });
    return {
      pool: (name: string) => of(cephPool, ownerOf(name)),
      directory: (name: string, stack?: string) => of(directory, ownerOf(name, stack)),
      said: () => said.join("\n"),
    };
  };
  return {
    run,
    vms: { cluster: { fsid: site.ceph.fsid, admin: site.adminName }, name: "vms", onDelete: "remove" },
    guests: { host: site.hostName, path: site.path("guests") },
  };
};

describe("a delete that leaves a pool says", () => {
  const afterKilled = async (name: string): Promise<string> => {
    const { run, vms } = newPlace();
    const made = await run().pool("vms").create(vms);
    await run().pool(name).create(vms);
    const last = run();
    await last.pool("vms").remove(made);
    return last.said();
  };

  test("whom its record names, where the create of that resource was killed and is in no state", async () => {
    expect(await afterKilled("vms-2")).toContain(
      "pool vms is left: by its record it belongs to vms-2 (X) of stack site/prod",
    );
  });

  test("that its record is another create's, where its own replacement was killed", async () => {
    expect(await afterKilled("vms")).toContain(
      "pool vms is left: by its record it belongs to another create of this resource",
    );
  });
});

describe("a delete that leaves a directory says", () => {
  const onceMore = async (name: string): Promise<string> => {
    const { run, guests } = newPlace();
    const made = await run().directory("guests").create(guests);
    const replacing = run();
    await replacing.directory(name).create({ ...guests, host: LONG });
    await replacing.directory("guests").remove(made);
    return replacing.said();
  };

  test("which resource of the program is to have it", async () => {
    expect(await onceMore("guests-2")).toMatch(/stays: guests-2 \(X\) of stack site\/prod is to have it$/);
  });

  test("that the resource lives on, of whose old half it is", async () => {
    expect(await onceMore("guests")).toMatch(/stays: this resource lives on in the program$/);
  });

  test("that it was there before, and without a record that there is none", async () => {
    const { run, guests } = newPlace();
    await run().directory("first").create(guests);
    const made = await run().directory("guests").create(guests);
    for (const [outs, why] of [
      [{ ...made.outs, onDelete: "keep" }, "it was there before, or is to be kept"],
      [made.outs, "no record says that it is ours"],
    ] as const) {
      const last = run();
      await last.directory("guests").remove({ ...made, outs });
      expect(last.said()).toMatch(new RegExp(`stays: ${why}$`));
    }
  });
});

test("what a person removed, and a refresh of its stack forgot, is that stack's by its record alone, and is said so", async () => {
  const { run, guests } = newPlace();
  const made = await run().directory("guests", "site/one").create(guests);
  rmSync(guests.path, { recursive: true });
  expect(await run().directory("guests", "site/one").refresh(made)).toBeUndefined();
  await expect(run().directory("guests", "site/two").create(guests)).rejects.toThrow(
    /by its record, \S+ on far1 belongs to guests \(X\) of stack site\/one\n.*a refresh has found it gone\): .*takeOverFrom site\/one/,
  );
});
