import { spawnSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { commandLine, type Privilege } from "../../../../providers/remote/shell";
import { received } from "../../../support/received";

const SHELLS = [
  "/bin/sh",
  "/bin/bash",
  "/bin/dash",
  "/usr/bin/tcsh",
  "/bin/csh",
  "/usr/bin/fish",
  "/usr/bin/zsh",
  "/usr/bin/busybox sh",
];

const TRICKY = [
  "",
  " ",
  "a b",
  "it's",
  'say "x"',
  "\\",
  "\\n",
  "\\0101",
  "!!",
  "!x",
  "new\nline\n\n",
  "\t",
  "é€😀",
  "*",
  "~",
  "$HOME",
  "`id`",
  "$(id)",
  "-n",
  "--",
  "{a,b}",
  "^a",
  "#c",
  "%s",
  "%b",
  "a;b&c|d",
  "<>",
  "[x]",
  "?",
];

/** Prints its name and arguments, copies its input, and has every character that a login shell might touch. */
const TEXT = `printf '<%s>' "$0" "$@"
cat # it's "quoted" \\ and !bang é
echo 'err \\!' >&2
exit 7
`;

const run = (shell: string, text: string, prelude = "") => {
  const { line, marker } = commandLine({ text, name: "the name", args: TRICKY }, "as-login");
  const [command = "", ...flags] = shell.split(" ");
  const result = spawnSync(command, [...flags, "-c", prelude + line], { input: "in\nput" });
  return { result, marker };
};

const wanted = `${["the name", ...TRICKY].map((word) => `<${word}>`).join("")}in\nput`;

describe.each(SHELLS)("under %s", (shell) => {
  const there = spawnSync(shell.split(" ")[0] ?? "", ["-c", "true"]).error === undefined ? test : test.skip;

  there.each([0, 4_000, 30_000])(
    "a program with %d bytes more gets its name, arguments and input as they are",
    (more) => {
      const filler = `# ${"x".repeat(77)}\n`.repeat(Math.ceil(more / 80));
      const { result, marker } = run(shell, filler + TEXT);
      expect(result.stdout.toString("utf8")).toBe(`${marker}\n${wanted}`);
      expect(result.stderr.toString("utf8")).toBe(`${marker}\nerr \\!\n`);
      expect(result.status).toBe(7);
    },
  );

  there("what a profile prints comes before the marker", () => {
    const { result, marker } = run(shell, TEXT, "echo hello from the profile; ");
    expect(result.stdout.toString("utf8")).toBe(`hello from the profile\n${marker}\n${wanted}`);
  });
});

describe.each(["/bin/sh", "/usr/bin/tcsh", "/usr/bin/fish"])("under %s", (shell) => {
  const there = spawnSync(shell, ["-c", "true"]).error === undefined ? test : test.skip;
  const words = fc.array(
    fc.string({ unit: "binary", maxLength: 40 }).map((word) => word.replaceAll("\0", "")),
    { maxLength: 20 },
  );

  there("any arguments come through", () => {
    fc.assert(
      fc.property(words, (args) => {
        const { line, marker } = commandLine(
          { text: 'printf "%s\\0" "$@"', name: "n", args: ["-", ...args] },
          "as-login",
        );
        const { stdout } = spawnSync(shell, ["-c", line]);
        const sent = ["-", ...args].map((word) => Buffer.from(word).toString("utf8"));
        expect(stdout.toString("utf8")).toBe(`${marker}\n${sent.map((word) => `${word}\0`).join("")}`);
      }),
      { numRuns: 12, seed: 20_260 },
    );
  });
});

describe("a command line", () => {
  test("has one line of printable ASCII without anything that a shell touches inside single quotes", () => {
    const { line } = commandLine({ text: TEXT, name: "n", args: TRICKY }, "sudo");
    expect(line).toMatch(/^[ -~]*$/);
    const quoted = line.split("'").filter((_part, index) => index % 2 === 1);
    // A backslash stands only before an octal number: fish knows \\ and \' inside quotes, csh knows !.
    for (const part of quoted) expect(part.replace(/\\0[0-3][0-7][0-7]/g, "")).not.toMatch(/[\\!']/);
  });

  test.each<Privilege>(["as-login", "sudo", "sudo-password"])(
    "is taken apart by the test's far end: %s",
    (privilege) => {
      const { line, marker } = commandLine({ text: TEXT, name: "n m", args: TRICKY }, privilege);
      expect(received(line)).toEqual({ line, marker, privilege, name: "n m", args: TRICKY, text: TEXT });
    },
  );

  test("has another marker every time", () => {
    const words = { text: ":", name: "n", args: [] };
    expect(commandLine(words, "sudo").marker).not.toBe(commandLine(words, "sudo").marker);
  });
});
