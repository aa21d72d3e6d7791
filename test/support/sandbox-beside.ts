/** A sandbox beside the one that is given, with the real services of OpenStack on its hosts. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { root } from "./engine";

/** Brings it up, its tree from nothing where there is none; from then on `site` is that one, until it is taken away. */
export const realServices = async (): Promise<{ destroy(): Promise<void> }> => {
  const given = process.env["SANDBOX_JSON"];
  const name = `${process.env["SANDBOX_NAME"] ?? "default"}-cloud`;
  const env = { ...process.env, SANDBOX_NAME: name, SANDBOX_SERVICES: "real" };
  const sandbox = (verb: string): Promise<void> =>
    new Promise((resolve, reject) => {
      execFile(join(root, "sandbox", "sandbox"), [verb], { env, timeout: 1_500_000 }, (error, _, stderr) =>
        error === null ? resolve() : reject(new Error(`sandbox ${verb}: ${stderr}`)),
      );
    });
  // Of a run that was cut.
  await sandbox("destroy");
  await sandbox("up");
  const state = process.env["SANDBOX_STATE"] ?? "/var/lib/ceph-openstack-sandbox";
  process.env["SANDBOX_JSON"] = join(state, name, "sandbox.json");
  return {
    async destroy() {
      if (given === undefined) delete process.env["SANDBOX_JSON"];
      else process.env["SANDBOX_JSON"] = given;
      await sandbox("destroy");
    },
  };
};
