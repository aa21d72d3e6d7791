import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { redact, rememberGiven, rememberSecret } from "../../../../providers/remote/redact";

test("a secret that begins with another is taken out whole, whichever was seen first", () => {
  for (const secret of ["hunter2", "hunter2-Prod", "sesame-Dev", "sesame"]) rememberSecret(secret);
  expect(redact("it is hunter2-Prod, not hunter2; or sesame-Dev?")).toBe(
    "it is [secret], not [secret]; or [secret]?",
  );
});

test("what a program gives as a secret is taken out, and the password of an address by itself; a short word stays a word", () => {
  rememberGiven({
    connection: "mysql+pymysql://cinder:pa55word@db/cinder",
    hosts: ["S3cretValue99"],
    user: "cinder",
  });
  expect(redact("invalid literal for int(): 'S3cretValue99'")).toBe("invalid literal for int(): '[secret]'");
  expect(redact("at mysql+pymysql://cinder:pa55word@db/cinder")).toBe("at [secret]");
  expect(redact("Access denied for cinder, pa55word")).toBe("Access denied for cinder, [secret]");
});

test("secrets that overlap leave nothing of either", () => {
  for (const secret of ["left-mid", "mid-right", "secret"]) rememberSecret(secret);
  expect(redact("a left-mid-right b")).toBe("a [secret] b");
  expect(redact("a secret mid-right")).toBe("a [secret] [secret]");
});

test("no text shows a character of a secret that stands in it", () => {
  const secrets = fc.array(fc.string({ unit: fc.constantFrom("Q", "X", "Z"), minLength: 4, maxLength: 7 }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(secrets, (all) => {
      all.forEach(rememberSecret);
      const clean = redact(`before ${all.join("")} after`);
      expect(clean).toMatch(/^before (\[secret\])+ after$/);
    }),
    { numRuns: 200, seed: 7_300 },
  );
});
