import { expect, test } from "@jest/globals";
import { nearest } from "../../../../providers/formats/nearest";

test("the nearest word is none where all are far", () => {
  expect(nearest("rbd", ["sshUser", "become"])).toBeUndefined();
});

test("the nearest word is the one with the fewest letters to exchange, whatever its case", () => {
  expect(nearest("imges_Type", ["images_type", "images_rbd_pool"])).toBe("images_type");
});
