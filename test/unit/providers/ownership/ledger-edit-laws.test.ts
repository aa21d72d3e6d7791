import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Change } from "../../../../providers/formats/ini/index";
import { parseLedger } from "../../../../providers/ownership/ledger";
import { type DesiredSection } from "../../../../providers/ownership/ledger-edit";
import { desired, FILE, type Host, PATH, take } from "../../../support/ledger-host";

const key = fc.constantFrom("rbd_pool", "rbd_user", "rbd_ceph_conf", "x", "debug");
const value = fc.constantFrom("1", "two", "a b", "", '"q"');
const changes = fc
  .dictionary(key, fc.oneof(fc.array(value, { minLength: 1, maxLength: 3 }), fc.constant(null)), {
    maxKeys: 4,
  })
  .map((map) => Object.entries(map).map(([name, values]): Change => ({ name, values })));
const section = fc.constantFrom("DEFAULT", "ceph", "new");
const file = fc.constantFrom(
  FILE,
  "",
  "[ceph]\nrbd_pool = 1",
  "[new]\n\n\n[ceph]\n  \nx = 1\n  two\n",
  "# only\n",
);
const turn = fc.record({
  owner: fc.constantFrom("a", "b", "c"),
  section,
  changes,
  cut: fc.integer({ min: 0, max: 3 }),
});

/** No two owners of one option: the claims of a run see to that. */
const apart = ({
  owner,
  section: name,
  changes: all,
}: {
  owner: string;
  section: string;
  changes: Change[];
}): DesiredSection => ({
  ...desired(
    owner,
    all.filter((change) => "abc"[change.name.length % 3] === owner),
  ),
  section: name,
});

describe("laws", () => {
  test("whatever was taken over, cut anywhere and not repeated, letting go of all gives the file back to the byte", () => {
    fc.assert(
      fc.property(
        file,
        fc.array(turn, { maxLength: 6 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 9 }),
        (bytes, turns, cuts) => {
          const host: Host = { bytes, record: undefined };
          for (const one of turns) take(host, apart(one), one.cut);
          for (const [at, owner] of ["a", "b", "c"].entries())
            for (const [nth, name] of ["DEFAULT", "ceph", "new"].entries()) {
              take(host, { ...desired(owner, []), section: name }, cuts[at * 3 + nth] ?? 3);
              take(host, { ...desired(owner, []), section: name });
            }
          expect(host).toEqual({ bytes, record: undefined });
        },
      ),
      { seed: 11, numRuns: 2000 },
    );
  });

  test("a step cut anywhere and repeated ends as one that was not cut", () => {
    fc.assert(
      fc.property(file, fc.array(turn, { maxLength: 4 }), turn, (bytes, turns, last) => {
        const host: Host = { bytes, record: undefined };
        for (const one of turns) take(host, apart(one));
        const cut = { ...host };
        take(host, apart(last));
        take(cut, apart(last), last.cut);
        take(cut, apart(last));
        expect(cut.bytes).toBe(host.bytes);
        const owners = ({ record }: Host) =>
          parseLedger(record, PATH).options.map(({ section: name, key: option, owner, wrote }) => [
            name,
            option,
            owner,
            wrote,
          ]);
        expect(owners(cut)).toEqual(owners(host));
      }),
      { seed: 12, numRuns: 1000 },
    );
  });
});
