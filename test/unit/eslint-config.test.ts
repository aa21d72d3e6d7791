/** The lint itself is linted: a house in miniature (test/lint/fixtures) with one bad file per rule, and good ones beside them. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { execFile } from "node:child_process";
import { join, relative } from "node:path";

const root = join(__dirname, "..", "..");
const fixtures = join("test", "lint", "fixtures");

interface Finding {
  readonly ruleId: string | null;
  readonly message: string;
}

/** ESLint's findings by file. Its program is run, because Jest cannot load a configuration that is an ES module. */
const lint = (): Promise<Map<string, readonly Finding[]>> =>
  new Promise((resolve, reject) => {
    const eslint = join(root, "node_modules", "eslint", "bin", "eslint.js");
    const args = [eslint, "--no-ignore", "--format", "json", fixtures];
    execFile(process.execPath, args, { cwd: root, maxBuffer: 1e8 }, (_error, stdout, stderr) => {
      if (stdout === "") return reject(new Error(stderr));
      const files: { filePath: string; messages: Finding[] }[] = JSON.parse(stdout);
      resolve(
        new Map(files.map(({ filePath, messages }) => [relative(join(root, fixtures), filePath), messages])),
      );
    });
  });

let found: Map<string, readonly Finding[]>;
beforeAll(async () => {
  found = await lint();
}, 120_000);

const ours = (name: string) => `@typescript-eslint/${name}`;
const findings = (file: string) => found.get(file)?.map(({ ruleId, message }) => ({ ruleId, message }));

describe("a rule finds its bad file, and nothing else in it", () => {
  test.each([
    ["any", ours("no-explicit-any")],
    ["an assertion that changes nothing", ours("no-unnecessary-type-assertion")],
    ["an assertion that silences the compiler", ours("no-unsafe-type-assertion")],
    ["a promise that nobody waits for", ours("no-floating-promises")],
    ["a file of 251 lines", "max-lines"],
    ["a function of 41 lines", "max-lines-per-function"],
    ["a function of 11 ways", "complexity"],
    ["a function of four parameters", "max-params"],
  ])("%s: %s", (_, rule) => {
    const rules = findings(join("rules", `${rule.replace(ours(""), "")}.ts`))?.map(({ ruleId }) => ruleId);
    expect(rules).toEqual([rule]);
  });

  test("an Output in a string: by two rules, of which one also finds it outside a template", () => {
    const rules = findings("rules/restrict-template-expressions.ts")?.map(({ ruleId }) => ruleId);
    expect(rules).toEqual([ours("no-base-to-string"), ours("restrict-template-expressions")]);
  });
});

describe("imports point down only", () => {
  test.each([
    ["provider.ts", "never imports the public surface"],
    ["components/imports-kernel.ts", "components use the resource classes"],
    ["components/imports-package.ts", "nothing but resource classes and @pulumi"],
    ["examples/imports-source/index.ts", "imports the package by its name"],
    ["providers/pool/imports-artifact.ts", "never imports another artifact"],
    ["providers/pool/imports-component.ts", "imports point down only"],
    ["providers/pool/imports-package.ts", "clients and formats, not packages"],
    ["providers/pool/imports-remote.ts", "knows the types alone"],
    ["providers/kernel/imports-client.ts", "kernel uses ownership and remote"],
    ["providers/kernel/imports-package.ts", "no package but @pulumi/pulumi"],
    ["providers/ownership/imports-artifact.ts", "ownership uses clients and formats"],
    ["providers/ownership/imports-kernel.ts", "knows the types alone"],
    ["providers/clients/imports-kernel.ts", "knows the types alone"],
    ["providers/clients/imports-artifact.ts", "clients use remote and formats"],
    ["providers/clients/imports-package.ts", "clients import no package"],
    ["providers/formats/imports-remote.ts", "formats are pure text"],
    ["providers/formats/imports-package.ts", "formats are pure text"],
    ["providers/remote/imports-ssh2.ts", "only its own files and node:"],
    ["providers/remote/imports-format.ts", "only its own files and node:"],
  ])("%s is refused: %s", (file, message) => {
    const restricted = { ruleId: ours("no-restricted-imports"), message: expect.stringContaining(message) };
    expect(findings(file)).toEqual([restricted]);
  });

  test("a module fetched at run time does not go round them", () => {
    expect(findings("providers/remote/imports-later.ts")?.map(({ ruleId }) => ruleId)).toEqual([
      "no-restricted-syntax",
    ]);
  });

  test("what the layers allow is not refused", () => {
    const good = [...found.keys()].filter((file) => !/^rules|imports-|^provider\.ts$/.test(file));
    expect(good).toHaveLength(12);
    expect(good.flatMap(findings)).toEqual([]);
  });
});
