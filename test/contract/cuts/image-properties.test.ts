/** Cut at each request, as the others at each command; the provider's own process speaks HTTP with what listens here. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { fakeGlance, IMAGE, listening, type FakeGlance, type Listening } from "../../support/fake-glance";
import { destroy, refresh, up, type Kept, type Left } from "../../support/laws-engine";
import { providerProcess, type KindVerbs } from "../../support/provider-process";

/** More than any verb needs. */
const REQUESTS = 6;
const VERBS = ["create", "update", "delete"] as const;
const WHEN = ["before", "after"] as const;

interface Story {
  readonly verb: (typeof VERBS)[number];
  readonly when: (typeof WHEN)[number];
  /** From this request of the disturbed verb on the connection is cut. */
  readonly from: number;
  readonly fake: FakeGlance;
  readonly far: Listening;
  kept: Kept | undefined;
  disturbed: Left | undefined;
  reached: boolean;
  /** After the next run, and after the end. */
  there: unknown;
  left: unknown;
  failures: string[];
}

const propertiesOn = ({ fake }: Story): unknown =>
  Object.fromEntries(
    Object.entries(fake.images.get(IMAGE) ?? {})
      .filter(([name]) => /^(hw|os|pulumi)_/.test(name))
      .map(([name, value]) => [name.replace(/_[0-9a-f]{12}$/, ""), name.startsWith("pulumi") ? "…" : value]),
  );

const FIRST = { hw_disk_bus: "scsi", hw_a: "1" };
const LATER = { hw_disk_bus: "virtio", hw_b: "2" };

const upTo = async (verbs: KindVerbs, story: Story, properties: object): Promise<Left> => {
  const endpoint = story.far.url;
  return up(verbs, story.kept, { image: "cirros", endpoint, properties, __owner: "site/prod::t::a" });
};

const actOf =
  ({ verb }: Story) =>
  (verbs: KindVerbs, story: Story): Promise<Left> => {
    if (verb === "delete") return destroy(verbs, story.kept);
    return upTo(verbs, story, verb === "create" ? FIRST : LATER);
  };

/** One run of the engine for all stories: a process of its own. */
const chapter = async (
  stories: readonly Story[],
  play: (verbs: KindVerbs, story: Story) => Promise<void>,
) => {
  const process = await providerProcess({});
  const verbs = process.of("ImageProperties");
  for (const story of stories)
    await play(verbs, story).catch((error: unknown) => void story.failures.push(String(error)));
  process.kill();
  await process.ended;
};

const keep = (story: Story, { kept, error }: Left): void => {
  story.kept = kept;
  if (error !== undefined) story.failures.push(error.message);
};

const disturb = async (verbs: KindVerbs, story: Story): Promise<void> => {
  const { fake, when, from } = story;
  let count = 0;
  const cut = () => {
    if (count < from) return;
    story.reached = true;
    throw new Error("cut");
  };
  fake.before = () => {
    count += 1;
    if (when === "before") cut();
  };
  fake.after = (answer) => {
    if (when === "after") cut();
    return answer;
  };
  story.disturbed = await actOf(story)(verbs, story);
  story.kept = story.disturbed.kept;
  fake.before = () => undefined;
  fake.after = (answer) => answer;
};

const stories: Story[] = [];

beforeAll(async () => {
  for (const verb of VERBS)
    for (const when of WHEN)
      for (let from = 1; from <= REQUESTS; from += 1) {
        const fake = fakeGlance();
        const nothing = { kept: undefined, disturbed: undefined, there: undefined, left: undefined };
        const far = await listening(fake);
        stories.push({ verb, when, from, fake, far, ...nothing, reached: false, failures: [] });
      }
  const made = stories.filter(({ verb }) => verb !== "create");
  await chapter(made, async (verbs, story) => keep(story, await upTo(verbs, story, FIRST)));
  await chapter(stories, disturb);
  await chapter(stories, async (verbs, story) => {
    keep(story, await actOf(story)(verbs, story));
    story.there = propertiesOn(story);
  });
  await chapter(stories, async (verbs, story) => {
    story.kept = await refresh(verbs, story.kept);
    keep(story, await destroy(verbs, story.kept));
    story.left = propertiesOn(story);
  });
}, 240_000);

afterAll(async () => {
  for (const { far } of stories) await far.close();
});

const BEFORE = { hw_disk_bus: "ide", os_distro: "cirros" };
const RECORD = { pulumi_ceph_openstack: "…" };
const AFTER = {
  create: { ...BEFORE, ...FIRST, ...RECORD },
  update: { ...BEFORE, ...LATER, ...RECORD },
  delete: BEFORE,
};

describe.each(VERBS)("%s", (verb) => {
  test.each(WHEN)("cut %s any request ends as if nothing had happened, after the next run", (when) => {
    const mine = stories.filter((story) => story.verb === verb && story.when === when);
    expect(mine.filter(({ reached }) => reached).length).toBeGreaterThanOrEqual(2);
    for (const { from, reached, disturbed, failures, there, left } of mine) {
      expect([from, disturbed?.error === undefined]).toEqual([from, !reached]);
      expect([from, failures, there, left]).toEqual([from, [], AFTER[verb], BEFORE]);
    }
  });
});
