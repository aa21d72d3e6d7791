/** Checks of clients on machines in memory, behind the names of their programs. A program goes on when nobody hears of it any more, unless it is killed. */
import type { Plan } from "../../../providers/client-check/program";
import type { RunRequest, RunResult } from "../../../providers/remote/machine";
import { poolNamed, type FakeMonitor } from "../fake-ceph-pools";
import { runOnHost, type CheckChange, type CheckEnded } from "./check-host";
import { idOf, type Gate, type MemoryMachine } from "./machine";

/** One run of a program, as a judge sees it. */
export interface CheckRun {
  readonly machine: string;
  readonly plan: Plan;
  readonly changes: readonly CheckChange[];
  readonly killed: boolean;
  /** It found nothing broken. */
  readonly proved: boolean;
}

/** Of another client's check, which lives: its scratch image is nobody else's to take away. */
export const LIVING = { pid: 7, name: "pulumi-ceph-openstack-check-f0000000-00000000-7-0123456789abcdef" };

const CODE = /<<'PYTHON'\n([\s\S]*)\nPYTHON\n/;

const result = (code: number, stdout: string, stderr = ""): RunResult => ({
  code,
  stdout: Buffer.from(stdout),
  stderr,
});

const filesOf = ({ files }: MemoryMachine) =>
  Object.fromEntries(
    [...files].map(([path, { bytes, user, group, mode }]) => [
      path,
      { bytes, uid: Number(idOf(user)), gid: Number(idOf(group)), mode },
    ]),
  );

export interface CheckSite {
  readonly cluster: FakeMonitor;
  /** Every run so far. */
  readonly checks: CheckRun[];
}

const happen = ({ cluster }: CheckSite, { how, pool, name }: CheckChange): void => {
  const objects = poolNamed(cluster, pool)?.objects;
  if (how === "add") objects?.add(name);
  else if (how === "drop") objects?.delete(name);
};

const proves = ({ code, stdout }: CheckEnded): boolean => code === 0 && stdout.includes('"problems": []');

interface Start {
  readonly request: RunRequest;
  readonly stdin: string;
  /** It is killed before its n-th change. */
  readonly dies: number | undefined;
}

const run = async (
  site: CheckSite,
  machine: MemoryMachine,
  { request: { program, args = [] }, stdin, dies }: Start,
): Promise<RunResult> => {
  const { cluster, checks } = site;
  const plan = args[0] ?? "";
  const ended = await runOnHost({
    program: CODE.exec(program.text)?.[1] ?? "",
    plan,
    stdin,
    machine: machine.id,
    pid: 100 + checks.length,
    alive: [LIVING.pid],
    files: filesOf(machine),
    fsid: cluster.fsid,
    entities: Object.fromEntries(cluster.entities),
    pools: Object.fromEntries([...cluster.pools.values()].map(({ name, objects }) => [name, [...objects]])),
    dies: dies ?? null,
  });
  for (const change of ended.changes) happen(site, change);
  const killed = ended.code === KILLED;
  checks.push({
    machine: machine.id,
    plan: JSON.parse(plan),
    changes: ended.changes,
    killed,
    proved: proves(ended),
  });
  return result(ended.code, ended.stdout);
};

const KILLED = 137;

/** The n-th change that a run makes may be a whole check: it is not begun, or it is done and nobody hears of it. */
const gated = async (gate: Gate, what: string, work: () => Promise<RunResult>): Promise<RunResult> => {
  const begun: true[] = [];
  try {
    gate(what, () => begun.push(true));
  } catch (error) {
    if (begun.length > 0) await work();
    throw error;
  }
  return work();
};

const NO_SECRET = "error: Secret not found: no secret with matching uuid";

/** The programs of a check; undefined: that is another one. */
export const memoryChecks = (
  site: CheckSite,
  at: {
    readonly host: string;
    readonly machine: () => MemoryMachine;
    readonly gate: Gate;
    readonly dies: number | undefined;
  },
  request: RunRequest,
): Promise<RunResult> | undefined => {
  const { name } = request.program;
  if (!name.startsWith("client-check")) return undefined;
  const here = at.machine();
  const [plan = "", , , uuid = ""] = request.args ?? [];
  const value = name === "client-check-secret" ? here.secrets.get(uuid)?.value : "";
  if (value === undefined) return Promise.resolve(result(96, "", NO_SECRET));
  const work = () => run(site, here, { request, stdin: value, dies: at.dies });
  const isWriting = (JSON.parse(plan) as Plan).mode === "write";
  return isWriting ? gated(at.gate, `check on ${at.host}`, work) : work();
};
