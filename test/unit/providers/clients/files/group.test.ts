import { describe, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { filesOn, type Look } from "../../../../../providers/clients/files/index";
import { together, type Edit } from "../../../../../providers/clients/files/group";
import { parseLedger } from "../../../../../providers/ownership/ledger";
import { step } from "../../../../../providers/ownership/ledger-edit";
import { fakeHost } from "../../../../support/fake-host";

const look = (bytes: string, record?: string): Look => ({
  path: "/f",
  real: "/f",
  kind: "file",
  hasDirectory: true,
  bytes,
  ...(record === undefined ? {} : { record }),
});

const by = (owner: string) => ({
  titles: () => ({ during: { owner }, after: { owner } }),
  letsGo: (option: { readonly owner: string }) => option.owner === owner,
});

const sets =
  (owner: string, value: string): Edit =>
  ({ bytes, record }) => {
    const desired = { dialect: "oslo" as const, section: owner, ...by(owner) };
    const next = step({ bytes, ledger: parseLedger(record, "/f") }, [
      { ...desired, changes: [{ name: "k", values: [value] }] },
    ]);
    if (next === undefined) return undefined;
    const { first, bytes: to, then } = next;
    return {
      ...(to === undefined || to === null ? {} : { to: { bytes: to } }),
      ...(first === undefined ? {} : { first }),
      ...(then === undefined ? {} : { then }),
    };
  };

const group = (base: Look, ...edits: Edit[]) =>
  together(
    base,
    edits.map((edit) => ({ seen: base, edit })),
  );

describe("edits that share a write", () => {
  test("hold all that is desired, and one record of all", () => {
    const { taken, change, failed } = group(look("[a]\nk = 0\n"), sets("a", "1"), sets("b", "2"));
    expect([taken.length, failed.length]).toEqual([2, 0]);
    expect(change?.to).toEqual({ bytes: "[a]\nk = 1\n\n[b]\nk = 2\n" });
    expect(parseLedger(change?.first ?? "", "/f").options.map(({ owner }) => owner)).toEqual(["a", "b"]);
    expect(change).not.toHaveProperty("then");
  });

  test("count old and new value of every one of them as ours until the file is renamed", () => {
    const before = group(look("[a]\nk = 0\n"), sets("a", "1"), sets("b", "2")).change;
    const now = look("[a]\nk = 1\n\n[b]\nk = 2\n", before?.first ?? "");
    const { change } = group(now, sets("a", "3"), sets("b", "4"));
    const counts = (text: string | null | undefined) =>
      parseLedger(text ?? "", "/f").options.map(({ wrote }) => wrote.length);
    expect(counts(change?.first)).toEqual([2, 2]);
    expect(counts(change?.then)).toEqual([1, 1]);
  });

  test("leave out one that refuses, and one that needs a write of its own", () => {
    const refuses: Edit = () => {
      throw new Error("no");
    };
    const owner: Edit = () => ({ to: { bytes: "x" }, owner: "root" });
    const { taken, failed } = group(look(""), refuses, sets("a", "1"), owner, sets("b", "2"));
    expect([taken.length, failed.length]).toEqual([1, 1]);
    expect(group(look(""), owner, sets("a", "1")).taken).toHaveLength(1);
  });

  test("are nothing where nobody wants anything", () => {
    expect(
      group(
        look("x"),
        () => undefined,
        () => undefined,
      ),
    ).toMatchObject({ change: undefined, taken: [{}, {}] });
  });
});

test("edits that come while one is written share the next write", async () => {
  const host = fakeHost();
  writeFileSync(host.path("f"), "");
  const files = filesOn(host);
  const seen = await files.look(host.path("f"));
  const names = ["a", "b", "c", "d", "e", "f"];
  const looks = await Promise.all(names.map((name) => files.change(seen, sets(name, name))));
  for (const name of names) expect(host.text(host.path("f"))).toContain(`[${name}]\nk = ${name}\n`);
  expect(host.ran).toEqual(["files-look", "files-write", "files-write"]);
  expect(looks.at(-1)?.bytes).toBe(host.text(host.path("f")));
});

test("a failed edit or write fails those whose it is, and the queue goes on", async () => {
  const host = fakeHost();
  writeFileSync(host.path("f"), "");
  const files = filesOn(host);
  const seen = await files.look(host.path("f"));
  host.before = (request, count) => {
    if (count === 2) throw new Error("the connection was lost");
    return request;
  };
  const results = await Promise.allSettled([
    files.change(seen, sets("a", "1")),
    files.change(seen, () => {
      throw new Error("refused");
    }),
    files.change(seen, sets("b", "2")),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  const last = await files.change(seen, sets("c", "3"));
  expect(last.bytes).toBe("[b]\nk = 2\n\n[c]\nk = 3\n");
});
