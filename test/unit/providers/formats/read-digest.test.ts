import { expect, test } from "@jest/globals";
import { digestOf } from "../../../../providers/formats/read-digest";

const isSame = (path: string, one: string, other: string): boolean =>
  digestOf({ path }, one) === digestOf({ path }, other);

test.each([
  ["/etc/nginx/nginx.conf", "server { listen 80; }\n", "server { listen 81; }\n"],
  ["/etc/multipath.conf", "defaults {\n find_multipaths yes\n}\n", "defaults {\n find_multipaths no\n}\n"],
  ["/etc/nova/nova.conf", `sha256 ${"a".repeat(64)}  -\n`, `sha256 ${"b".repeat(64)}  -\n`],
])("a change of %s is seen, also where it is no file of options", (path, one, other) => {
  expect(isSame(path, one, other)).toBe(false);
});

test("comments and blanks are no change where it is one", () => {
  expect(isSame("/etc/nova/nova.conf", "[a]\nx = 1\n", "# why\n[a]\n\nx=1\n")).toBe(true);
});
