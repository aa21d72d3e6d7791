import { copyFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { withProgress } from "../lib/progress.mjs";
import { ending, lastLines, run } from "../lib/run.mjs";
import { installInto } from "./install.mjs";

/** A host that does not answer in that time is out of reach: a firewall that drops packets would hold us for minutes. */
const REACH_SECONDS = 6;
/** About 100 MB; at 0.5 MB/s it takes 200 s. */
const DOWNLOAD_SECONDS = 300;

async function fetchInTime(url) {
  const signal = AbortSignal.timeout(REACH_SECONDS * 1000);
  const response = await fetch(url, { signal }).catch((error) => {
    const why =
      error.name === "TimeoutError"
        ? `no answer in ${REACH_SECONDS} s`
        : (error.cause?.code ?? error.cause?.message ?? error.message);
    throw new Error(`${new URL(url).host} cannot be reached (${why})`);
  });
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
  return response.text();
}

/** The launcher's installer, taken apart: it fetches its script in bounded time, and leaves the running of it to us. */
async function fetchInstaller(root, version, folder) {
  const { installCLI } = createRequire(join(root, "package.json"))("pulumi/lib/download.js");
  const script = join(folder, "install.sh");
  let args = [];
  const execScript = (path, given) => {
    copyFileSync(path, script);
    args = given;
  };
  await installCLI(version, folder, { fetchText: fetchInTime, execScript });
  return [script, ...args];
}

/**
 * Has the launcher download the engine, in bounded time.
 * @param {string} root the checkout, with the launcher in its node_modules
 * @param {string} version
 * @throws when the host is out of reach, or the installer fails or takes longer than five minutes
 */
export async function downloadEngine(root, version) {
  const step = {
    who: "engine",
    doing: `downloading pulumi ${version}`,
    usually: "20 to 60 s; some seconds if there is no way out",
  };
  await withProgress(step, () =>
    installInto(root, version, async (folder) => {
      const [script, ...args] = await fetchInstaller(root, version, folder);
      const result = await run("/bin/sh", [script, ...args], { deadlineSeconds: DOWNLOAD_SECONDS });
      rmSync(script);
      if (result.code !== 0)
        throw new Error(`the installer ${ending(result)}: ${lastLines(result, 3).join(" / ")}`);
    }),
  );
}
