/** Packages that several stacks want: each stays as long as any of them lives, and goes with the last. */
import { describe, expect, test } from "@jest/globals";
import { clientPackages } from "../../../../providers/client-packages/index";
import { packagesSite } from "../../../support/packages-site";
import { ownerOf, type Resource } from "../../../support/run-of";

const ONE = ownerOf("it", "site/one");
const TWO = ownerOf("it", "site/two");

/** One has installed the package, and two wants it too. */
const shared = async () => {
  const site = packagesSite();
  const desired = site.inputs({ onDelete: "remove" });
  const [one, two] = [await site.of(ONE).create(desired), await site.of(TWO).create(desired)];
  const more = site.inputs({ onDelete: "remove", packages: ["ceph-common", "qemu-block-extra"] });
  const takingOver = (stack: string) =>
    site.run({ config: { takeOverFrom: stack } }).of(clientPackages, stack === "site/one" ? TWO : ONE);
  return { ...site, one, two, more, takingOver };
};

describe("a package that two stacks want goes with the one that is left", () => {
  test("where that one has taken over from the stack that installed it", async () => {
    const { apt, host, of, two, more, takingOver } = await shared();
    await of(TWO).remove(await takingOver("site/one").update(two, more));
    expect([apt.installed(), host.records()]).toEqual([[], []]);
  });

  test("where that one has installed it, and taken over from the other", async () => {
    const { apt, host, of, one, more, takingOver } = await shared();
    await of(ONE).remove(await takingOver("site/two").update(one, more));
    expect([apt.installed(), host.records()]).toEqual([[], []]);
  });

  test("where the update that was to take it over was cut", async () => {
    const { apt, host, of, two, more, takingOver } = await shared();
    host.before = (request) => {
      if (request.program.name === "packages-change") throw new Error("cut");
      return request;
    };
    await expect(takingOver("site/one").update(two, more)).rejects.toThrow("cut");
    host.before = (request) => request;
    await of(TWO).remove(two);
    expect([apt.installed(), host.records()]).toEqual([[], []]);
  });
});

describe("a package that two stacks want from their first runs at once", () => {
  /** Two has looked, and before it plans one's create comes in between; what two does then fails where it is optional. */
  const met = async ({ optional = false } = {}) => {
    const site = packagesSite();
    const { apt, host, of, inputs } = site;
    const desired = inputs({ onDelete: "remove" });
    let made: Promise<Resource> | undefined;
    host.before = async (request) => {
      if (request.program.name !== "packages-plan" || made !== undefined) return request;
      made = of(ONE).create(desired);
      await made;
      if (optional) apt.failWith("E: Could not get lock /var/lib/dpkg/lock-frontend");
      return request;
    };
    const two = await of(TWO).create({ ...desired, optional });
    if (optional) apt.failWith("");
    if (made === undefined) throw new Error("two has planned nothing");
    return { ...site, one: await made, two };
  };

  test("and the other found brought, goes with that one", async () => {
    const { apt, host, of, one, two } = await met();
    await of(ONE).remove(one);
    expect(apt.installed()).toEqual(["ceph-common"]);
    await of(TWO).remove(two);
    expect([apt.installed(), host.records()]).toEqual([[], []]);
  });

  test("and one could not install itself, goes with that one", async () => {
    const { apt, host, of, one, two } = await met({ optional: true });
    await of(ONE).remove(one);
    expect(apt.installed()).toEqual(["ceph-common"]);
    await of(TWO).remove(two);
    expect([apt.installed(), host.records()]).toEqual([[], []]);
  });
});
