/** What sudo's own log of input and output sees, and the line of sudoers that keeps keys out of it: as docs/safety.md says. */
import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "@jest/globals";
import { connectRemote } from "../../providers/remote/index.js";
import { readSettings } from "../../providers/remote/settings.js";
import { site } from "../support/engine.js";
import { execOn } from "../support/sandbox.js";

const HOST = "cmp1";
const LOG = "/var/log/sudo-io-of-a-test";
const FILE = "/etc/sudoers.d/zz-log-of-a-test";
const LOGGING = ["Defaults log_input, log_output, !compress_io", `Defaults iolog_dir=${LOG}`];
const WITHOUT = "Defaults:ops !log_input, !log_output";

const onHost = (script: string, ...args: string[]): Promise<string> =>
  execOn(HOST, "sh", "-c", script, "sh", ...args);

afterAll(() => onHost(`rm -rf ${LOG} ${FILE}`));

const word = (): string => randomBytes(16).toString("hex");

/** Runs a program as root with these lines in sudoers. */
const run = async (lines: readonly string[]) => {
  await onHost(
    `rm -rf ${LOG}; printf '%s\\n' "$@" >${FILE}; chmod 440 ${FILE}; visudo -cf ${FILE} >&2`,
    ...lines,
  );
  const [input, output] = [word(), word()];
  const values: Readonly<Record<string, string>> = { sshConfig: site().sshConfig, sshUser: "ops" };
  const remote = connectRemote(readSettings((key) => values[key], {}));
  try {
    const program = {
      name: "one-key",
      text: `cat >/dev/null; printf %s%s ${output.slice(0, 9)} ${output.slice(9)}`,
    };
    const { stdout } = await remote.machine(HOST).run({ program, stdin: `${input}\n` });
    expect(Buffer.from(stdout).toString("utf8")).toBe(output);
    const told = await remote
      .machine(HOST)
      .run({ program: { name: "told", text: "sudo -n -l" }, become: false });
    return { input, output, told: Buffer.from(told.stdout).toString("utf8") };
  } finally {
    await remote.close();
  }
};

/** Which of what went in and came out stands in the log. sudo writes it out when it ends, and one sudo has run all programs. */
const logged = async (lines: readonly string[]) => {
  const { input, output, told } = await run(lines);
  const found = await onHost(
    `for _ in $(seq 100); do pgrep -x sudo >&2 || break; sleep 0.1; done; grep -rhaF -e "$1" -e "$2" ${LOG} || :`,
    input,
    output,
  );
  return { input: found.includes(input), output: found.includes(output), told };
};

test("log_input and log_output see what a program is given and what it prints, and sudo -l tells of them", async () => {
  const { told, ...seen } = await logged(LOGGING);
  expect(seen).toEqual({ input: true, output: true });
  expect(told).toMatch(/log_input, log_output/);
});

test("with the line of the docs they see neither, and sudo -l tells of that", async () => {
  const { told, ...seen } = await logged([...LOGGING, WITHOUT]);
  expect(seen).toEqual({ input: false, output: false });
  expect(told).toMatch(/!log_input, !log_output/);
});
