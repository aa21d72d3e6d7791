import { expect, test } from "@jest/globals";
import { said } from "../../../../../providers/clients/glance/answers";
import { rememberSecret } from "../../../../../providers/remote/redact";

test("a page is told by its text, on one line", () => {
  const body =
    "<html><head><title>404</title></head>\n<body><h1>404 Not Found</h1> No image &quot;a&quot;<br /></body></html>";
  expect(said({ body })).toBe(': No image "a"');
});

test("a page of nothing but open tags is no work for hours", () => {
  expect(said({ body: "<".repeat(1 << 18) })).toMatch(/^: <+…$/);
});

test("a secret at the place where a long answer is cut is not shown by half", () => {
  rememberSecret("a-token-of-keystone");
  const message = `${"x".repeat(290)} a-token-of-keystone`;
  expect(said({ body: JSON.stringify({ message }) })).not.toContain("a-token");
});
