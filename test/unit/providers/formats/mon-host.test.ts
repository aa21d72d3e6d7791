import { describe, expect, test } from "@jest/globals";
import { sameMonitors } from "../../../../providers/formats/mon-host";

describe("monitors", () => {
  test.each([
    ["10.0.0.1,10.0.0.2", "10.0.0.2 10.0.0.1"],
    ["[v2:10.0.0.1:3300/0,v1:10.0.0.1:6789/0]", "10.0.0.1"],
    [
      "[v2:10.0.0.1:3300/0,v1:10.0.0.1:6789/0] [v2:10.0.0.2:3300/0,v1:10.0.0.2:6789/0]",
      "10.0.0.1:6789;10.0.0.2",
    ],
    ["[v2:[fd00::1]:3300/0,v1:[fd00::1]:6789/0]", "[fd00::1]"],
    [
      "[v2:[fd00::1]:3300/0,v1:[fd00::1]:6789/0],[v2:[fd00::2]:3300/0,v1:[fd00::2]:6789/0]",
      "[fd00::2], [fd00::1]:6789",
    ],
    ["v1:10.0.0.1:6790/0", "10.0.0.1:6790"],
    ["mon1,mon2", "mon2,mon1"],
  ])("%s are %s", (a, b) => {
    expect(sameMonitors(a, b)).toBe(true);
    expect(sameMonitors(b, a)).toBe(true);
  });

  test.each([
    ["10.0.0.1", "10.0.0.2"],
    ["10.0.0.1", "10.0.0.1,10.0.0.2"],
    ["10.0.0.1:6790", "10.0.0.1"],
    ["[v2:[fd00::1]:3300/0]", "[fd00::2]"],
    ["", "10.0.0.1"],
  ])("%j are not %j", (a, b) => {
    expect(sameMonitors(a, b)).toBe(false);
    expect(sameMonitors(b, a)).toBe(false);
  });
});
