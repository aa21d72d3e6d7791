import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The value of an expression over what a module of scripts/lib exports, `m`, in a process that knows such modules. */
export const valueIn = (name: string) => {
  const library = pathToFileURL(join(__dirname, "../../../scripts/lib", name)).href;
  return (expression: string): unknown => {
    const text = `import * as m from ${JSON.stringify(library)}; process.stdout.write(JSON.stringify(${expression}));`;
    const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", text], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
};
