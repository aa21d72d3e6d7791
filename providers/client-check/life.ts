/** One check: what it asks for, its run, and what becomes of its answer. */
import { fingerprint } from "../formats/keyring.js";
import { findKey } from "../clients/cluster-key.js";
import { askMonitors } from "../clients/cluster-monitors.js";
import { defined } from "../clients/defined.js";
import { clusterName, type Cluster } from "../kernel/common.js";
import type { Reach } from "../kernel/contract.js";
import { newToken } from "../ownership/token.js";
import { Failure, unlessFailed } from "../remote/failure.js";
import {
  NO_RBD,
  NO_VALUE,
  runCheck,
  runSecretCheck,
  type Answer,
  type Plan,
  type SecretWay,
} from "./program.js";
import { wordsOf, wordsOfVirsh, type Names, type Words } from "./words.js";

/** What is desired, and what stands in its place after a refresh that found everything in order. */
export const WORKS = "yes";

/** What a check needs of its inputs. */
export interface CheckTask {
  readonly host: string;
  readonly cluster: Cluster;
  readonly entity: string;
  readonly can: PoolSets & { readonly clone?: readonly string[] };
  readonly cannot?: PoolSets;
  readonly user?: string;
  readonly conf?: string;
  readonly keyring?: string;
  readonly prefix?: readonly string[];
  readonly python?: string;
  readonly libvirtSecret?: SecretWay;
  readonly guestsOnly?: boolean;
  readonly manager: boolean;
  readonly timeoutSeconds: number;
}

/** Pools by what is done in them. */
export interface PoolSets {
  /** Pools in which images are listed and read. */
  readonly read?: readonly string[];
  /** Pools in which images are made, written, read, cloned and removed. */
  readonly write?: readonly string[];
}

const STEP_SECONDS = 20;

const confOf = ({ conf, cluster }: CheckTask): string => conf ?? `/etc/ceph/${clusterName(cluster)}.conf`;

const planOf = (task: CheckTask, mode: Plan["mode"]): Plan => {
  const { entity, cluster, can, cannot = {}, user, keyring, prefix = [], manager, timeoutSeconds } = task;
  return {
    mode,
    entity,
    cluster: clusterName(cluster),
    fsid: cluster.fsid,
    conf: confOf(task),
    ...defined({ keyring, user }),
    inside: prefix.length > 0,
    read: can.read ?? [],
    write: can.write ?? [],
    clone: can.clone ?? [],
    cannotRead: cannot.read ?? [],
    cannotWrite: cannot.write ?? [],
    manager,
    stepSeconds: Math.min(STEP_SECONDS, Math.ceil(timeoutSeconds / 3)),
    seconds: timeoutSeconds,
    token: newToken(),
  };
};

/** What the cluster itself says of a key that it refused; undefined where it cannot be asked. */
const askedCluster = async (
  reach: Reach,
  { cluster, entity }: CheckTask,
  { problems, facts }: Answer,
): Promise<Names["key"]> => {
  if (cluster.admin === undefined || !problems.some(({ link }) => link === "key")) return undefined;
  try {
    const key = await findKey(reach, { cluster, entity });
    if (key === undefined) return "none";
    return fingerprint(key) === facts.fingerprint ? "same" : "another";
  } catch {
    return undefined;
  }
};

const ended = ({ host, prefix = [] }: CheckTask, code: number | null, stderr: string): Failure =>
  new Failure({
    code: "command",
    host,
    command: "client-check",
    ...(code === NO_RBD
      ? { what: "found no python3 with the modules rados and rbd, which the services themselves need" }
      : { exitCode: code, what: "ended without an answer" }),
    stderr,
    cure:
      prefix.length > 0
        ? `Is the container there, and does \`${prefix.join(" ")} python3\` start in it?`
        : 'ClientPackages with roles: ["rbd-python"] installs them; `python` names an interpreter that has them.',
  });

const namesOf = (task: CheckTask): Names => ({
  host: task.host,
  entity: task.entity,
  fsid: task.cluster.fsid,
  conf: confOf(task),
  ...defined({ uuid: task.libvirtSecret?.uuid }),
});

/** What is broken in the way of the service itself. */
const ofService = async (reach: Reach, task: CheckTask, mode: Plan["mode"]): Promise<readonly Words[]> => {
  const { host, entity, prefix = [], python } = task;
  const answer = await runCheck(reach, { host, prefix, python }, planOf(task, mode));
  if (!("problems" in answer)) throw ended(task, answer.code, answer.stderr);
  for (const note of answer.notes) reach.note(`check of ${entity} on ${host}: ${note}`);
  const key = await askedCluster(reach, task, answer);
  return wordsOf(answer, { ...namesOf(task), ...defined({ key }) });
};

/** A host that has nothing but the secret may have no ceph.conf of that cluster: guests are told the monitors, where the cluster can be asked. */
const monitorsFor = async (
  reach: Reach,
  { cluster, guestsOnly = false }: CheckTask,
): Promise<Pick<Plan, "monitors">> => {
  if (!guestsOnly || cluster.admin === undefined) return {};
  return defined({ monitors: await unlessFailed(askMonitors(reach, cluster)) });
};

/** What is broken in the way of guests, who have no keyring. */
const ofGuests = async (reach: Reach, task: CheckTask): Promise<readonly Words[]> => {
  const { host, entity, prefix = [], python, libvirtSecret } = task;
  if (libvirtSecret === undefined) return [];
  const way = { host, prefix, python, ...libvirtSecret };
  const plan = { ...planOf(task, "secret"), ...(await monitorsFor(reach, task)) };
  const answer = await runSecretCheck(reach, way, plan);
  if ("problems" in answer) return wordsOf(answer, namesOf(task));
  if (answer.code !== NO_VALUE) throw ended(task, answer.code, answer.stderr);
  if (!answer.stderr.includes("secret is private")) return [wordsOfVirsh(answer.stderr, namesOf(task))];
  reach.note(
    `check of ${entity} on ${host}: libvirt's secret ${libvirtSecret.uuid} is private: that it opens the pools is not proven`,
  );
  return [];
};

/** What is broken, in words; nothing where all is right. What could not be proven is said. @throws Failure where the check could not run */
export const brokenLinks = async (
  reach: Reach,
  task: CheckTask,
  mode: Plan["mode"],
): Promise<readonly Words[]> => {
  const links = task.guestsOnly === true ? [] : await ofService(reach, task, mode);
  return [...links, ...(await ofGuests(reach, task))];
};

/** The failure that names every broken link, each with its cure. */
export const broken = (host: string, links: readonly Words[]): Failure => {
  const cures = [...new Set(links.map(({ cure }) => cure))];
  const whats = links.map(({ what }) => what);
  return new Failure({
    code: "broken",
    host,
    what:
      whats.length === 1 ? whats.join() : `${whats.length} links are broken:\n  - ${whats.join("\n  - ")}`,
    cure: cures.join("\n  "),
  });
};
