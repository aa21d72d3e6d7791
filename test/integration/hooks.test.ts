/** Resources of a program's own at every place of the component, on real hosts: when they come, when they change, and that they go. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephOpenStackIntegration, ConfigSection, type HookPlace } from "../../index";
import type { TestStack } from "../support/engine";
import { on } from "../support/hosts";
import { cluster, good, lifeStack, removePools, steps } from "../support/lifecycle";

const pool = { size: 2, minSize: 1, pgNum: { initial: 8 }, pgAutoscaleMode: "warn" } as const;

/** A file of its own for each place: its time says when the place's turn came. */
const fileOf = ({ role, when }: Pick<HookPlace, "role" | "when">): string => `/srv/hook-${role}-${when}.conf`;

const hook = ({ name, host, role, when, triggers, opts }: HookPlace): ConfigSection => {
  const options = {
    reads: Object.keys(triggers).length,
    cache: triggers["[libvirt] disk_cachemodes"] ?? "none",
  };
  const path = fileOf({ role, when });
  return new ConfigSection(name, { host, path, section: "hook", createFile: {}, options }, opts);
};

const program =
  (cache = "network=writeback") =>
  () => {
    new CephOpenStackIntegration("hooked", {
      cluster: cluster(),
      openstackRelease: "zed",
      pools: { volumes: { ...pool, name: "hooked-volumes" }, vms: { ...pool, name: "hooked-vms" } },
      users: { cinder: "hooked-cinder" },
      cinder: { hosts: ["vol1"] },
      nova: { hosts: ["cmp1"], options: { libvirt: { disk_cachemodes: cache } } },
      hooks: hook,
    });
  };

let stack: TestStack;
const UNITS = [
  ["vol1", "cinder-volume", "/etc/cinder/cinder.conf"],
  ["cmp1", "nova-compute", "/etc/nova/nova.conf"],
] as const;

beforeAll(async () => {
  for (const [host, unit] of UNITS) await on(host, `systemctl start ${unit}`);
  stack = await lifeStack("hooked", program());
});

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await removePools("hooked-volumes", "hooked-vms");
  for (const [host, unit] of UNITS) await on(host, `systemctl stop ${unit}`);
}, 120_000);

/** Names in the order of their times, of files and of a unit's start. */
const order = async (host: "vol1" | "cmp1", files: readonly string[], unit: string): Promise<string[]> => {
  const said = await on(
    host,
    `for f in ${files.join(" ")}; do echo "$(date -d "$(stat -c %y $f)" +%s.%N) $f"; done
    echo "$(date -d "$(systemctl show -P ActiveEnterTimestamp --timestamp=us+utc ${unit})" +%s.%N) ${unit}"`,
  );
  return said
    .trim()
    .split("\n")
    .sort()
    .map((line) => line.split(" ")[1] ?? "");
};

test.each([
  ["vol1", "cinder", "/etc/cinder/cinder.conf", "cinder-volume"],
  ["cmp1", "nova", "/etc/nova/nova.conf", "nova-compute"],
] as const)(
  "on %s those of %s come before its file, before its restart and after it",
  async (host, role, file, unit) => {
    good(await stack.up());
    const [before, restart, after] = (["before", "restart", "after"] as const).map((when) =>
      fileOf({ role, when }),
    );
    expect(await order(host, [before, file, restart, after].map(String), unit)).toEqual([
      before,
      file,
      restart,
      unit,
      after,
    ]);
  },
);

test("they change with what their role reads, and a second up changes nothing", async () => {
  good(await stack.up({ expectNoChanges: true }));
  stack.program(program("network=none"));
  const changed = steps(good(await stack.up()));
  expect(changed.filter((step) => /-(?:before|restart|after)$/.test(step))).toEqual(
    ["after", "before", "restart"].map((when) => `update hooked-cmp1-nova-${when}`),
  );
  expect(await on("cmp1", `cat ${fileOf({ role: "nova", when: "after" })}`)).toContain(
    "cache = network=none",
  );
}, 180_000);

test("a destroy takes them away with the rest: what was before when the files are put back, and before the restart", async () => {
  good(await stack.destroy());
  for (const host of ["vol1", "cmp1"] as const) expect(await on(host, "ls /srv")).not.toContain("hook-");
  // The time of the folder is that of the last hook that went.
  for (const [host, unit, file] of UNITS)
    expect(await order(host, [file, "/srv"], unit)).toEqual([file, "/srv", unit]);
}, 120_000);
