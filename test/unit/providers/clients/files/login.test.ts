/** Without root: the login's own rights, and the same care for directories of others. */
import { expect, test } from "@jest/globals";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
  lchownSync,
} from "node:fs";
import { filesOn } from "../../../../../providers/clients/files/index";
import { fakeHost, type FakeHost } from "../../../../support/fake-host";

const asRoot = process.getuid?.() === 0 ? test : test.skip;
const [LOGIN, OTHER] = [65534, 1];

const host = (): FakeHost => {
  const login = ["setpriv", "--reuid", String(LOGIN), "--regid", String(LOGIN), "--clear-groups"];
  const h = fakeHost({ shell: [...login, "/bin/sh"] });
  chmodSync(h.root, 0o755);
  chownSync(h.path("state"), LOGIN, LOGIN);
  mkdirSync(h.path("own"));
  chownSync(h.path("own"), LOGIN, LOGIN);
  // Everybody may write here; it is somebody else's.
  mkdirSync(h.path("open"));
  chownSync(h.path("open"), OTHER, OTHER);
  chmodSync(h.path("open"), 0o777);
  return h;
};

const mine = (path: string): void => {
  writeFileSync(path, "old", { mode: 0o640 });
  chownSync(path, LOGIN, LOGIN);
};

asRoot("a login writes what it may write, with its records in a place of its own", async () => {
  const h = host();
  for (const directory of ["own", "open"]) {
    mine(h.path(directory, "conf"));
    const files = filesOn(h);
    const look = await files.look(h.path(directory, "conf"));
    const after = await files.change(look, () => ({ to: { bytes: "new" }, first: "record" }));
    expect(after).toMatchObject({
      bytes: "new",
      record: "record",
      holder: { uid: String(LOGIN), mode: "0640" },
    });
    expect(readdirSync(h.path(directory))).toEqual(["conf"]);
  }
  expect(lstatSync(h.ledger).uid).toBe(LOGIN);
});

asRoot("a file of another user is told from one that can be written, and stays", async () => {
  const h = host();
  mkdirSync(h.path("closed"));
  writeFileSync(h.path("closed", "conf"), "theirs", { mode: 0o644 });
  const files = filesOn(h);
  const look = await files.look(h.path("closed", "conf"));
  await expect(files.change(look, () => ({ to: { bytes: "new" }, first: "record" }))).rejects.toThrow(
    /[Pp]ermission denied|not permitted/,
  );
  expect(h.text(h.path("closed", "conf"))).toBe("theirs");
  expect(h.records()).toEqual([]);
});

asRoot("a link that another user put is not followed", async () => {
  const h = host();
  mine(h.path("own", "secret"));
  symlinkSync(h.path("own", "secret"), h.path("open", "conf"));
  lchownSync(h.path("open", "conf"), OTHER, OTHER);
  await expect(filesOn(h).look(h.path("open", "conf"))).rejects.toThrow(/symbolic link/);
});
