import { describe, expect, test } from "@jest/globals";
import { newClaims } from "../../../../providers/ownership/claims.js";

describe("claims", () => {
  test("two living owners of one thing: the second learns of the first", () => {
    const claims = newClaims();
    expect(claims.claim("pool vms", "a")).toBeUndefined();
    expect(claims.claim("pool vms", "b")).toBe("a");
    expect(claims.claim("pool vms", "a")).toBeUndefined();
  });

  test("what a renamed resource has claimed is handed over by the old one", () => {
    const claims = newClaims();
    claims.claim("pool vms", "new");
    expect(claims.handedOver("pool vms", "old")).toBe(true);
  });

  test("what nobody has claimed in this run is removed", () => {
    expect(newClaims().handedOver("pool vms", "old")).toBe(false);
  });

  test("a resource that is only deleted after its own check removes; after its own create (--replace) it hands over", () => {
    const claims = newClaims();
    claims.claim("pool vms", "a");
    expect(claims.handedOver("pool vms", "a")).toBe(false);
    claims.created(["pool vms"], "a");
    expect(claims.handedOver("pool vms", "a")).toBe(true);
  });
});
