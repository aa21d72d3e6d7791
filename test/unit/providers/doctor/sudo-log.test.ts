/** What the doctor tells of sudo's log of input and output. The texts are those of sudo 1.9.16, of `sudo -l -U`. */
import { expect, test } from "@jest/globals";
import { keptBySudo } from "../../../../providers/doctor/sudo-log";

const DEFAULTS = "Matching Defaults entries for ops on ctl1:     env_reset, mail_badpass, use_pty";
const RULES = "User ops may run the following commands on ctl1:     (ALL) NOPASSWD:";

test.each([
  ["", "ALL", []],
  [", !compress_io, iolog_dir=/var/log/x", "ALL", []],
  [", log_input, log_output", "ALL", ["log_input, log_output"]],
  [", log_output", "ALL", ["log_output"]],
  [", log_input, log_output, !log_input, !log_output", "ALL", []],
  [", log_input, log_output, !log_input", "ALL", ["log_output"]],
  ["", "LOG_INPUT: ALL", ["log_input"]],
  [", log_input", "NOLOG_INPUT: ALL", []],
])("Defaults%s and %s", (defaults, rule, kept) => {
  const found = keptBySudo(new Map([["sudo", `${DEFAULTS}${defaults}  ${RULES} ${rule} `]]));
  expect(found).toEqual(
    kept.map((names) => expect.stringContaining(`in its log (${names}): \`Defaults:LOGIN !`)),
  );
});

test("a login that is root, or a sudo that tells nothing, is no warning", () => {
  expect(keptBySudo(new Map())).toEqual([]);
});
