/** A stack of the real engine, by the Automation API, with an inline program, a home and a backend inside the checkout. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { automation } from "@pulumi/pulumi";
import { pulumiEnv, pulumiPaths } from "../../scripts/lib/pulumi-env.cjs";
import { nodeOptions } from "./lazy-sdk/node-options";

export const root = resolve(__dirname, "..", "..");

/** One step of the engine: the resource by its name, what is done to it, and which properties differ. */
export interface Step {
  readonly name: string;
  readonly type: string;
  readonly op: string;
  readonly properties: readonly string[];
}

/** What one run of the engine did and said. */
export interface Outcome {
  /** Steps that change something; `same` and reads are left out. */
  readonly steps: readonly Step[];
  /** Drift that a refresh found. */
  readonly drift: readonly Step[];
  /** Everything that was printed, errors included. */
  readonly output: string;
  /** Every engine event, as text. */
  readonly events: string;
  readonly error?: Error;
}

export interface TestStack {
  up(options?: automation.UpOptions): Promise<Outcome>;
  preview(options?: automation.PreviewOptions): Promise<Outcome>;
  refresh(options?: automation.RefreshOptions): Promise<Outcome>;
  destroy(options?: automation.DestroyOptions): Promise<Outcome>;
  /** Changes the program for the runs that follow. */
  program(program: () => unknown): void;
  setConfig(key: string, value: string, secret?: boolean): Promise<void>;
  /** Adds to the environment of the engine for the runs that follow. */
  setEnv(key: string, value: string): void;
  outputs(): Promise<Record<string, unknown>>;
  /** The whole state, secrets decrypted. */
  export(): Promise<string>;
  /** The whole state as it lies in the backend. */
  stored(): Promise<string>;
  remove(): Promise<void>;
}

const QUIET = new Set(["same", "read", "refresh", "read-replacement"]);
const TYPE = "pulumi:pulumi:Stack";

type Metadata = NonNullable<automation.EngineEvent["resourcePreEvent"]>["metadata"];

/** The resources of the program: neither the stack itself nor providers. */
const isOurs = ({ type }: Metadata): boolean => type !== TYPE && !type.startsWith("pulumi:providers:");

const stepOf = ({ urn, type, op, detailedDiff }: Metadata): Step => ({
  name: urn.split("::").at(-1) ?? "",
  type: type.split(":").at(-1) ?? "",
  op,
  properties: Object.keys(detailedDiff ?? {}).sort(),
});

const stepsOf = (events: readonly automation.EngineEvent[], keep: (op: string) => boolean): Step[] => {
  const steps = new Map<string, Step>();
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const metadata = (resourcePreEvent ?? resOutputsEvent)?.metadata;
    if (metadata !== undefined && keep(metadata.op) && isOurs(metadata))
      steps.set(`${metadata.urn} ${metadata.op}`, stepOf(metadata));
  }
  return [...steps.values()];
};

type Verb = (more: {
  onOutput: (text: string) => void;
  onEvent: (event: automation.EngineEvent) => void;
  color: "never";
}) => Promise<unknown>;

const outcome = async (verb: Verb): Promise<Outcome> => {
  const output: string[] = [];
  const events: automation.EngineEvent[] = [];
  let error: Error | undefined;
  try {
    await verb({
      onOutput: (text) => output.push(text),
      onEvent: (event) => events.push(event),
      color: "never",
    });
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  }
  return {
    steps: stepsOf(events, (op) => !QUIET.has(op)),
    drift: stepsOf(events, (op) => op === "refresh").filter((step) => step.properties.length > 0),
    output: output.join("") + (error === undefined ? "" : `\n${error.message}`),
    events: JSON.stringify(events),
    ...(error === undefined ? {} : { error }),
  };
};

interface StackOptions {
  /** Added to the environment of the engine, and so of the provider's process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly project?: string;
  /** Where the provider's process starts, and so finds the package. @default here */
  readonly folder?: string;
}

/** A directory for the state, and the environment of an engine that uses it. */
const engineOf = async (env: Readonly<Record<string, string>>) => {
  const state = mkdtempSync(join(tmpdir(), "ceph-openstack-stack-"));
  const { PULUMI_CONFIG_PASSPHRASE_FILE: _file, ...base } = pulumiEnv(root);
  const known = Object.entries(base).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  const envVars = {
    ...Object.fromEntries(known),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    NODE_OPTIONS: nodeOptions(),
    ...env,
  };
  // Without its path the SDK would ask the launcher on PATH for the version, in the user's own environment.
  const pulumiCommand = await automation.PulumiCommand.get({
    root: dirname(pulumiPaths(root).bin),
    skipVersionCheck: true,
  });
  return { state, options: { envVars, pulumiCommand } };
};

/** What a stack gives to the program that asks for it, and to nobody after each run: the SDK would start three processes of the engine's for it. */
const onDemand = (stack: automation.Stack): (() => Promise<automation.OutputMap>) => {
  const outputs = stack.outputs.bind(stack);
  stack.outputs = async () => ({});
  stack.info = async () => undefined;
  return outputs;
};

const verbsOf = (stack: automation.Stack, state: string, outputs = onDemand(stack)) => ({
  up: (options: automation.UpOptions = {}) => outcome((more) => stack.up({ ...more, ...options })),
  preview: (options: automation.PreviewOptions = {}) =>
    outcome((more) => stack.preview({ ...more, ...options })),
  refresh: (options: automation.RefreshOptions = {}) =>
    outcome((more) => stack.refresh({ ...more, ...options })),
  destroy: (options: automation.DestroyOptions = {}) =>
    outcome((more) => stack.destroy({ ...more, ...options })),
  setConfig: (key: string, value: string, secret = false) => stack.setConfig(key, { value, secret }),
  setEnv: (key: string, value: string) => {
    stack.workspace.envVars[key] = value;
  },
  outputs: async () =>
    Object.fromEntries(
      Object.entries(await outputs()).map(([key, { value }]): [string, unknown] => [key, value]),
    ),
  export: async () => JSON.stringify(await stack.exportStack()),
  stored: async () => {
    const files = await readdir(join(state, ".pulumi", "stacks"), { recursive: true, withFileTypes: true });
    const texts = files
      .filter((file) => file.isFile())
      .map((file) => readFile(join(file.parentPath, file.name), "utf8"));
    return (await Promise.all(texts)).join("\n");
  },
  remove: async () => {
    await stack.workspace.removeStack(stack.name, { force: true }).catch(() => undefined);
    rmSync(state, { recursive: true, force: true });
  },
});

/**
 * Makes a stack of an inline program.
 * @throws Error when there is no engine: run `node scripts/engine.mjs ensure`
 */
export const newStack = async (
  name: string,
  first: () => unknown,
  { env = {}, project = "lifecycle", folder = process.cwd() }: StackOptions = {},
): Promise<TestStack> => {
  const { state, options } = await engineOf(env);
  let program = first;
  const run = async () => (await program()) as Record<string, unknown>;
  const stack = await automation.LocalWorkspace.createStack(
    { stackName: name, projectName: project, program: run },
    { ...options, projectSettings: { name: project, runtime: "nodejs", main: folder } },
  );
  return {
    ...verbsOf(stack, state),
    program: (next) => {
      program = next;
    },
  };
};

/** Makes a stack of a project directory, as a user has it: by the language host, in a process of its own. */
export const newProjectStack = async (
  name: string,
  workDir: string,
  { env = {} }: Pick<StackOptions, "env"> = {},
): Promise<Omit<TestStack, "program">> => {
  const { state, options } = await engineOf(env);
  const stack = await automation.LocalWorkspace.createStack({ stackName: name, workDir }, options);
  const settings = join(workDir, `Pulumi.${name}.yaml`);
  const verbs = verbsOf(stack, state);
  return {
    ...verbs,
    remove: async () => {
      await verbs.remove();
      rmSync(settings, { force: true });
    },
  };
};

/** A stack of the demo's project. Two of them are not made at one time: what is said of a project's stacks is in one file. */
export const demoStack = (name: string): Promise<Omit<TestStack, "program">> => newProjectStack(name, root);

/** Gives it the sandbox's hosts, and their release of OpenStack. */
export const onSandbox = async ({ setConfig }: Pick<TestStack, "setConfig">): Promise<void> => {
  const { fsid, sshConfig, openstackRelease } = site();
  await setConfig("fsid", fsid);
  await setConfig("admin", "mon1");
  await setConfig("openstackRelease", openstackRelease);
  await setConfig("ceph-openstack:sshConfig", sshConfig);
};

/** The sandbox's description, as `sandbox/sandbox` wrote it. @throws Error when it is not up. */
export interface Site {
  readonly name: string;
  readonly fsid: string;
  readonly sshConfig: string;
  /** That the hosts' files are of. */
  readonly openstackRelease: string;
  readonly hosts: Readonly<Record<string, { readonly address: string }>>;
}

export const site = (): Site => {
  const file =
    process.env["SANDBOX_JSON"] ??
    join(
      process.env["SANDBOX_STATE"] ?? "/var/lib/ceph-openstack-sandbox",
      process.env["SANDBOX_NAME"] ?? "default",
      "sandbox.json",
    );
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Site;
  } catch (error) {
    throw new Error(`the sandbox is not up (sandbox/sandbox up): ${String(error)}`);
  }
};
