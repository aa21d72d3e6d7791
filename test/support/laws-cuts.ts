/**
 * Every verb of an artifact, disturbed at every remote command: the connection is cut, for a moment or for the rest of the run, or the provider
 * process is killed; then the next run. What is left in the end must be what an undisturbed run leaves: world, records, outputs.
 */
import { farEnd, reaching, type FarEnd } from "./far-end";
import { disturbances, nextsAfter, type Disturbance, type Next, type Verb } from "./laws-disturbances";
import { destroy, refresh, up, type Kept, type Left } from "./laws-engine";
import { comparable, newSite, secretsOf, worldOf, type Site } from "./laws-site";
import type { LawEntry } from "./laws-entry";
import { providerProcess, type KindVerbs, type Plain, type ProviderProcess } from "./provider-process";
import { differences } from "./laws-values";
import { newKey } from "./ssh-keys";

/** What is there after a verb that nobody disturbed, and how many commands it took. */
interface Stage {
  readonly commands: number;
  readonly state: unknown;
}

export interface Result {
  readonly disturbance: Disturbance;
  readonly command: number;
  readonly next: Next;
  readonly problem: string | undefined;
}

interface Story {
  readonly disturbance: Disturbance;
  readonly command: number;
  readonly next: Next;
  /** Looks at a cluster that come together are one: a run may end a few commands earlier than the undisturbed one. */
  readonly mayBeSpared: boolean;
  readonly far: FarEnd;
  kept: Kept | undefined;
  error: Error | undefined;
  problem: string | undefined;
}

/** A run of the engine within a story. */
interface Chapter {
  readonly isDisturbed?: boolean;
  play(verbs: KindVerbs, story: Story): Promise<void>;
}

const keyCounts = ({ keys }: Site): Plain =>
  Object.fromEntries([...keys].map(([entity, all]) => [entity, all.length]));

/** Outputs without the stub. */
const outsOf = (site: Site, kept: Kept | undefined): unknown => {
  const { __provider, ...outs } = kept?.outs ?? {};
  return comparable(site, outs);
};

const stateOf = (site: Site, kept: Kept | undefined): unknown =>
  structuredClone({
    world: worldOf(site),
    ...(kept === undefined ? {} : { outs: outsOf(site, kept), keys: keyCounts(site) }),
  });

const inputsOf = (inputs: Readonly<Record<string, unknown>>): Plain => ({
  ...inputs,
  __owner: "site/prod::t::a",
});

const undisturbed = async (entry: LawEntry): Promise<Record<Verb, Stage>> => {
  const site = newSite(1, { isAdmin: true });
  const far = await farEnd(site);
  const way = reaching([far]);
  entry.prepare?.(site);
  let kept: Kept | undefined;
  const stage = async (play: (verbs: KindVerbs) => Promise<Left>): Promise<Stage> => {
    const process = await providerProcess(way.env);
    const before = far.commands();
    const left = await play(process.of(entry.kind));
    process.kill();
    if (left.error !== undefined) throw left.error;
    kept = left.kept;
    return { commands: far.commands() - before, state: stateOf(site, kept) };
  };
  try {
    const create = await stage((verbs) => up(verbs, kept, inputsOf(entry.first(site))));
    entry.between?.(site);
    const update = await stage((verbs) => up(verbs, kept, inputsOf(entry.later(site))));
    return { create, update, delete: await stage((verbs) => destroy(verbs, kept)) };
  } finally {
    await far.close();
    await way.dispose();
    site.dispose();
  }
};

const note = (story: Story, { kept, error }: Left): void => {
  story.kept = kept;
  story.error = error;
};

const mustBe = (story: Story, expected: Stage, stays?: RegExp): void => {
  const { site } = story.far;
  if (story.error !== undefined) throw story.error;
  const found = stateOf(site, story.kept);
  const others = differences(found, expected.state).filter((place) => stays?.test(place) !== true);
  if (others.length > 0) throw new Error(others.join("\n"));
};

/** The chapters of a story: what was there before, the disturbed verb, and what comes then. */
const chaptersOf = (
  entry: LawEntry,
  { disturbance: { verb }, next }: Story,
  stages: Record<Verb, Stage>,
): Chapter[] => {
  const desired = verb === "create" ? entry.first : entry.later;
  const upTo = (of: LawEntry["first"]) => async (verbs: KindVerbs, story: Story) =>
    note(story, await up(verbs, story.kept, inputsOf(of(story.far.site))));
  const gone = async (verbs: KindVerbs, story: Story) => note(story, await destroy(verbs, story.kept));
  const disturbed: Chapter = { isDisturbed: true, play: verb === "delete" ? gone : upTo(desired) };
  const before: Chapter = {
    play: async (verbs, story) => {
      await upTo(entry.first)(verbs, story);
      if (verb === "update") entry.between?.(story.far.site);
    },
  };
  const again: Chapter = {
    play: async (verbs, story) => {
      if (next === "refresh and up") story.kept = await refresh(verbs, story.kept);
      await upTo(desired)(verbs, story);
      mustBe(story, verb === "create" ? stages.create : stages.update);
    },
  };
  const end: Chapter = {
    play: async (verbs, story) => {
      // Of what is not in state a destroy knows nothing.
      if (verb !== "delete" && story.kept === undefined) return;
      await gone(verbs, story);
      mustBe(story, stages.delete, entry.stays);
    },
  };
  return [...(verb === "create" ? [] : [before]), disturbed, ...(next === "destroy" ? [] : [again]), end];
};

const leaks = ({ far, kept, error }: Story, printed: string): boolean => {
  const text = JSON.stringify([kept, error?.message, error?.stack]) + printed;
  return secretsOf(far.site).some((secret) => text.includes(secret));
};

/** One story's part of a run; problems are kept, not thrown. */
const played = async (story: Story, chapter: Chapter, verbs: KindVerbs): Promise<void> => {
  if (story.problem !== undefined) return;
  const { trap } = story.disturbance;
  const seen = { trap: false };
  const sprung = story.far.set(chapter.isDisturbed === true ? { ...trap, at: story.command } : undefined);
  void sprung.then(() => (seen.trap = true));
  const doing = chapter.play(verbs, story).catch((error: unknown) => {
    story.problem = String(error);
  });
  await (chapter.isDisturbed === true && trap.how === "hold" ? Promise.race([sprung, doing]) : doing);
  await Promise.resolve();
  if (chapter.isDisturbed === true && !seen.trap && !story.mayBeSpared)
    story.problem ??= "the command was never reached";
};

const AT_ONCE = 8;

const inTurn = async (works: readonly (() => Promise<void>)[], atOnce: number): Promise<void> => {
  const rest = [...works];
  const worker = async (): Promise<void> => {
    for (let work = rest.shift(); work !== undefined; work = rest.shift()) await work();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

type Part = readonly [Story, Chapter];

/** One provider process for the same chapter of many stories. */
const oneRun = async (
  parts: readonly Part[],
  start: () => Promise<ProviderProcess>,
  kind: string,
): Promise<void> => {
  if (parts.length === 0) return;
  const process = await start();
  const isDoomed = parts.some(
    ([{ disturbance }, { isDisturbed }]) => isDisturbed === true && disturbance.trap.how === "hold",
  );
  const works = parts.map(
    ([story, chapter]) =>
      () =>
        played(story, chapter, process.of(kind)),
  );
  await inTurn(works, isDoomed ? works.length : AT_ONCE);
  process.kill();
  await process.ended;
  const printed = process.printed();
  for (const [story] of parts) {
    void story.far.set(undefined);
    if (leaks(story, printed)) story.problem = "a key is printed, or in state or in a message";
    if (/^\s+at .*:\d+/m.test(printed)) story.problem = `a stack trace is printed: ${printed}`;
  }
};

const isKilled = ([{ disturbance }, { isDisturbed }]: Part): boolean =>
  isDisturbed === true && disturbance.trap.how === "hold";

const nothingYet = { kept: undefined, error: undefined, problem: undefined };

/** Disturbs every verb of an artifact at every command. */
export const cutEverywhere = async (entry: LawEntry): Promise<Result[]> => {
  const stages = await undisturbed(entry);
  const key = newKey();
  const stories: Story[] = [];
  for (const disturbance of disturbances) {
    const { commands } = stages[disturbance.verb];
    for (let command = 1; command <= commands; command += 1)
      for (const next of nextsAfter(disturbance, command)) {
        const far = await farEnd(newSite(stories.length + 1, { isAdmin: true }), [key]);
        entry.prepare?.(far.site);
        const mayBeSpared = command > commands - Math.ceil(commands / 4);
        stories.push({ disturbance, command, mayBeSpared, next, far, ...nothingYet });
      }
  }
  const way = reaching(stories.map(({ far }) => far));
  try {
    const books = stories.map((story) => ({ story, chapters: chaptersOf(entry, story, stages) }));
    for (let n = 0; n < 4; n += 1) {
      const parts = books.flatMap(({ story, chapters }): Part[] => {
        const chapter = chapters[n];
        return chapter === undefined ? [] : [[story, chapter]];
      });
      const start = () => providerProcess(way.env);
      await oneRun(
        parts.filter((part) => !isKilled(part)),
        start,
        entry.kind,
      );
      await oneRun(parts.filter(isKilled), start, entry.kind);
    }
  } finally {
    for (const { far } of stories) {
      await far.close();
      far.site.dispose();
    }
    await way.dispose();
  }
  return stories.map(({ disturbance, command, next, problem }) => ({ disturbance, command, next, problem }));
};
