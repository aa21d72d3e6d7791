/** What people may do between runs, and which resources it is about. */
import type { Slot } from "./program";

const KEYED: readonly Slot[] = ["entity", "keyring", "keyring2", "secret"];
const SECTIONS: readonly Slot[] = ["section", "section2", "service"];
const CHECKED: readonly Slot[] = ["check", "guests"];
const PACKAGES: readonly Slot[] = ["packages", "packages2"];

export const ACTS = {
  "key changed by hand": KEYED,
  "key changed by hand and distributed": KEYED,
  "entity deleted": KEYED,
  "keyring deleted": ["keyring", "keyring2", "service"],
  "option changed": SECTIONS,
  "line added": SECTIONS,
  "keyring given to root": ["check"],
  "ceph.conf removed": ["conf", ...CHECKED],
  "pool deleted": ["pool", ...CHECKED],
  "caps taken away": CHECKED,
  "a clause added to its caps": ["entity", ...CHECKED],
  "the pool of images added to its caps": ["entity", ...CHECKED],
  "caps of another daemon added": ["entity", ...CHECKED],
  "cinder.conf moved away": SECTIONS,
  "cinder.conf put back": SECTIONS,
  "pool renamed": ["pool", "entity"],
  "secret deleted": ["secret"],
  "directory removed": ["dir"],
  "image's property changed": ["image", "image2"],
  "ceph-common installed": PACKAGES,
  "qemu-block-extra installed": PACKAGES,
  "librbd1 removed": PACKAGES,
} as const satisfies Readonly<Record<string, readonly Slot[]>>;
export type Act = keyof typeof ACTS;

const isAct = (name: string): name is Act => name in ACTS;

const isAbout = (act: Act, slots: readonly Slot[]): boolean => {
  const about: readonly Slot[] = ACTS[act];
  return about.some((slot) => slots.includes(slot));
};

/** Those that are about any of these resources. */
export const actsOn = (slots: readonly Slot[]): readonly Act[] =>
  Object.keys(ACTS)
    .filter(isAct)
    .filter((act) => isAbout(act, slots));
