/** The model of the engine against the engine: the same random histories on both, the same verbs called, the same left in state. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { stub } from "../../providers/kernel/stub";
import { newStack, root, type Outcome, type TestStack } from "../support/engine";
import { destroy, refreshOnly, up } from "../support/histories/engine";
import { verbsThatTell } from "../support/histories/harness.cjs";
import { historyOf, TYPE, urnOf, type Run, type Thing } from "../support/histories/thing-runs";
import type { Entry, Goal } from "../support/histories/state";
import { processes } from "../support/histories/verbs";

const HISTORIES = Number(process.env["ENGINE_HISTORIES"] ?? 3);
const folder = mkdtempSync(join(tmpdir(), "engine-model-"));

/** Each thing takes an output of the one before it: there is one order in which the engine can do it. */
class Real extends pulumi.CustomResource {
  declare readonly made: pulumi.Output<string>;
  constructor({ name, value, host, fails, formerly, ...more }: Thing, before: Real | undefined) {
    const { protect, retainOnDelete, deleteBeforeReplace } = more;
    super(
      TYPE,
      name,
      {
        ...{ value, host, __owner: urnOf(name), __provider: stub("Thing"), made: undefined },
        ...(fails === undefined ? {} : { fails }),
        ...(before === undefined ? {} : { before: before.made }),
      },
      {
        protect,
        retainOnDelete,
        ...(deleteBeforeReplace ? { deleteBeforeReplace } : {}),
        ...(formerly === undefined ? {} : { aliases: [{ name: formerly }] }),
      },
    );
  }
}

const goalsOf = (things: readonly Thing[]): Goal[] =>
  things.map((thing, i): Goal => {
    const { name, value, host, fails, formerly, protect, retainOnDelete, deleteBeforeReplace } = thing;
    const before = things[i - 1];
    return {
      urn: urnOf(name),
      kind: "Thing",
      provider: "default",
      props: {
        ...{ value, host },
        ...(fails === undefined ? {} : { fails }),
        ...(before === undefined ? {} : { before: { ref: urnOf(before.name), key: "made" } }),
      },
      aliases: formerly === undefined ? [] : [urnOf(formerly)],
      protect,
      retainOnDelete,
      deleteBeforeReplace: deleteBeforeReplace ? true : undefined,
    };
  });

/** What is compared: the verbs in their order (of each resource, where targets are asked for in any order), the errors by whether there were any, what is in state. */
interface Seen {
  readonly calls: readonly string[];
  readonly failed: boolean;
  readonly state: readonly string[];
}

const ordered = (calls: readonly string[], { options }: Run): string[] => {
  const nameIn = (call: string): string => call.split(" ")[1] ?? "";
  const byName = (a: string, b: string): number =>
    nameIn(a) < nameIn(b) ? -1 : nameIn(a) > nameIn(b) ? 1 : 0;
  return options.targets === undefined ? deletesInOrder(calls) : [...calls].sort(byName);
};

/** Deletes at the end of a run that do not depend on each other: the engine takes them from a map, in any order. */
const deletesInOrder = (calls: readonly string[]): string[] => {
  const isDelete = (call: string): boolean => call.startsWith("delete ");
  const last = [...calls].reverse().findIndex((call) => !isDelete(call));
  const at = last < 0 ? 0 : calls.length - last;
  return [...calls.slice(0, at), ...calls.slice(at).sort()];
};

const shown = (props: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(
    Object.entries(props)
      .filter(([key]) => key !== "__provider")
      .sort(),
  );

const modelled = async (
  run: Run,
  entries: readonly Entry[],
): Promise<{ seen: Seen; state: readonly Entry[] }> => {
  const calls: string[] = [];
  const serve = () => () => verbsThatTell((verb, props) => calls.push(`${verb} ${String(props.__owner)}`));
  const at = { state: entries, goals: goalsOf(run.things) };
  const started = processes(serve);
  const { state, errors } =
    run.verb === "up"
      ? await up(at, started, run.options)
      : run.verb === "refresh"
        ? await refreshOnly(entries, started, run.options)
        : await destroy({ state: entries }, started, run.options);
  const lines = state.map((entry) => {
    const flags = `${entry.delete} ${entry.pendingReplacement} ${entry.initErrors}`;
    return `${entry.urn} ${entry.id} ${flags} ${shown(entry.outputs)} ${shown(entry.inputs)}`;
  });
  return { seen: { calls: ordered(calls, run), failed: errors.length > 0, state: lines.sort() }, state };
};

interface Stored {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly delete?: boolean;
  readonly pendingReplacement?: boolean;
  readonly initErrors?: readonly string[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const stored = async (stack: TestStack): Promise<string[]> => {
  const { deployment }: { deployment: { resources?: readonly Stored[] } } = JSON.parse(await stack.export());
  return (deployment.resources ?? [])
    .filter(({ type }) => type === TYPE)
    .map((one) => {
      const flags = `${one.delete === true} ${one.pendingReplacement === true} ${(one.initErrors ?? []).length > 0}`;
      return `${one.urn} ${one.id ?? ""} ${flags} ${shown(one.outputs ?? {})} ${shown(one.inputs ?? {})}`;
    })
    .sort();
};

const VERBS = {
  up: (stack: TestStack, { refresh, targets, replace, continueOnError }: Run["options"]) =>
    stack.up({
      parallel: 1,
      ...(refresh === true ? { refresh } : {}),
      ...(continueOnError === true ? { continueOnError } : {}),
      ...(targets === undefined ? {} : { target: [...targets] }),
      ...(replace === undefined ? {} : { replace: [...replace] }),
    }),
  refresh: (stack: TestStack) => stack.refresh({ parallel: 1 }),
  destroy: (stack: TestStack, { refresh, continueOnError }: Run["options"]) =>
    stack.destroy({
      parallel: 1,
      ...(refresh === true ? { refresh } : {}),
      ...(continueOnError === true ? { continueOnError } : {}),
    }),
} satisfies Record<Run["verb"], (stack: TestStack, options: Run["options"]) => Promise<Outcome>>;

const real = async (stack: TestStack, log: string, run: Run): Promise<{ seen: Seen; output: string }> => {
  stack.program(() => {
    run.things.reduce<Real | undefined>((before, thing) => new Real(thing, before), undefined);
  });
  writeFileSync(log, "");
  const { error, output } = await VERBS[run.verb](stack, run.options);
  const calls = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return {
    seen: { calls: ordered(calls, run), failed: error !== undefined, state: await stored(stack) },
    output,
  };
};

beforeAll(() => {
  const home = join(folder, "node_modules", "pulumi-ceph-openstack");
  mkdirSync(home, { recursive: true });
  cpSync(join(root, "test/support/histories/harness.cjs"), join(home, "provider.js"));
  symlinkSync(join(root, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"));
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "pulumi-ceph-openstack" }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(Array.from({ length: HISTORIES }, (_, i) => i + 1))(
  "history %i is the same on the engine and in the model",
  async (seed) => {
    const log = join(folder, `log-${seed}`);
    const stack = await newStack("model", () => undefined, {
      env: { HARNESS_LOG: log },
      project: "model",
      folder,
    });
    let state: readonly Entry[] = [];
    try {
      for (const [i, run] of historyOf(seed).entries()) {
        const found = await real(stack, log, run);
        const expected = await modelled(run, state);
        state = expected.state;
        const output = found.seen.failed === expected.seen.failed ? "" : found.output;
        expect({ i, run, ...found.seen, output }).toEqual({ i, run, ...expected.seen, output: "" });
      }
    } finally {
      await stack.remove();
    }
  },
  300_000,
);
