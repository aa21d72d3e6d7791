import { expect, test } from "@jest/globals";
import { UNKNOWN } from "../../../../providers/kernel/json";
import { newWorld, thing } from "../../../support/memory-artifact";
import { runOf } from "../../../support/run-of";

test("what shows as an update for an identity that is not known yet may be a replacement: said once for all of a kind", async () => {
  const program = runOf({});
  const { check } = program.of(thing(newWorld()));
  const olds = { name: "disk", size: 3 };
  await check({ name: UNKNOWN });
  await check({ name: "disk", size: UNKNOWN }, olds);
  await check({ name: "other" }, olds);
  expect(program.said).toEqual([]);
  for (const colour of ["red", "blue"]) await check({ name: UNKNOWN, colour }, olds);
  expect(program.said).toEqual([
    "ceph-openstack: warning: Thing: name is not known in this preview; where it becomes another, what shows as an update is a replacement, or is refused",
  ]);
});
