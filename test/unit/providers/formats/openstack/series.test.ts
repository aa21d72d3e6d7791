import { expect, test } from "@jest/globals";
import { numberOf, orderOf, parseSeries } from "../../../../../providers/formats/openstack/series";

test.each([
  ["zed", "zed"],
  ["Zed", "zed"],
  [" 2022.2 ", "zed"],
  ["2025.1", "epoxy"],
  ["Caracal", "caracal"],
  ["queens", "queens"],
  ["2018.1", "queens"],
])("%j is the series %s", (text, series) => {
  expect(parseSeries(text)).toBe(series);
});

test.each(["", "pike", "2022", "2022.3", "zed 2022.2", "master", "toString"])("%j is no series", (text) => {
  expect(parseSeries(text)).toBeUndefined();
});

test("a later series has the greater order and number", () => {
  expect(orderOf("zed")).toBeGreaterThan(orderOf("yoga"));
  expect(orderOf("antelope")).toBeGreaterThan(orderOf("zed"));
  expect(numberOf("zed") > numberOf("yoga")).toBe(true);
});
