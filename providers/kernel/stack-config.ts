/** The stack's configuration, judged in the program: a preview says what is wrong with it before any host is asked. */
import { RunError, runtime } from "@pulumi/pulumi";
import { unknownSettings, unknownVariables } from "../remote/setting-names.js";
import { readSettings } from "../remote/settings.js";

const PREFIX = "ceph-openstack:";

/** @throws RunError that lists every key and variable that is not known, and every value that is not allowed */
export const checkStackConfig = (env: NodeJS.ProcessEnv = process.env): void => {
  const all = runtime.allConfig();
  const keys = Object.keys(all)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => key.slice(PREFIX.length));
  const variables = Object.keys(env).filter((name) => name.startsWith("CEPH_OPENSTACK_"));
  if (keys.length === 0 && variables.length === 0) return;
  const { problems } = readSettings((key) => all[`${PREFIX}${key}`], env);
  const wrong = [...unknownSettings(keys), ...unknownVariables(env), ...problems];
  if (wrong.length > 0) throw new RunError(`configuration of the stack:\n  ${wrong.join("\n  ")}`);
};
