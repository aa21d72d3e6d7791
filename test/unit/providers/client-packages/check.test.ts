import { expect, test } from "@jest/globals";
import { clientPackages } from "../../../../providers/client-packages/index";
import { ownerOf, runOf } from "../../../support/run-of";

test("inputs that cannot be meant are refused in words", async () => {
  const of = () => runOf({}).of(clientPackages);
  const problems = (more: object) => of().problems({ host: "ctl1", ...more });
  expect(await problems({})).toEqual([
    expect.stringMatching(/roles.*or packages must be given; roles are rbd-python, ceph-common, qemu-rbd/),
  ]);
  expect((await problems({ roles: ["rbd-pyton"] })).join()).toMatch(/"rbd-python" is near/);
  for (const name of ["ceph-common=16", "ceph-common:i386", "ceph-", "-y", "a b", "ceph*", "./x.deb", ""])
    expect([name, (await problems({ packages: [name] })).join()]).toEqual([
      name,
      expect.stringContaining("the name of a package"),
    ]);
  expect(await problems({ packages: ["g++", "libstdc++6"] })).toEqual([]);
  expect((await problems({ packages: ["ceph-common"], version: "latest" })).join()).toMatch(
    /begins with a digit/,
  );
});

test("two resources with one package of a host are refused, a role and a name of the same too", async () => {
  const program = runOf({});
  await program.of(clientPackages, ownerOf("a")).check({ host: "ctl1", roles: ["rbd-python"] });
  expect(
    await program.of(clientPackages, ownerOf("b")).problems({ host: "ctl1", packages: ["python3-rbd"] }),
  ).toEqual([
    expect.stringMatching(/package python3-rbd on ctl1 is owned by a .* and by b .*one of them has to go/),
  ]);
});
