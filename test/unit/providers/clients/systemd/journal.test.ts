import { expect, test } from "@jest/globals";
import { journalText } from "../../../../../providers/clients/systemd/journal";

test("a line of any length is shown by its beginning, and takes no time", () => {
  const line = "ab+".repeat(150_000);
  expect(journalText(`first\n${line}\nlast\n`, 2)).toBe(`${line.slice(0, 300)} …\nlast`);
});

test.each([
  ['{"auth": {"adminPass": "hunter2", "name": "vm"}}', '{"auth": {"adminPass": [secret], "name": "vm"}}'],
  ["Authorization: Bearer hunter2.abc", "Authorization: Bearer [secret]"],
  ["X-Auth-Token: gAAAAhunter2", "X-Auth-Token: [secret]"],
  ["password:\nhunter2", "password:\n[secret]"],
  ["mysql+pymysql://nova:hun@ter2@db/nova", "mysql+pymysql://nova:[secret]@db/nova"],
  ["http://[::1]:8774/v2.1 is not there", "http://[::1]:8774/v2.1 is not there"],
])("of %j no secret is left", (said, shown) => {
  expect(journalText(said, 5)).toBe(shown);
});

test("what a terminal would obey is taken out, in seven bits and in eight", () => {
  expect(journalText("\u001b[31mred\u001b[0m \u009b2Jgone \u001b]0;title\u0007", 1)).toBe(
    "red 2Jgone ]0;title",
  );
});
