/** A sandbox beside the one that is given, of another kind: for the length of one file of tests. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { root } from "./engine";

/**
 * Brings it up, its trees from nothing where there are none; from then on `site` is that one, until it is taken away.
 * @param kind the end of its name
 * @param settings what the sandbox is told by its environment
 */
export const sandboxBeside = async (
  kind: string,
  settings: Readonly<Record<string, string>>,
): Promise<{ destroy(): Promise<void> }> => {
  const given = process.env["SANDBOX_JSON"];
  const name = `${process.env["SANDBOX_NAME"] ?? "default"}-${kind}`;
  const env = { ...process.env, SANDBOX_NAME: name, ...settings };
  const sandbox = (verb: string): Promise<void> =>
    new Promise((resolve, reject) => {
      execFile(join(root, "sandbox", "sandbox"), [verb], { env, timeout: 1_500_000 }, (error, _, stderr) =>
        error === null ? resolve() : reject(new Error(`sandbox ${verb}: ${stderr}`)),
      );
    });
  const state = process.env["SANDBOX_STATE"] ?? "/var/lib/ceph-openstack-sandbox";
  // Before it is up: where that fails, no hook that follows must work on the given one.
  process.env["SANDBOX_JSON"] = join(state, name, "sandbox.json");
  // Of a run that was cut.
  await sandbox("destroy");
  await sandbox("up");
  return {
    async destroy() {
      if (given === undefined) delete process.env["SANDBOX_JSON"];
      else process.env["SANDBOX_JSON"] = given;
      await sandbox("destroy");
    },
  };
};
