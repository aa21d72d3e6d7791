/** Faults that no history meets, and the test that holds each. */

export interface HeldElsewhere {
  readonly name: string;
  /** Why no history meets it. */
  readonly why: string;
  readonly file: string;
  /** Stands in that file. */
  readonly test: string;
}

export const HELD_ELSEWHERE: readonly HeldElsewhere[] = [
  {
    name: "an unknown cluster is taken for a missing fsid, a replacement, a collision of two pools",
    why: "every Output of the programs is known when its run begins",
    file: "test/unit/providers/ownership/unknown.test.ts",
    test: "two of which the same part is not known yet do not collide",
  },
  {
    name: "takeOverFrom is passed over where something is let go",
    why: "no stack of the histories is renamed",
    file: "test/unit/providers/ownership/laws.test.ts",
    test: "options, files and entities of a stack that was renamed are removed by a destroy, whatever the records still say",
  },
  {
    name: "an adopted thing without a record is removed, though another has adopted it too",
    why: "where a stack's end takes an entity, the other's state says nothing any more that a law could hold",
    file: "test/unit/providers/ownership/laws.test.ts",
    test: "what is to be removed and has lost its record is left, and said",
  },
  {
    name: "what a check of this run has claimed is removed by a delete whose token is the record's",
    why: "the token saves it: two stand guard, and the histories see nothing before both are gone",
    file: "test/unit/providers/ownership/decision.test.ts",
    test: "that a check of this run has claimed",
  },
  {
    name: "a refresh looks at no link of a check",
    why: "the programs manage every link, so that the run that refreshes mends it too",
    file: "test/unit/providers/client-check/index.test.ts",
    test: "a refresh only connects and lists, and what it finds broken shows in words until an update has proven it anew",
  },
];
