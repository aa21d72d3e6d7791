/** The SDK as processes of the engine's have it in tests. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { root } from "../../support/engine";
import { nodeOptions } from "../../support/lazy-sdk/node-options";

const PROGRAM = `
const { runtime } = require("@pulumi/pulumi");
const loaded = () => Object.keys(require.cache).some((file) => file.endsWith("typescript.js"));
const before = loaded();
runtime.serializeFunction(() => 3).then(({ text }) => console.log(JSON.stringify({ before, after: loaded(), text })));
`;

const said = async (env: NodeJS.ProcessEnv): Promise<unknown> => {
  const options = { cwd: root, env: { ...process.env, ...env } };
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", PROGRAM], options);
  return JSON.parse(stdout);
};

test("the compiler is loaded where a function is written down, which then is as ever", async () => {
  const [late, early] = [await said({ NODE_OPTIONS: nodeOptions() }), await said({})];
  expect(late).toMatchObject({ before: false, after: true });
  expect(early).toMatchObject({ before: true, after: true });
  expect(late).toEqual({ ...(early as object), before: false });
});
