/** Faults in whose a thing is, and in what becomes of keys. */
import type { Fault, FaultEdit } from "./fault";

const DECISION = "providers/ownership/decision.ts";
const ACTING = "providers/ownership/acting-owner.ts";
const THINGS = "providers/ownership/things.ts";
const VERBS = "providers/kernel/verbs.ts";
const ENTITY = "providers/ceph-auth-entity/life.ts";
const ROTATION = "providers/ceph-auth-entity/rotation.ts";

/** As it was when owners were compared by their names alone. */
const BY_NAME: readonly FaultEdit[] = [
  {
    file: DECISION,
    from: "const isNamed = party.lives || party.token === undefined || record.token === undefined;",
    to: "const isNamed = true;",
  },
];

const WITHOUT_TOKENS: readonly FaultEdit[] = [
  ...BY_NAME,
  {
    file: DECISION,
    from: '  if (isSameCreate(record, party.token)) return "mine";\n  const isNamed',
    to: "  const isNamed",
  },
];

const WITHOUT_CLAIMS: readonly FaultEdit[] = [
  { file: DECISION, from: '  if (isClaimed) return "handed over";\n', to: "" },
  {
    file: VERBS,
    from: "  if (claims.length > 0 && claims.every(({ thing }) => reach.claims.holder(thing) !== undefined)) return;\n",
    to: "",
  },
];

const SPOT = "  [look.machine ?? host, look.real, part]";
const BY_HOST_NAME: FaultEdit = { file: THINGS, from: SPOT, to: "  [host, look.real, part]" };

export const OF_OWNERSHIP: readonly Fault[] = [
  {
    name: "a host's name changes: the old half's delete takes the new one's file",
    edits: [...BY_NAME, BY_HOST_NAME],
  },
  {
    name: "a path leads to the same file by a link: the old half's delete takes it",
    edits: [...BY_NAME, { file: THINGS, from: SPOT, to: "  [look.machine ?? host, look.path, part]" }],
  },
  {
    name: "the pending half of a replacement is carried out on what lives",
    edits: [...BY_NAME, ...WITHOUT_CLAIMS],
  },
  { name: "one machine under two names has two living owners of one file", edits: [BY_HOST_NAME] },
  {
    name: "an unannounced rotation: a key changed by hand is set anew",
    edits: [
      {
        file: ENTITY,
        from: 'if (changed.includes("keyGeneration")) return turn',
        to: 'if (changed.includes("keyGeneration") || managed["keyState"] === ANOTHER_KEY) return turn',
      },
    ],
  },
  {
    name: "an entity deleted by hand is made anew by the way, with a key that no preview shows",
    edits: [{ file: ENTITY, from: "    if (task.wasThere) throw isGone(task);\n", to: "" }],
  },
  {
    name: "an alias, then a change of policy alone, then destroy: the record keeps the old name",
    edits: [
      ...WITHOUT_TOKENS,
      { file: VERBS, from: "  ownerOf(olds) !== ownerOf(news) || (news", to: "  (news" },
    ],
  },
  {
    name: 'a thing adopted to be removed (onDelete: "remove") gets no record',
    edits: [{ file: ENTITY, from: 'changed.length > 0 || onDelete === "remove"', to: "changed.length > 0" }],
  },
  {
    name: "a rotation and an unrelated error: keyrings keep the dead key",
    edits: [
      { file: ROTATION, from: "  await holders.give({ key, after: [fingerprint(old), was] });\n", to: "" },
    ],
  },
  {
    name: "a rotation that was cut is not ended: clients keep the dead key",
    edits: [
      {
        file: ENTITY,
        from: '  if (managed["keyState"] === CUT) await task.holders.give({ key: extra.key, after: keysBefore(old) });\n',
        to: "",
      },
    ],
  },
  {
    name: "a rotation begins though a host that holds the key is not to be reached",
    edits: [{ file: ROTATION, from: "  await holders.tryAll();\n", to: "" }],
  },
  {
    name: "an entity is taken away whose key another stack holds",
    edits: [
      {
        file: ENTITY,
        from: "?? (goes ? await whyNeeded(task) : undefined);",
        to: ";",
      },
    ],
  },
  {
    name: "another resource lives on a thing, and it is taken all the same",
    edits: [{ file: DECISION, from: `  if (holder !== undefined) return "another's";\n`, to: "" }],
  },
  {
    name: "a replacement under way forgets the token of before",
    edits: [
      {
        file: ACTING,
        from: "return { during: { ...after, before: [...new Set([...(record.before ?? []), record.token])] }, after };",
        to: "return { during: after, after };",
      },
    ],
  },
  {
    name: "a record counts for whoever lives in the program, in what is said",
    edits: [{ file: ACTING, from: "if (claims.holder(thing) === recorded)", to: "if (true)" }],
  },
  {
    name: "what was there before goes with a destroy",
    edits: [{ file: THINGS, from: '(record.origin === "created" ? "remove" : "keep")', to: '"remove"' }],
  },
  {
    name: "an option of another is let go of with one's own",
    edits: [
      {
        file: "providers/ownership/ledger-edit.ts",
        from: "      desired.letsGo(option),",
        to: "      true,",
      },
    ],
  },
  {
    name: "what failed half-way counts as done where nothing but policy changes",
    edits: [{ file: VERBS, from: "  !(FAILED in olds) &&\n", to: "" }],
  },
];
