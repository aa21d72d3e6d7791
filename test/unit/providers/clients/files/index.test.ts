import { describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { filesOn } from "../../../../../providers/clients/files/index";
import { fakeHost, type FakeHost } from "../../../../support/fake-host";
import { SHELLS } from "../../../../support/shells";

const host = (shell: readonly string[] = ["/bin/sh"]): FakeHost => fakeHost({ shell });

const to = (bytes: string) => () => ({ to: { bytes } });

describe.each(SHELLS)("the files of a host, by %s", (...shell) => {
  test("a file that is not there is told from one that is empty", async () => {
    const h = host(shell);
    const files = filesOn(h);
    const nothing = await files.look(h.path("a.conf"));
    expect(nothing).toMatchObject({ kind: "absent", real: h.path("a.conf"), hasDirectory: true });
    writeFileSync(h.path("a.conf"), "");
    expect(await files.look(h.path("a.conf"))).toMatchObject({ kind: "file", bytes: "" });
    expect(await files.look(h.path("nowhere", "a.conf"))).toMatchObject({
      kind: "absent",
      hasDirectory: false,
    });
  });

  test("a machine is the same under two names, and another machine is another", async () => {
    const [one, other] = [host(shell), host(shell)];
    const machineOf = async (machine: Parameters<typeof filesOn>[0], path = "libvirt-secret:a") =>
      (await filesOn(machine).look(path)).machine;
    const known = await machineOf(one);
    expect(known).toMatch(/^[0-9a-f]{64}$/);
    expect(await machineOf({ ...one, name: "one.example.com" }, one.path("x"))).toBe(known);
    expect(await machineOf(other)).not.toBe(known);
  });

  test("a machine without a machine id is known as well, and one that says nothing is not", async () => {
    const without = (...paths: string[]) => {
      const h = host(shell);
      h.before = ({ program, ...request }) => ({
        ...request,
        program: {
          ...program,
          text: paths.reduce((text, path) => text.replaceAll(path, h.path("gone")), program.text),
        },
      });
      return filesOn(h).look(h.path("x"));
    };
    expect((await without("/etc/machine-id")).machine).toMatch(/^[0-9a-f]{64}$/);
    expect(await without("/proc/sys/kernel/random/boot_id")).not.toHaveProperty("machine");
  });

  test("any byte of a content survives reading and writing", async () => {
    const h = host(shell);
    const files = filesOn(h);
    const bytes =
      Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
        .join("")
        .repeat(400) + "\n\n";
    const look = await files.change(await files.look(h.path("b")), () => ({
      to: { bytes },
      mode: "0640",
      first: '{"a":"é"}',
    }));
    expect(look.bytes).toBe(bytes);
    expect(h.text(h.path("b"))).toBe(bytes);
    expect(look).toMatchObject({ record: '{"a":"é"}', holder: { mode: "0640" } });
    expect((await filesOn(h).look(h.path("b"))).bytes).toBe(bytes);
  });

  test("a write leaves nothing behind but the file and its record, and the last record takes the ledger with it", async () => {
    const h = host(shell);
    const files = filesOn(h);
    mkdirSync(h.path("etc"));
    const look = await files.change(await files.look(h.path("etc/c")), () => ({
      to: { bytes: "x" },
      first: "one",
      then: "two",
    }));
    expect(readdirSync(h.path("etc"))).toEqual(["c"]);
    expect(h.records()).toHaveLength(1);
    expect(look.record).toBe("two");
    const after = await files.change(look, () => ({ to: "removed", then: null }));
    expect(after).toMatchObject({ kind: "absent" });
    expect(readdirSync(h.path("etc"))).toEqual([]);
    expect(existsSync(h.ledger)).toBe(false);
  });

  test("an edit that wants nothing runs nothing and moves no time", async () => {
    const h = host(shell);
    const files = filesOn(h);
    writeFileSync(h.path("d"), "as it was");
    const stamp = () =>
      (({ ino, mtimeNs, ctimeNs }) => [ino, mtimeNs, ctimeNs])(statSync(h.path("d"), { bigint: true }));
    const before = stamp();
    const look = await files.look(h.path("d"));
    await files.change(look, () => undefined);
    expect(stamp()).toEqual(before);
    expect(h.ran).toEqual(["files-look"]);
  });

  test("an edit by somebody else in between is seen and kept", async () => {
    const h = host(shell);
    const files = filesOn(h);
    writeFileSync(h.path("e"), "first\n");
    const look = await files.look(h.path("e"));
    writeFileSync(h.path("e"), "second\n");
    await files.change(look, ({ bytes = "" }) => ({ to: { bytes: `${bytes}ours\n` } }));
    expect(h.text(h.path("e"))).toBe("second\nours\n");
    expect(h.ran).toEqual(["files-look", "files-write", "files-write"]);
  });

  test("writers of several processes and of one lose nothing", async () => {
    const h = host(shell);
    writeFileSync(h.path("f"), "");
    const line = (n: number) => async (): Promise<void> => {
      const files = filesOn(h);
      await files.change(await files.look(h.path("f")), ({ bytes = "" }) => ({
        to: { bytes: `${bytes}${n}\n` },
        first: String(n),
      }));
    };
    await Promise.all([1, 2, 3, 4, 5, 6].map((n) => line(n)()));
    const one = filesOn(h);
    const look = await one.look(h.path("f"));
    await Promise.all(
      [7, 8, 9].map((n) => one.change(look, ({ bytes = "" }) => ({ to: { bytes: `${bytes}${n}\n` } }))),
    );
    expect(h.text(h.path("f")).trim().split("\n").map(Number).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(h.records()).toHaveLength(1);
  });

  test("mode and group of a file that is there stay, and can be set", async () => {
    const h = host(shell);
    const files = filesOn(h);
    writeFileSync(h.path("m"), "1");
    chmodSync(h.path("m"), 0o604);
    const kept = await files.change(await files.look(h.path("m")), to("2"));
    expect(kept.holder?.mode).toBe("0604");
    const set = await files.change(kept, ({ bytes = "" }) => ({ to: { bytes }, mode: "0600" }));
    expect(set.holder?.mode).toBe("0600");
  });

  test("a directory is made, dressed, and removed only when it is empty", async () => {
    const h = host(shell);
    const files = filesOn(h);
    const made = await files.change(await files.look(h.path("dir")), () => ({
      to: "directory",
      mode: "2770",
      first: "made",
    }));
    expect(made).toMatchObject({ kind: "directory", holder: { mode: "2770" }, record: "made" });
    writeFileSync(h.path("dir", "x"), "");
    const left = await files.change(made, () => ({ to: "no-directory" }));
    expect(left.kind).toBe("directory");
    execFileSync("rm", [h.path("dir", "x")]);
    expect((await files.change(left, () => ({ to: "no-directory", then: null }))).kind).toBe("absent");
    expect(existsSync(h.ledger)).toBe(false);
  });

  test("a name that is no path has a record only", async () => {
    const h = host(shell);
    const files = filesOn(h);
    const look = await files.look("libvirt-secret:1");
    expect(look.kind).toBe("none");
    expect((await files.change(look, () => ({ first: "r" }))).record).toBe("r");
    expect(
      (await files.change(await files.look("libvirt-secret:1"), () => ({ first: null }))).record,
    ).toBeUndefined();
    expect(existsSync(h.ledger)).toBe(false);
  });
});

test("content that the process knows does not travel again", async () => {
  const h = host();
  const files = filesOn(h);
  writeFileSync(h.path("big"), "x".repeat(100_000));
  const sizes: number[] = [];
  h.after = (result) => {
    sizes.push(result.stdout.length);
    return result;
  };
  await files.look(h.path("big"));
  const again = await files.look(h.path("big"));
  expect(again.bytes).toHaveLength(100_000);
  expect(sizes[0]).toBeGreaterThan(100_000);
  expect(sizes[1]).toBeLessThan(1_000);
});

test("looks at one path at one time are one program, and a look after a write is fresh", async () => {
  const h = host();
  const files = filesOn(h);
  writeFileSync(h.path("s"), "1");
  const [a] = await Promise.all([files.look(h.path("s")), files.look(h.path("s"))]);
  expect(h.ran).toEqual(["files-look"]);
  await files.change(a, to("2"));
  expect((await files.look(h.path("s"))).bytes).toBe("2");
});

test("a hard link elsewhere keeps its own content", async () => {
  const h = host();
  const files = filesOn(h);
  writeFileSync(h.path("one"), "1");
  linkSync(h.path("one"), h.path("two"));
  await files.change(await files.look(h.path("one")), to("2"));
  expect(h.text(h.path("two"))).toBe("1");
  expect(basename((await files.look(h.path("one"))).real)).toBe("one");
});

test("a file with an access list keeps it", async () => {
  const h = host();
  writeFileSync(h.path("acl"), "1");
  try {
    execFileSync("setfacl", ["-m", "u:65534:r", h.path("acl")], { stdio: "ignore" });
  } catch {
    return; // no setfacl, or no access lists on this file system
  }
  const files = filesOn(h);
  await files.change(await files.look(h.path("acl")), to("2"));
  expect(execFileSync("getfacl", ["-n", h.path("acl")], { encoding: "utf8" })).toContain("user:65534:r--");
});
