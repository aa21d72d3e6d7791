/** Small histories that meet faults of `test/support/faults/`: the code as it is keeps every law in them. */
import { expect, test } from "@jest/globals";
import { FAULTS } from "../support/faults/table";
import { WITNESSES } from "../support/faults/witnesses";
import { play } from "../support/histories/play";

test.each(Object.entries(WITNESSES))("not so: %s", async (name, history) => {
  expect(FAULTS.map((fault) => fault.name)).toContain(name);
  expect(await play(history)).toBeUndefined();
});
