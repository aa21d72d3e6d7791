/** The package built in another way, in a project of its own: no file of it is, or lies, as in the other build. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { transformFileSync } from "@swc/core";
import { root } from "./engine";

const PACKAGE = "pulumi-ceph-openstack";

/** A project's directory whose provider process finds the package by its name. */
export interface OtherProject {
  readonly folder: string;
  /** The other build is the package from now on. @returns its files' texts by the names that they have in the checkout's build */
  useOther(): ReadonlyMap<string, string>;
  dispose(): void;
}

const sources = (): string[] => [
  "provider.ts",
  ...readdirSync(join(root, "providers"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => join("providers", name)),
];

/** Older syntax, no comments, no line ends, names of one letter. */
const compile = (source: string): string =>
  transformFileSync(join(root, source), {
    swcrc: false,
    configFile: false,
    minify: true,
    jsc: { target: "es2020", parser: { syntax: "typescript" }, minify: { compress: true, mangle: true } },
    module: { type: "commonjs" },
  }).code;

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

const build = (folder: string): ReadonlyMap<string, string> => {
  const made = sources().map((source): [string, string] => [source.replace(/\.ts$/, ".js"), compile(source)]);
  for (const [name, text] of made) write(join(folder, "lib", "inner", name), text);
  const exports = { "./provider": "./lib/entry.js", "./package.json": "./package.json" };
  write(join(folder, "package.json"), JSON.stringify({ name: PACKAGE, version: "99.0.0", exports }));
  write(join(folder, "lib", "entry.js"), 'module.exports = require("./inner/provider.js");');
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return new Map(made);
};

/** Makes the project; until `useOther` the package is this checkout's. */
export const otherProject = (): OtherProject => {
  const top = mkdtempSync(join(tmpdir(), "other-build-"));
  const folder = join(top, "project");
  const link = join(folder, "node_modules", PACKAGE);
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(join(root, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"));
  const use = (target: string): void => {
    rmSync(link, { force: true });
    symlinkSync(target, link);
  };
  use(root);
  return {
    folder,
    useOther: () => {
      const made = build(join(top, "built"));
      use(join(top, "built"));
      return made;
    },
    dispose: () => rmSync(top, { recursive: true, force: true }),
  };
};

/** The text of a file of this checkout's build, where it has one of that name. */
export const ownBuild = (name: string): string | undefined => {
  try {
    return readFileSync(join(root, "dist", name), "utf8");
  } catch {
    return undefined;
  }
};
