/** For faults that random histories meet seldom: a small history, by the fault's name, that meets it. Of the code as it is it must keep every law. */
import type { History, RunStep, Step } from "../histories/history";
import type { Edit, Slot } from "../histories/program";

const edit = (slot: Slot, field: Edit["field"], to: number, alias = false): Step => ({
  do: "edit",
  stack: 0,
  edit: { slot, field, to, ...(alias ? { alias } : {}) },
});

const up: RunStep = { do: "run", stack: 0, verb: "up" };

const KEPT = 1;
const REMOVED = 2;
const CAPS_ADDED = 3;

/** All that a check proves. */
const WAY: readonly Slot[] = ["pool", "entity", "keyring", "conf", "check"];

export const WITNESSES: Readonly<Record<string, History>> = {
  "a path leads to the same file by a link: the old half's delete takes it": {
    before: {},
    programs: [["section"], []],
    steps: [up, edit("section", "way", 1), up],
  },
  "a host's name changes: the old half's delete takes the new one's file": {
    before: {},
    programs: [["section"], []],
    steps: [up, edit("section", "host", 3), up],
  },
  "one machine under two names has two living owners of one file": {
    before: {},
    programs: [["section", "section2"], []],
    steps: [
      edit("section", "choice", 1),
      edit("section2", "choice", 2),
      edit("section2", "host", 3),
      { do: "run", stack: 0, verb: "up", continueOnError: true },
      up,
    ],
  },
  "another resource lives on a thing, and it is taken all the same": {
    before: {},
    programs: [["section", "section2"], []],
    steps: [edit("section", "choice", 1), edit("section2", "choice", 2), edit("section2", "way", 1), up],
  },
  "an entity is taken away whose key another stack holds": {
    before: {},
    programs: [["pool", "entity"], ["keyring"]],
    steps: [up, { ...up, stack: 1 }, edit("entity", "present", 0), up],
  },
  "an entity deleted by hand is made anew by the way, with a key that no preview shows": {
    before: {},
    programs: [["pool", "entity"], []],
    steps: [up, { do: "hand", act: "entity deleted", machine: 0 }, edit("entity", "choice", 1), up],
  },
  "an alias, then a change of policy alone, then destroy: the record keeps the old name": {
    before: {},
    programs: [["pool", "entity"], []],
    steps: [
      edit("entity", "onDelete", REMOVED),
      up,
      edit("entity", "name", 1, true),
      edit("entity", "adopt", 1),
      up,
    ],
  },
  'a thing adopted to be removed (onDelete: "remove") gets no record': {
    before: { entity: true, pool: true },
    programs: [["entity"], []],
    steps: [edit("entity", "onDelete", REMOVED), up],
  },
  "a rotation and an unrelated error: keyrings keep the dead key": {
    before: { pool: true },
    programs: [["entity", "keyring", "section", "section2"], []],
    steps: [
      up,
      edit("entity", "generation", 2),
      // Two want one option.
      edit("section2", "choice", 2),
      { do: "run", stack: 0, verb: "up", eager: true },
    ],
  },
  "a rotation that was cut is not ended: clients keep the dead key": {
    before: { pool: true },
    programs: [["entity", "keyring2"], []],
    steps: [
      up,
      edit("entity", "generation", 2),
      // Its record and its key are written, and the keyring no more.
      { ...up, weather: { cut: { at: 4, when: "before", dead: true } } },
      { ...up, targets: ["entity"] },
    ],
  },
  "a unit is restarted for what was changed and put back": {
    before: {},
    programs: [["section", "service"], []],
    steps: [up, { do: "hand", act: "option changed", machine: 0 }, { ...up, refresh: true }],
  },
  "a replacement under way forgets the token of before": {
    before: {},
    programs: [["pool", "entity"], []],
    steps: [
      edit("entity", "onDelete", REMOVED),
      up,
      // Its record is written, and it ends no more: state keeps the half of before.
      {
        ...up,
        replace: ["entity"],
        kill: { at: 1, when: "after" },
        weather: { cut: { at: 2, when: "before", dead: true } },
      },
      edit("entity", "adopt", 1),
      up,
    ],
  },
  "a record counts for whoever lives in the program, in what is said": {
    before: { entity: true },
    programs: [["keyring"], ["keyring"]],
    steps: [
      up,
      edit("keyring", "present", 0),
      // The refresh forgets it, and its record stays.
      { do: "hand", act: "keyring deleted", machine: 0 },
      { ...up, refresh: true },
      { ...up, stack: 1 },
    ],
  },
  "what failed half-way counts as done where nothing but policy changes": {
    before: {},
    programs: [["packages2"], ["packages2"]],
    steps: [
      { ...up, stack: 1 },
      // It has what it wants, and cannot say on the host that it wants it.
      { ...up, weather: { cut: { at: 1, when: "before", dead: true } } },
      edit("packages2", "onDelete", KEPT),
      up,
      { ...up, stack: 1, verb: "destroy" },
    ],
  },
  "a package that another stack wants goes with the one that installed it": {
    before: {},
    programs: [["packages2"], ["packages2"]],
    steps: [up, { ...up, stack: 1 }, { ...up, verb: "destroy" }],
  },
  "packages that need a package go with it": {
    before: {},
    programs: [["packages2"], []],
    steps: [
      edit("packages2", "choice", 2),
      up,
      { do: "hand", act: "qemu-block-extra installed", machine: 0 },
      { ...up, verb: "destroy" },
    ],
  },
  "a package that somebody else has brought meanwhile counts as ours": {
    before: {},
    programs: [["packages2"], []],
    steps: [
      { ...up, weather: { cut: { at: 2, when: "before", dead: true } } },
      { do: "hand", act: "ceph-common installed", machine: 0 },
      up,
      { ...up, verb: "destroy" },
    ],
  },
  "add-caps takes another daemon's caps away": {
    before: { entity: true, less: true, pool: true },
    programs: [["entity"], []],
    steps: [
      edit("entity", "adopt", CAPS_ADDED),
      { do: "hand", act: "caps of another daemon added", machine: 0 },
      up,
    ],
  },
  "add-caps overwrites": {
    before: { entity: true, less: true, more: true, pool: true },
    programs: [["entity"], []],
    steps: [edit("entity", "adopt", CAPS_ADDED), up],
  },
  "a refresh does the whole check, and writes": {
    before: {},
    programs: [WAY, []],
    steps: [up, { do: "run", stack: 0, verb: "refresh" }],
  },
  "a check leaves its clone": { before: {}, programs: [WAY, []], steps: [edit("entity", "choice", 1), up] },
  "a check leaves what it could make where it must not": {
    before: {},
    programs: [WAY, []],
    steps: [
      up,
      { do: "hand", act: "the pool of images added to its caps", machine: 0 },
      edit("keyring", "choice", 1),
      up,
    ],
  },
  "a check does not end what a killed one has left": {
    before: {},
    programs: [WAY, []],
    steps: [{ do: "run", stack: 0, verb: "up", weather: { dies: 5 } }, up],
  },
};
