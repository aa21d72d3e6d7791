/** The shell text that deletes a pool by the tools, over a `ceph` that answers as the generations do. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openTools } from "../../../../../providers/clients/ceph/tools";
import { wayOf } from "../../../../../providers/clients/ceph/way";
import type { Machine } from "../../../../../providers/remote/machine";
import { readSettings } from "../../../../../providers/remote/settings";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ceph-tools-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FSID = "b0a1c2d3-0000-4000-8000-000000000001";
const POOLS = '[{"pool_id": 7, "pool_name": "vms"}]';

/** 14.2.21: `tell` of config is not known; the database is. */
const NAUTILUS = `#!/bin/sh
while :; do case $1 in --cluster|-n|--connect-timeout) shift 2 ;; *) break ;; esac; done
printf '%s\\n' "$*" >>"$LOG"
case "$*" in
  fsid) echo ${FSID} ;;
  'osd pool ls detail'*) echo '${POOLS}' ;;
  'tell mon.* config get '*) echo "Error EINVAL: unrecognized entity 'mon_allow_pool_delete'" >&2; exit 22 ;;
  'config dump') cat "$DATABASE" ;;
  'config set mon mon_allow_pool_delete '*) printf '  mon       advanced mon_allow_pool_delete                 %s\\n' "$5" >"$DATABASE" ;;
  'config rm mon mon_allow_pool_delete') : >"$DATABASE" ;;
  'osd pool rm vms vms '*)
    grep -q true "$DATABASE" && exit
    echo 'Error EPERM: pool deletion is disabled; you must first set the mon_allow_pool_delete config option to true' >&2; exit 1 ;;
  *) exit 22 ;;
esac
`;

const machine = (): Machine => ({
  name: "mon1",
  open: () => Promise.reject(new Error("no conversation")),
  run: ({ program, args = [] }) => {
    const env = {
      PATH: `${folder}:/usr/bin:/bin`,
      LOG: join(folder, "log"),
      DATABASE: join(folder, "database"),
    };
    try {
      const stdout = execFileSync("/bin/sh", ["-c", program.text, program.name, ...args], {
        env,
        stdio: "pipe",
      });
      return Promise.resolve({ code: 0, stdout, stderr: "" });
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: Buffer };
      return Promise.resolve({ code: status, stdout: Buffer.alloc(0), stderr: stderr.toString() });
    }
  },
});

const deleted = async (database: string) => {
  writeFileSync(join(folder, "ceph"), NAUTILUS);
  chmodSync(join(folder, "ceph"), 0o755);
  writeFileSync(join(folder, "database"), database);
  const way = wayOf(
    { fsid: FSID },
    readSettings(() => undefined, {}),
  );
  const door = await openTools(machine(), way);
  const { code } = await door.ask({ do: "delete", pool: "vms", poolId: 7, force: true });
  return {
    code,
    left: readFileSync(join(folder, "database"), "utf8"),
    ran: readFileSync(join(folder, "log"), "utf8"),
  };
};
const line = (value: string) => `  mon       advanced mon_allow_pool_delete                 ${value}\n`;

test("on Ceph 14 pool deletion is switched on in the database, and taken out of it again", async () => {
  expect(await deleted("")).toMatchObject({ code: 0, left: "" });
});

test("on Ceph 14 what the database says is put back", async () => {
  expect(await deleted(line("false"))).toMatchObject({ code: 0, left: line("false") });
});

test("on Ceph 14 a switch that is on is not touched", async () => {
  const { code, left, ran } = await deleted(line("true"));
  expect([code, left]).toEqual([0, line("true")]);
  expect(ran).not.toMatch(/config (set|rm)/);
});
