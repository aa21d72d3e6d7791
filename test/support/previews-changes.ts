/** A program of one of everything, and ways to change it. */
import type { Program, Desired } from "./previews";

export const CINDER = "/etc/cinder/cinder.conf";

export const base: Program = {
  "pool-a": {
    kind: "pool",
    args: { name: "truth-a", size: 2, minSize: 1, pgNum: 8, pgAutoscaleMode: "off" },
  },
  "pool-b": {
    kind: "pool",
    args: { name: "truth-b", size: 2, pgNum: { initial: 8 }, pgAutoscaleMode: "warn" },
  },
  user: {
    kind: "entity",
    args: {
      entity: "client.truth",
      caps: { mon: "profile rbd", osd: ["profile rbd pool=truth-a", "profile rbd-read-only pool=truth-b"] },
    },
  },
  keyring: { kind: "keyring", args: { host: "cmp1", entity: "client.truth", owner: "nova" } },
  secret: { kind: "secret", args: { host: "cmp1", entity: "client.truth" } },
  conf: { kind: "conf", args: { host: "vol1", options: { "client.truth": { rbd_cache: true } } } },
  section: {
    kind: "section",
    args: {
      host: "vol1",
      path: CINDER,
      section: "truth",
      options: {
        rbd_pool: "truth-a",
        rbd_max_clone_depth: 5,
        hosts: ["a", "b"],
        filters: { repeated: ["x", "y"] },
      },
      secretOptions: { password: "one" },
    },
  },
  shared: {
    kind: "section",
    args: { host: "vol1", path: CINDER, section: "DEFAULT", options: { debug: true } },
  },
  etc: { kind: "directory", args: { host: "vol1", path: "/etc/truth", owner: "cinder", mode: "0750" } },
  runtime: { kind: "directory", args: { host: "vol1", path: "/run/truth", owner: "cinder", mode: "0750" } },
};

/** The program with other arguments of one resource; `undefined` leaves one out. */
export const given =
  (name: string, patch: Readonly<Record<string, unknown>>) =>
  (program: Program): Program => {
    const one = program[name];
    if (one === undefined) throw new Error(`no ${name}`);
    const args = Object.entries({ ...one.args, ...patch }).filter(([, value]) => value !== undefined);
    return { ...program, [name]: { ...one, args: Object.fromEntries(args) } as unknown as Desired };
  };

export const without =
  (...names: string[]) =>
  (program: Program): Program =>
    Object.fromEntries(Object.entries(program).filter(([name]) => !names.includes(name)));

export const more =
  (some: Program) =>
  (program: Program): Program => ({ ...program, ...some });

export const all =
  (...changes: ((program: Program) => Program)[]) =>
  (program: Program): Program =>
    changes.reduce((result, change) => change(result), program);

export const options = (patch: Readonly<Record<string, unknown>>) => (program: Program) => {
  const { section } = program;
  if (section?.kind !== "section") throw new Error("no section");
  const kept = Object.entries({ ...section.args.options, ...patch }).filter(
    ([, value]) => value !== undefined,
  );
  return given("section", { options: Object.fromEntries(kept) })(program);
};
