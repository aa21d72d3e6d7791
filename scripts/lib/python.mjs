// Python's own tools: virtual environments with packages of the Python index.
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { must } from "./must.mjs";
import { run } from "./run.mjs";

/** The environment's directory, made once. */
export async function environment(cache, name, packages) {
  const home = join(cache, name);
  if (existsSync(join(home, "complete"))) return home;
  rmSync(home, { recursive: true, force: true });
  await must(["python3", "-m", "venv", home], { deadlineSeconds: 120 });
  await must([join(home, "bin", "pip"), "install", "-q", ...packages], { deadlineSeconds: 600 });
  writeFileSync(join(home, "complete"), "");
  return home;
}

/** Where a version of Python may be: on the path, or among those of pyenv. */
function candidates(version) {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  const kept = existsSync(versions) ? readdirSync(versions) : [];
  return [
    `python${version}`,
    ...kept
      .filter((name) => name.startsWith(`${version}.`))
      .map((name) => join(versions, name, "bin", "python")),
  ];
}

async function isThere(command) {
  try {
    return (await run(command, ["--version"], { deadlineSeconds: 30 })).code === 0;
  } catch {
    return false;
  }
}

/** The first of these versions that this machine has. @param {string[]} versions @returns {Promise<{ version: string, command: string } | undefined>} */
export async function pythonOf(versions) {
  for (const version of versions)
    for (const command of candidates(version)) if (await isThere(command)) return { version, command };
  return undefined;
}
