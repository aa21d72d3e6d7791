/** What a run restarts, and what units run with after it. */
import { isDeepStrictEqual } from "node:util";
import type { AfterRun, Stack } from "./laws";
import { optionsIn } from "./options";
import type { Entry } from "./state";
import type { UnitStart } from "./units";
import { CINDER, HOSTS, keyringPath, type World } from "./world";

const UNIT = "cinder-volume.service";

const FILES = ["ConfigSection", "CephKeyringFile"];

/** What a unit reads of a machine's files, by who writes it. */
const READS: Readonly<Record<string, (contentOf: (path: string) => string | undefined) => string>> = {
  ConfigSection: (contentOf) => JSON.stringify([...optionsIn(contentOf(CINDER) ?? "", "ceph")].sort()),
  CephKeyringFile: (contentOf) => contentOf(keyringPath) ?? "",
};

/** What a unit took of its files, and what is not there. */
const taken = (took: UnitStart["now"]): readonly unknown[] => [
  ...FILES.map((file) => READS[file]?.((path) => took.get(path))),
  ...[CINDER, keyringPath].map((path) => took.get(path) === undefined),
];

/** Why a start was not due. */
const needless = ({ newer, was, now, isKnown }: UnitStart): string | undefined => {
  if (newer.length === 0) return "nothing that it reads was changed";
  return isKnown && isDeepStrictEqual(taken(was), taken(now))
    ? "what it reads is as it was when it began"
    : undefined;
};

/** A unit is restarted once at most, only where something that it reads has changed since it began, and is not as it was again; no other is. */
export const restarts = ({ world, before }: AfterRun): string[] =>
  world.machines.flatMap(({ units }, i) => {
    const begun = units.starts.slice(before.begun[i] ?? 0);
    const others = begun.filter(({ name }) => name !== UNIT);
    return [
      ...others.map(({ name }) => `restarts: ${name} of machine ${i} is nobody's, and was restarted`),
      ...(begun.length > 1
        ? [`restarts: ${UNIT} of machine ${i} was restarted ${begun.length} times in a run`]
        : []),
      ...begun.flatMap((start) => {
        const why = needless(start);
        return why === undefined ? [] : [`restarts: ${start.name} of machine ${i} was restarted, and ${why}`];
      }),
    ];
  });

/** What goes at the end of a run goes after the restart: the next refresh sees it. */
const hasPutBack = ({ outcome }: AfterRun): boolean =>
  outcome.done.some(
    ({ op, urn }) => ["delete", "replace"].includes(op) && FILES.some((kind) => urn.includes(kind)),
  );

/** A service that is made in this run may know of its own stack's files alone: another stack may have taken others away before it. */
const knownTo = ({ outcome }: AfterRun, entries: readonly Entry[], unit: Entry): readonly string[] => {
  const isNew = outcome.done.some(({ urn, op }) => urn === unit.urn && op === "create");
  const beside = entries.filter(({ inputs }) => inputs["host"] === unit.inputs["host"]);
  return isNew ? FILES.filter((file) => beside.some(({ kind }) => kind === file)) : FILES;
};

const olderThan = ({ machines }: World, { kind, inputs }: Entry, files: readonly string[]): string[] => {
  const { host } = inputs;
  const machine = machines[(typeof host === "string" ? HOSTS[host] : undefined) ?? -1];
  const unit = machine?.units.running.get(UNIT);
  if (kind !== "Service" || machine === undefined || unit === undefined) return [];
  const isSame = files.every(
    (file) =>
      READS[file]?.((path) => unit.took.get(path)) ===
      READS[file]?.((path) => machine.files.get(path)?.bytes),
  );
  return isSame ? [] : [`runs with: ${UNIT} runs with something older than its files`];
};

const isAlone = (stacks: readonly Stack[], mine: Stack): boolean =>
  stacks.every((stack) => stack === mine || stack.entries.length === 0);

/** After a whole run that began with a refresh a unit runs with what its files say, whatever was cut before. */
export const runsWith = (at: AfterRun): string[] => {
  const { world, stacks, told, run } = at;
  const stack = stacks[run.stack];
  const isJudged = run.verb === "up" && run.refresh === true && !told.hands && !hasPutBack(at);
  if (stack?.settled !== true || !isJudged || !isAlone(stacks, stack)) return [];
  const living = stack.entries.filter((entry) => !entry.delete);
  return living.flatMap((entry) => olderThan(world, entry, knownTo(at, living, entry)));
};
