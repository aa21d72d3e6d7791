import { describe, expect, test } from "@jest/globals";
import { commandLine, openTools } from "../../../../../providers/clients/ceph/tools";
import { wayOf } from "../../../../../providers/clients/ceph/way";
import type { Machine, RunRequest } from "../../../../../providers/remote/machine";
import { readSettings } from "../../../../../providers/remote/settings";

const FSID = "b0a1c2d3-0000-4000-8000-000000000001";
const way = wayOf(
  { fsid: FSID, prefix: ["cephadm", "shell", "--"] },
  readSettings(() => undefined, {}),
);

/** A host whose tools answer as told; `ceph fsid` works. */
const tools = (answer: { code: number; out?: string; stderr?: string }) => {
  const ran: RunRequest[] = [];
  const machine: Machine = {
    name: "mon1",
    open: () => Promise.reject(new Error("no conversation")),
    run(request) {
      ran.push(request);
      const {
        code,
        out = "",
        stderr = "",
      } = request.args?.includes("fsid") === true ? { code: 0, out: `${FSID}\n` } : answer;
      return Promise.resolve({ code, stdout: Buffer.from(out), stderr });
    },
  };
  return { ran, door: openTools(machine, way) };
};

test("arguments go by position, flags with dashes, and lists word by word", () => {
  expect(
    commandLine({ prefix: "osd pool set", pool: "vms", var: "size", val: "1", yes_i_really_mean_it: true }),
  ).toEqual([...["osd", "pool", "set", "vms", "size", "1"], "--yes-i-really-mean-it"]);
  expect(
    commandLine({ prefix: "auth caps", entity: "client.x", caps: ["mon", "profile rbd"], format: "json" }),
  ).toEqual([...["auth", "caps", "client.x", "mon", "profile rbd"], ...["--format", "json"]]);
});

describe("the tools", () => {
  test("are run behind the prefix, with the entity named", async () => {
    const { door, ran } = tools({ code: 0 });
    await (await door).ask({ do: "mon", command: { prefix: "osd pool ls" } });
    expect(ran.at(-1)?.args?.slice(0, 8)).toEqual([
      "cephadm",
      "shell",
      "--",
      "ceph",
      "--cluster",
      "ceph",
      "-n",
      "client.admin",
    ]);
  });

  test("get a keyring on standard input only", async () => {
    const { door, ran } = tools({ code: 0 });
    await (await door).ask({ do: "mon", command: { prefix: "auth import" }, input: "[client.x]\n" });
    expect(ran.at(-1)).toMatchObject({ stdin: "[client.x]\n" });
    expect(ran.at(-1)?.args?.slice(-2)).toEqual(["-i", "-"]);
  });

  test.each([
    [
      "a missing object",
      { code: 1, stderr: "error stat-ing vms/rbd_info: (2) No such file or directory" },
      2,
    ],
    ["no monitor", { code: 1, stderr: "timed out\n" }, 110],
    ["anything else", { code: 1, stderr: "what is this" }, 1],
  ])("tell %s by the errno", async (_what, answer, code) => {
    const { door } = tools(answer);
    expect((await (await door).ask({ do: "stat", pool: "vms", object: "rbd_info" })).code).toBe(code);
  });

  test("make a pool on Ceph 14, which does not know every argument by name (14.2.21)", async () => {
    const { door, ran } = tools({
      code: 22,
      stderr:
        "Invalid command: Unexpected argument '--autoscale-mode'\nosd pool create <poolname> <int[0-]> …",
    });
    const command = { prefix: "osd pool create", pool: "vms", pg_num: 8, size: 2, autoscale_mode: "off" };
    await (await door).ask({ do: "mon", command });
    const [first = [], second = []] = ran.slice(-2).map(({ args = [] }) => args);
    expect(first.join(" ")).toContain("osd pool create vms 8 --size 2 --autoscale-mode off");
    expect(second.slice(-5)).toEqual(["osd", "pool", "create", "vms", "8"]);
  });

  test("delete no pool of another number", async () => {
    const { door, ran } = tools({ code: 0, out: '[{"pool_id": 7, "pool_name": "vms"}]' });
    expect((await (await door).ask({ do: "delete", pool: "vms", poolId: 5, force: true })).code).toBe(116);
    expect(ran.some(({ args = [] }) => args.includes("ceph-pool-delete"))).toBe(false);
  });
});
