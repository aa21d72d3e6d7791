import { describe, expect, test } from "@jest/globals";
import { newClaims } from "../../../../providers/ownership/claims.js";

const pool = { thing: "pool vms" };
const file = (host: string) => ({ thing: `/etc/x on ${host}`, at: { host, path: "/etc/x", part: "" } });

describe("claims", () => {
  test("two living owners of one thing: the second learns of the first", () => {
    const claims = newClaims();
    expect(claims.claim(pool, "a")).toBeUndefined();
    expect(claims.claim(pool, "b")).toBe("a");
    expect(claims.claim(pool, "a")).toBeUndefined();
    expect(claims.holder("pool vms")).toBe("a");
  });

  test("what nobody has claimed in this run has no holder", () => {
    expect(newClaims().holder("pool vms")).toBeUndefined();
  });

  test("where a living owner has its things is known by what of a file is meant", () => {
    const claims = newClaims();
    claims.claim(file("ctl1"), "a");
    claims.claim(pool, "a");
    expect(claims.livingOn("a", "")).toEqual([file("ctl1")]);
    expect(claims.livingOn("a", "option x of [y]")).toEqual([]);
    expect(claims.livingOn("b", "")).toEqual([]);
  });

  test("the first who is found at a place stays there", () => {
    const claims = newClaims();
    const [a, b] = ["a", "b"].map((owner) => ({ owner, thing: `/etc/x on ${owner}` }));
    if (a === undefined || b === undefined) throw new Error("two");
    expect(claims.settle("spot", a)).toBe(a);
    expect(claims.settle("spot", b)).toBe(a);
    expect(claims.at("spot")).toBe(a);
    expect(claims.at("elsewhere")).toBeUndefined();
  });
});
