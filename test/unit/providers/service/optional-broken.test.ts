import { describe, expect, test } from "@jest/globals";
import { plainProps } from "../../../../providers/kernel/json";
import { optionalSite as site, UNIT } from "../../../support/optional-service";
import type { Resource } from "../../../support/run-of";

describe("an optional unit that our own restart has broken", () => {
  /** As state is after a run that has failed. */
  const leftBy = async (work: Promise<unknown>): Promise<Resource> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof Error) || !("properties" in error) || !("id" in error))
      throw new Error("it did not fail half-way");
    return {
      id: String(error.id),
      outs: plainProps(Object.fromEntries(Object.entries(error.properties ?? {}))),
    };
  };

  const broken = async () => {
    const one = site();
    one.systemctl.unit(UNIT);
    const { made } = await one.created();
    one.systemctl.fails(UNIT);
    one.write("[ceph]\nrbd_user = other\n");
    return { ...one, left: await leftBy(one.of().update(made, one.inputs(one.other))) };
  };

  test("is not walked past by the next run: what comes after it is not touched", async () => {
    const { of, inputs, other, left } = await broken();
    expect((await of().diff(left, inputs(other))).changes).not.toBe(false);
    await expect(of().update(left, inputs(other))).rejects.toThrow(/it has failed/);
    const seen = await of().refresh(left);
    await expect(of().update(seen ?? left, inputs(other))).rejects.toThrow(/it has failed/);
  });

  test("is not one that was not well before, whatever else changes", async () => {
    const { of, inputs, left, write } = await broken();
    write("[ceph]\nrbd_user = third\n");
    const third = { triggers: { "[ceph] rbd_user": "third" } };
    await expect(of().update(left, inputs(third))).rejects.toThrow(/it has failed/);
  });

  test("is broken by the first run of all, too", async () => {
    const { of, inputs, systemctl, write } = site();
    systemctl.unit(UNIT);
    systemctl.fails(UNIT);
    write("[ceph]\nrbd_user = other\n");
    const left = await leftBy(of().create(inputs()));
    await expect(of().update(left, inputs())).rejects.toThrow(/it has failed/);
  });

  test("is restarted once what was wrong is mended, and left where somebody restarted it", async () => {
    const { of, inputs, other, left, systemctl } = await broken();
    systemctl.fails(UNIT, false);
    const after = await of().update(left, inputs(other));
    expect([systemctl.state(UNIT), after.outs["__failed"]]).toEqual(["active 3 enabled", undefined]);
    await of().update(left, inputs(other));
    expect(systemctl.runs(UNIT)).toBe(3);
  });
});
