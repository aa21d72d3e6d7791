import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { CEPH_PYTHON } from "../../../../../providers/clients/ceph/program";

/** The module without a cluster: it writes down that it was told of the end. */
const RADOS = `
class Rados:
    def __init__(self, **_): pass
    def conf_set(self, *_): pass
    def connect(self): pass
    def get_fsid(self): return "f"
    def shutdown(self): open(__file__ + ".told", "w").close()
`;

const folder = mkdtempSync(join(tmpdir(), "rados-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const greeted = async (): Promise<{
  readonly child: ReturnType<typeof spawn>;
  readonly told: () => boolean;
}> => {
  const module = join(folder, "rados.py");
  writeFileSync(module, RADOS);
  rmSync(`${module}.told`, { force: true });
  const args = ["-c", CEPH_PYTHON, "client.admin", "ceph", "/etc/ceph/ceph.conf", "", "10", "60"];
  const child = spawn("python3", args, { env: { ...process.env, PYTHONPATH: folder } });
  await once(child.stdout, "data");
  return { child, told: () => existsSync(`${module}.told`) };
};

// Its threads outlive the interpreter otherwise, and some exits in a thousand are segmentation faults.
test.each<[string, (child: ReturnType<typeof spawn>) => void, number]>([
  ["its input ends", (child) => child.stdin?.end(), 0],
  ["it is told to end", (child) => child.kill("SIGTERM"), 143],
])("librados is told of the end where %s", async (_, end, code) => {
  const { child, told } = await greeted();
  const over = once(child, "close");
  end(child);
  expect(await over).toEqual([code, null]);
  expect(told()).toBe(true);
});
