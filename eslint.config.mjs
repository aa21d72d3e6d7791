import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** A house in miniature with one bad file per rule: test/unit/eslint-config.test.ts runs these rules on it. */
const fixtures = "test/lint/fixtures";
const at = (...globs) => globs.flatMap((glob) => [glob, `${fixtures}/${glob}`]);

/** `types`: what may still be imported for its types alone. */
const ban = (regex, message, types = false) => ({ regex, message, allowTypeImports: types });

/** One layer of the house: what its files must not import. `regex`, because `group` patterns miss `../`. */
const layer = (files, patterns, but = []) => ({
  files: at(files),
  ignores: at(...but),
  rules: {
    "@typescript-eslint/no-restricted-imports": ["error", { patterns }],
    // A module fetched at run time would go round the layers.
    "no-restricted-syntax": ["error", "ImportExpression"],
  },
});

const downOnly = "imports point down only";
const formats = ban(
  String.raw`^(?!\./|\.\./[^/]+$|\.\./(ini|caps)/|node:)`,
  "formats are pure text: only formats and node:",
);
const formatsWithIni = ban(String.raw`^(?!\./[^/]+$|node:|ini$)`, "minimal-conf.ts alone reads by `ini`");
const formatsWithYaml = ban(
  String.raw`^(?!\./[^/]+$|node:|js-yaml$)`,
  "clouds-yaml.ts alone reads by `js-yaml`",
);
const remote = ban(
  String.raw`^(?!\./|\.\./[^/]+$|\.\./formats/nearest\.js$|node:)`,
  "remote: only its own files and node: (and formats/nearest.js, which is about words)",
);
const sshConnection = ban(
  String.raw`^(?!\.{1,2}/[^/]+$|node:|ssh2$)`,
  "ssh/connection.ts and logins.ts: ssh2, their own folder and node:; they are the only door to the network",
);
/** What everybody may use of remote: the one error class, and the memory of secrets. */
const DOOR = String.raw`^(\.\./)+remote/(?!failure\.js$|redact\.js$)`;
const SHARED = ["kernel", "doctor", "ownership", "clients", "formats", "remote"].map(
  (room) => `providers/${room}/**`,
);

const layers = [
  layer("examples/**/*.ts", [
    ban(
      String.raw`^\.\./|^pulumi-ceph-openstack/`,
      "an example imports the package by its name, as a user does",
    ),
  ]),
  layer("provider.ts", [
    ban(
      String.raw`^\.$|^\./(index(\.js)?$|components/)`,
      "provider.ts is loaded from state and never imports the public surface",
    ),
  ]),
  layer("components/**/*.ts", [
    ban(
      String.raw`^(\.\./)+(?!\.\./|providers/(?!kernel/|ownership/|clients/|formats/|remote/)[^/]+/index\.js$|providers/formats/openstack/|[^/]+$|(topology|plan|releases|layouts)/)`,
      `${downOnly}: components use the resource classes of providers/, what OpenStack's releases have, and types of the kernel`,
      true,
    ),
    ban(String.raw`^(?!\.{1,2}/|@pulumi/)`, "components import nothing but resource classes and @pulumi/*"),
  ]),
  layer(
    "providers/*/**/*.ts",
    [
      ban(
        String.raw`^\.\./(?!\.\.|kernel/|ownership/|clients/|formats/|remote/)`,
        "an artifact never imports another artifact",
      ),
      ban(DOOR, "of remote an artifact knows the types alone", true),
      ban(String.raw`^\.\./\.\.`, downOnly),
      ban(String.raw`^(?!\.{1,2}/|@pulumi/pulumi$)`, "an artifact uses clients and formats, not packages"),
    ],
    SHARED,
  ),
  layer("providers/doctor/**/*.ts", [
    ban(
      String.raw`^(\.\./)+(?!kernel/|clients/|remote/|formats/)`,
      `${downOnly}: the doctor uses kernel and clients, and no artifact`,
    ),
    ban(DOOR, "of remote the doctor knows the types alone", true),
    ban(String.raw`^(?!\.{1,2}/|node:)`, "the doctor imports no package"),
  ]),
  layer("providers/kernel/**/*.ts", [
    ban(String.raw`^\.\./(?!remote/|ownership/)`, `${downOnly}: kernel uses ownership and remote`),
    ban(String.raw`^(?!\.{1,2}/|node:|@pulumi/pulumi$)`, "kernel imports no package but @pulumi/pulumi"),
  ]),
  layer("providers/ownership/**/*.ts", [
    ban(
      String.raw`^\.\./(?!kernel/|clients/|formats/|remote/)`,
      `${downOnly}: ownership uses clients and formats`,
    ),
    ban(String.raw`^\.\./kernel/`, "of the kernel ownership knows the types alone", true),
    ban(DOOR, "of remote ownership knows the types alone", true),
    ban(String.raw`^(?!\.{1,2}/|node:)`, "ownership imports no package"),
  ]),
  layer("providers/clients/**/*.ts", [
    ban(
      String.raw`^(\.\./)+(?!\.\./|remote/|formats/|kernel/|[^/]+$)`,
      `${downOnly}: clients use remote and formats`,
    ),
    ban(String.raw`^(\.\./)+kernel/`, "of the kernel a client knows the types alone", true),
    ban(String.raw`^(?!\.{1,2}/|node:)`, "clients import no package"),
  ]),
  layer("providers/formats/**/*.ts", [formats]),
  layer("providers/formats/minimal-conf.ts", [formatsWithIni]),
  layer("providers/formats/clouds-yaml.ts", [formatsWithYaml]),
  layer("providers/remote/**/*.ts", [remote], ["providers/remote/ssh/{connection,logins}.ts"]),
  layer("providers/remote/ssh/{connection,logins}.ts", [sshConnection]),
];

const limits = {
  "max-lines": ["error", 250],
  "max-lines-per-function": ["error", 40],
  complexity: ["error", 10],
  "max-params": ["error", 3],
};

const typed = {
  files: ["**/*.ts"],
  extends: [
    js.configs.recommended,
    tseslint.configs.strictTypeChecked,
    tseslint.configs.stylisticTypeChecked,
  ],
  languageOptions: {
    parserOptions: { project: ["test/lint/tsconfig.json"], tsconfigRootDir: import.meta.dirname },
  },
  linterOptions: { reportUnusedDisableDirectives: "error" },
  rules: {
    ...limits,
    // `as` to silence the compiler. What was proved by looking needs no `as`.
    "@typescript-eslint/no-unsafe-type-assertion": "error",
    // An Output in a template prints "[object Object]".
    "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
    "@typescript-eslint/consistent-type-imports": "error",
    "@typescript-eslint/consistent-type-exports": "error",
    "@typescript-eslint/no-confusing-void-expression": "off", // `return report(…)` says it and leaves
    "@typescript-eslint/require-await": "off", // `async` makes a rejection of what is thrown
    "@typescript-eslint/consistent-indexed-object-style": "off", // a recursive type needs the index signature
    "@typescript-eslint/unbound-method": "off", // interfaces of closures: there is no `this` to lose
    "no-control-regex": "off", // the formats are about control characters
    "@typescript-eslint/no-unused-vars": [
      "error",
      { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
    ],
    "@typescript-eslint/dot-notation": "off", // the compiler's noPropertyAccessFromIndexSignature asks for the opposite
    "@typescript-eslint/consistent-type-definitions": "off", // an interface names a shape, a type a union or a function
  },
};

const tests = {
  files: ["test/**/*.ts", "bench/**/*.ts"],
  ignores: [`${fixtures}/**`],
  rules: {
    "max-lines-per-function": "off", // a describe is one function
    "max-params": "off", // a table's row has its columns
    "@typescript-eslint/no-unsafe-type-assertion": "off", // JSON that the test itself has written
    "@typescript-eslint/no-unsafe-assignment": "off", // Jest's asymmetric matchers are `any`
    "@typescript-eslint/no-empty-function": "off", // a stand-in that does nothing
  },
};

/** `apply(reach, inputs, gap, prior)` of the contract has four. */
const artifacts = { files: ["providers/*/index.ts"], rules: { "max-params": ["error", 4] } };

const names = ["process", "console", "URL", "AbortSignal", "AbortController", "fetch", "Buffer"];
const timers = ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate"];

const scripts = {
  files: ["**/*.{js,cjs,mjs}"],
  extends: [js.configs.recommended],
  languageOptions: { globals: Object.fromEntries([...names, ...timers].map((name) => [name, "readonly"])) },
  rules: { ...limits, "no-unused-vars": ["error", { argsIgnorePattern: "^_" }] },
};

const commonjs = {
  files: ["**/*.cjs", "jest.config.js"],
  languageOptions: {
    sourceType: "commonjs",
    globals: { require: "readonly", module: "writable", __dirname: "readonly" },
  },
};

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "coverage/",
      ".pulumi-home/",
      ".series/",
      "test/fixtures/",
      `${fixtures}/`,
      "**/*.d.cts",
      "providers/formats/openstack/data.ts",
    ],
  },
  typed,
  tests,
  artifacts,
  scripts,
  commonjs,
  ...layers,
);
