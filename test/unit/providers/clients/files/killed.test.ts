import { expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { filesOn } from "../../../../../providers/clients/files/index";
import { writeRequest } from "../../../../../providers/clients/files/wire";
import { WRITE_PROGRAM } from "../../../../../providers/clients/files/write";
import { fakeHost, type FakeHost } from "../../../../support/fake-host";

const OLD = "old\n".repeat(5000);
const NEW = "new\n".repeat(5000);

/** Starts a write as a group of processes of its own and kills all of it after a while. */
const killedAfter = async (
  host: FakeHost,
  path: string,
  { ms, signal }: { ms: number; signal: NodeJS.Signals },
) => {
  const look = await filesOn(host).look(path);
  const { args, stdin } = writeRequest(look, {
    to: { bytes: NEW },
    mode: "0640",
    first: "during",
    then: "after",
  });
  const text = WRITE_PROGRAM.text.replaceAll("/var/lib/pulumi-ceph-openstack", host.ledger);
  const env = { ...process.env, LC_ALL: "C", XDG_STATE_HOME: host.path("state") };
  const child = spawn("/bin/sh", ["-c", text, "files-write", ...args], {
    env,
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  await sleep(ms);
  try {
    process.kill(-(child.pid ?? 0), signal);
  } catch {
    // it has ended by itself
  }
  await ended;
};

/** What a whole write takes here and now. */
const timeOfOne = async (): Promise<number> => {
  const host = fakeHost();
  mkdirSync(host.path("etc"));
  const files = filesOn(host);
  writeFileSync(host.path("etc", "f"), OLD);
  const look = await files.look(host.path("etc", "f"));
  const since = performance.now();
  await files.change(look, () => ({ to: { bytes: NEW }, first: "during", then: "after" }));
  return performance.now() - since;
};

test.each(["SIGKILL", "SIGTERM"] as const)(
  "a write killed at any moment by %s leaves old or new, and the next one cleans up",
  async (signal) => {
    const seen = new Set<string>();
    const whole = await timeOfOne();
    for (let step = 0; step < 16; step += 1) {
      const ms = (whole * step) / 14;
      const host = fakeHost();
      mkdirSync(host.path("etc"));
      const path = host.path("etc", "f");
      writeFileSync(path, OLD, { mode: 0o640 });
      await killedAfter(host, path, { ms, signal });
      const files = filesOn(host);
      const look = await files.look(path);
      expect([OLD, NEW]).toContain(look.bytes);
      // The record comes before the file.
      if (look.bytes === NEW) expect(["during", "after"]).toContain(look.record);
      seen.add(`${look.bytes === NEW ? "new" : "old"} ${look.record ?? "none"}`);
      if (signal === "SIGTERM") expect(readdirSync(host.path("etc"))).toEqual(["f"]);
      const after = await files.change(look, () => ({ to: { bytes: NEW }, first: "during", then: "after" }));
      expect([after.bytes, after.record, after.holder?.mode]).toEqual([NEW, "after", "0640"]);
      expect(readdirSync(host.path("etc"))).toEqual(["f"]);
      expect(host.records()).toHaveLength(1);
      await files.change(after, () => ({ to: "removed", then: null }));
      expect(readdirSync(host.path("state"))).toEqual([]);
    }
    expect(seen).toContain("old none");
    expect(seen.size).toBeGreaterThan(1);
  },
  120_000,
);

test.each(["/bin/dash", "/bin/bash"].filter(existsSync))(
  "by %s, names like those of a killed run stop no write, whatever the directory's owner calls files and processes",
  async (shell) => {
    const h = fakeHost({ shell: [shell] });
    const files = filesOn(h);
    writeFileSync(h.path("z"), "");
    // Its name is two lines in /proc, and nothing but the first is read.
    writeFileSync(h.path("two\nlines"), "#!/bin/sh\nread -r line\n", { mode: 0o755 });
    const odd = spawn(h.path("two\nlines"), { stdio: ["pipe", "ignore", "ignore"] });
    await once(odd, "spawn");
    try {
      for (const maker of ["", "x", "self", "-1", String(odd.pid)])
        writeFileSync(h.path(`.z.pco.${maker}.x`), "");
      await files.change(await files.look(h.path("z")), () => ({ to: { bytes: "new" } }));
      await files.change(await files.look(h.path("z")), () => ({ to: "removed" }));
      expect(readdirSync(h.root).sort()).toEqual(["state", "two\nlines"]);
    } finally {
      odd.kill();
    }
  },
);
