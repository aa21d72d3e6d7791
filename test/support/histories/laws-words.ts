/** Nothing that is said is false: of what lives the programs tell, of the rest the records that lie there, of before the run or after it. */
import { imagesOf } from "./images";
import type { AfterRun } from "./laws";
import { goalsOf } from "./program";
import type { World } from "./world";

/** Owners as messages call them. */
const calledIn = (owner: string): string => {
  const [stack = "", types = "", name = ""] = owner.split("::");
  return `${name} (${types.split(":").at(-1) ?? ""}) of stack ${stack}`;
};

/** Whom the records of a world name as owners. */
export const recordedOwners = ({ cluster, machines, glance }: World): string[] => {
  const texts = [
    ...cluster.records.values(),
    ...machines.flatMap(({ records }) => [...records.values()]),
    ...imagesOf(glance).flatMap(({ records }) => Object.values(records)),
  ];
  return texts.flatMap((text) => [...text.matchAll(/"owner":"([^"]*)"/g)].map(([, owner = ""]) => owner));
};

const ODD = /TypeError|undefined|is not a function|still not as desired/;

const NAME = String.raw`(\S+ \(\w+\) of stack [\w/]+)`;

/** By its record. */
const RECORDED = [
  new RegExp(`by its record, .* belongs to ${NAME}`, "g"),
  new RegExp(`by its record it belongs to ${NAME}`, "g"),
  new RegExp(`by its record there, ${NAME} wants it too`, "g"),
  new RegExp(`by its record in the cluster, .* holds the key of .* for ${NAME}`, "g"),
];

/** By a program. */
const LIVING = [
  new RegExp(`(?<!by its record.*)(?:belongs to|owned by) ${NAME}`, "g"),
  new RegExp(`${NAME} is to have it`, "g"),
];

const named = (text: string, patterns: readonly RegExp[]): string[] =>
  patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = ""]) => name));

/** What things of a kind are called in what is said. */
const CALLED = {
  pool: "CephPool",
  "CRUSH rule": "CephCrushRule",
  "erasure-code": "CephErasureCodeProfile",
  "client.": "CephAuthEntity",
  "/": "Directory",
};

const OF_ANOTHER_CREATE = /(?:^|: )([^:]+?) (?:stays|is left): by its record it belongs to another create/;

/** What is said to be of another create, where nothing of its kind is recorded. */
const isOfNoCreate = (text: string, recorded: readonly string[]): boolean => {
  const thing = OF_ANOTHER_CREATE.exec(text)?.[1];
  const kind = Object.entries(CALLED).find(([word]) => thing?.startsWith(word))?.[1] ?? "";
  return thing !== undefined && !recorded.some((name) => name.includes(`(${kind})`));
};

export const truths = ({ world, stacks, before, said, outcome }: AfterRun): string[] => {
  const recorded = [...before.owners, ...recordedOwners(world)].map(calledIn);
  const living = stacks.flatMap(({ name, program }) =>
    goalsOf(name, program).map(({ urn }) => calledIn(urn)),
  );
  return [...outcome.errors, ...said].flatMap((text) => {
    const isFalse =
      named(text, RECORDED).some((name) => !recorded.includes(name)) ||
      named(text, LIVING).some((name) => !living.includes(name)) ||
      isOfNoCreate(text, recorded);
    return [...(ODD.test(text) ? [`odd: ${text}`] : []), ...(isFalse ? [`false: ${text}`] : [])];
  });
};
