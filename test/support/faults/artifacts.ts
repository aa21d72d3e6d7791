/** Faults of single artifacts. */
import type { Fault } from "./fault";

const PACKAGES = "providers/client-packages/life.ts";
const UNITS = "providers/service/verdict.ts";
const OWN = "providers/client-check/python-own.ts";
const OTHERS = "providers/client-check/python-others.ts";

export const OF_ARTIFACTS: readonly Fault[] = [
  {
    name: "a package that another stack wants goes with the one that installed it",
    edits: [{ file: PACKAGES, from: "task.removes ? heirsOf(others, mine) : []", to: "[]" }],
  },
  {
    name: "packages that need a package go with it",
    edits: [
      {
        file: PACKAGES,
        from: "if (names.length === 0 || !(await others(names))) return",
        to: "if (true) return",
      },
    ],
  },
  {
    name: "a package that somebody else has brought meanwhile counts as ours",
    edits: [
      {
        file: "providers/client-packages/install.ts",
        from: "(record.begun ?? []).filter((name) => !brought.includes(name)),",
        to: "[],",
      },
    ],
  },
  {
    name: "a unit runs with something older than its files",
    edits: [
      { file: UNITS, from: "  if (written > started) return true;\n", to: "" },
      { file: UNITS, from: "return before !== read.digest;", to: "return false;" },
    ],
  },
  {
    name: "a unit is restarted for what was changed and put back",
    edits: [
      {
        file: UNITS,
        from: "      if (isKnown && before !== undefined) return before !== read.digest;\n",
        to: "",
      },
    ],
  },
  {
    name: "add-caps takes another daemon's caps away",
    edits: [
      {
        file: "providers/ceph-auth-entity/caps.ts",
        from: "Object.keys(there).every((service) => {",
        to: "Object.keys(desired).every((service) => {",
      },
    ],
  },
  {
    name: "add-caps overwrites",
    edits: [
      {
        file: "providers/ceph-auth-entity/admission.ts",
        from: 'adopt === "add-caps" ? "if-identical" : adopt;',
        to: 'adopt === "add-caps" ? "overwrite" : adopt;',
      },
    ],
  },
  {
    name: "a refresh does the whole check, and writes",
    edits: [
      {
        file: "providers/client-check/index.ts",
        from: "brokenLinks(reach, inputs, inputs.refresh)",
        to: 'brokenLinks(reach, inputs, "write")',
      },
    ],
  },
  {
    name: "a check leaves its clone",
    edits: [{ file: OTHERS, from: "        tidy(made[into], into, [name])\n", to: "        pass\n" }],
  },
  {
    name: "a check leaves what it could make where it must not",
    edits: [{ file: OTHERS, from: "            undo()\n", to: "            pass\n" }],
  },
  {
    name: "a check does not end what a killed one has left",
    edits: [{ file: OWN, from: "        tidy(made[spec], spec, [name])\n", to: "        pass\n" }],
  },
  {
    name: "a check takes the image of another that lives",
    edits: [{ file: OWN, from: "    return made + HOUR < time.time()\n", to: "    return True\n" }],
  },
];
