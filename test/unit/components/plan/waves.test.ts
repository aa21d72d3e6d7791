/** The waves of restarts, after a change and after a destroy, as the engine takes them from the dependencies of every cloud. */
import { expect, test } from "@jest/globals";
import { refOf, type Entry, type Ref } from "../../../../components/plan/entry";
import { planOf } from "../../../../components/plan/plan";
import { every, type Cloud } from "../../../support/planned-clouds";

/** What each entry waits for, over any number of others. */
const reachOf = (entries: readonly Entry[]) => {
  const byRef = new Map(entries.map((entry): [Ref, Entry] => [refOf(entry), entry]));
  const known = new Map<Ref, ReadonlySet<Ref>>();
  const reach = (ref: Ref): ReadonlySet<Ref> => {
    const before = known.get(ref);
    if (before !== undefined) return before;
    const direct = byRef.get(ref)?.dependsOn ?? [];
    const all = new Set(direct.flatMap((one) => [one, ...reach(one)]));
    known.set(ref, all);
    return all;
  };
  return reach;
};

const RESTART = /^Service (.+)-service$/;

/** Every two services of which one is restarted after the other, as the names of their resources have them. */
const pairs = (entries: readonly Entry[]) => {
  const reach = reachOf(entries);
  return entries.flatMap((entry) => {
    const ref = refOf(entry);
    return RESTART.test(ref)
      ? [...reach(ref)].filter((one) => RESTART.test(one)).map((first) => ({ first, then: ref }))
      : [];
  });
};

test("a destroy restarts in the waves of a change: what waits for another then, waits for it too", () => {
  let found = 0;
  every(({ entries }) => {
    const reach = reachOf(entries);
    for (const { first, then } of pairs(entries)) {
      // The engine deletes what depends on another before that.
      expect([...reach(`${first}-undo` as Ref)]).toContain(`${then}-undo`);
      found += 1;
    }
  });
  expect(found).toBeGreaterThan(0);
});

test("a destroy holds nobody back who would not be after a change", () => {
  every(({ entries }) => {
    const reach = reachOf(entries);
    const held = new Set(pairs(entries).map(({ first, then }) => `${first}-undo < ${then}-undo`));
    for (const entry of entries) {
      const ref = refOf(entry);
      const waits = ref.endsWith("-undo") ? [...reach(ref)] : [];
      // It waits for its like alone, which have nothing on their hosts before they are deleted: no host keeps another from its files.
      expect(waits.filter((one) => !held.has(`${ref} < ${one}`))).toEqual([]);
    }
  });
});

test("controllers and volume hosts restart beside each other, and computes after all of them", () => {
  every(({ entries }) => {
    const reach = reachOf(entries);
    for (const { first, then } of pairs(entries)) {
      const role = (ref: Ref): string => /-(glance|cinder|cinder-backup|nova)-service$/.exec(ref)?.[1] ?? ref;
      expect(role(then) === "nova" || role(first) === role(then)).toBe(true);
    }
    const [compute] = entries.map(refOf).filter((ref) => ref.endsWith("-nova-service"));
    const others = entries.map(refOf).filter((ref) => /-(glance|cinder|cinder-backup)-service$/.test(ref));
    if (compute !== undefined) expect([...reach(compute)]).toEqual(expect.arrayContaining(others));
  });
});

test("images get their properties after every service has restarted", () => {
  let found = 0;
  every(({ entries }) => {
    const services = entries.map(refOf).filter((ref) => ref.endsWith("-service"));
    for (const { kind, dependsOn } of entries) {
      if (kind !== "ImageProperties") continue;
      expect(dependsOn).toEqual(expect.arrayContaining(services));
      found += 1;
    }
  });
  expect(found).toBeGreaterThan(0);
});

/** The same cloud with hooks, its roles naming their hosts in this order and in that. */
const hookedIn = ({ topology }: Cloud): readonly Entry[] => {
  const roles = topology.roles.map((use, at) =>
    at % 2 === 0 ? use : { ...use, hosts: [...use.hosts].reverse() },
  );
  return planOf({ ...topology, roles, hooked: true }).entries;
};

test("with hooks nothing waits for itself, whatever roles hosts share and in which order they are named", () => {
  let found = 0;
  every((cloud) => {
    const entries = hookedIn(cloud);
    const waiting = new Map(entries.map((entry) => [refOf(entry), entry.dependsOn ?? []]));
    // What waits for nothing that is left can be made.
    for (let before = -1; before !== waiting.size;) {
      before = waiting.size;
      for (const [ref, waits] of waiting) if (!waits.some((one) => waiting.has(one))) waiting.delete(ref);
    }
    expect([...waiting.keys()]).toEqual([]);
    found += entries.filter(({ kind }) => kind === "Hook").length;
  });
  expect(found).toBeGreaterThan(0);
});

test("a restart waits for what its own host's hooks do before it, and for what follows the restarts before it", () => {
  let found = 0;
  every((cloud) => {
    const entries = hookedIn(cloud);
    const reach = reachOf(entries);
    for (const { first, then } of pairs(entries)) {
      const hook = (service: Ref, when: string): string =>
        service.replace(/^Service (.+)-service$/, `Hook $1-${when}`);
      const waits = [hook(then, "before"), hook(then, "restart"), hook(first, "after")];
      expect([...reach(then)]).toEqual(expect.arrayContaining(waits));
      found += 1;
    }
  });
  expect(found).toBeGreaterThan(0);
});
