/** Which admin hosts to try, and how: the cluster of the program, under what the environment says. */
import type { Cluster } from "../../kernel/common.js";
import { Failure, isFailure } from "../../remote/failure.js";
import type { Machine } from "../../remote/machine.js";
import type { Settings } from "../../remote/settings.js";
import { openConversation } from "./conversation.js";
import type { Door, Way } from "./door.js";
import { openTools } from "./tools.js";

const CONNECT_SECONDS = 10;

const configuration = (what: string, cure: string): Failure =>
  new Failure({ code: "configuration", what, cure });

const FIELDS = ["admin", "adminName", "name", "prefix", "entity", "conf", "keyring"] as const;

const words = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((word): word is string => typeof word === "string") ? value : undefined;

/** One cluster of CEPH_OPENSTACK_CLUSTER. @throws Failure `configuration` for what is not a field or has another type */
const overrideOf = (given: object): Omit<Cluster, "fsid"> => {
  const wrong = (key: string) =>
    configuration(
      `CEPH_OPENSTACK_CLUSTER: ${key} is not a field of a cluster or has another type`,
      `It is JSON by fsid: {"<fsid>": {${FIELDS.map((field) => `"${field}"`).join(", ")}}}; admin and prefix may be lists of texts.`,
    );
  return Object.fromEntries(
    Object.entries(given).map(([key, value]: [string, unknown]) => {
      const list = key === "admin" || key === "prefix" ? words(value) : undefined;
      const text = key !== "prefix" && typeof value === "string" ? value : undefined;
      if (!FIELDS.some((field) => field === key) || (list ?? text) === undefined) throw wrong(key);
      return [key, list ?? text];
    }),
  );
};

const byFsid = (text: string, fsid: string): Omit<Cluster, "fsid"> => {
  let all: unknown;
  try {
    all = JSON.parse(text);
  } catch {
    all = undefined;
  }
  if (typeof all !== "object" || all === null || Array.isArray(all))
    throw configuration(
      "CEPH_OPENSTACK_CLUSTER is not a JSON object",
      'Write {"<fsid>": {"admin": "mon1"}}.',
    );
  const given: unknown = Object.entries(all).find(([key]) => key === fsid)?.[1];
  return typeof given === "object" && given !== null ? overrideOf(given) : {};
};

/** The cluster with what the environment overrides: CEPH_OPENSTACK_CLUSTER for its fsid, else CEPH_OPENSTACK_ADMIN. */
export const addressed = (cluster: Cluster, settings: Pick<Settings, "admin" | "cluster">): Cluster => ({
  ...cluster,
  ...(settings.admin === undefined ? {} : { admin: settings.admin }),
  ...(settings.cluster === undefined ? {} : byFsid(settings.cluster, cluster.fsid)),
});

export const adminsOf = ({ admin }: Cluster): readonly string[] =>
  admin === undefined ? [] : typeof admin === "string" ? [admin] : admin;

/** Who gives the orders. */
export const actingEntity = ({ entity = "client.admin" }: Pick<Cluster, "entity">): string => entity;

export const wayOf = (
  cluster: Cluster,
  settings: Pick<Settings, "connectTimeoutSeconds" | "commandTimeoutSeconds">,
): Way => ({
  fsid: cluster.fsid,
  name: cluster.adminName ?? cluster.name ?? "ceph",
  prefix: cluster.prefix ?? [],
  entity: actingEntity(cluster),
  conf: cluster.conf ?? "",
  keyring: cluster.keyring ?? "",
  connectSeconds: settings.connectTimeoutSeconds ?? CONNECT_SECONDS,
  commandSeconds: settings.commandTimeoutSeconds,
});

/** A door on one admin host, to the cluster that is meant and no other. */
const openOn = async (machine: Machine, way: Way): Promise<Door> => {
  const door = (await openConversation(machine, way)) ?? (await openTools(machine, way));
  if (door.fsid === way.fsid) return door;
  throw new Failure({
    code: "refused",
    host: machine.name,
    what: `the cluster there is ${door.fsid}, the program names ${way.fsid}`,
    cure: "No other cluster is ever touched. Correct cluster.fsid, or cluster.admin, adminName and conf.",
  });
};

/** Failures of one admin host that another may not have. */
const another = (error: unknown): boolean =>
  isFailure(error) && error.code !== "refused" && error.code !== "configuration";

/** The first admin host that answers. @throws Failure: of the only one, or one that tells what each said */
export const openDoor = async (machines: readonly Machine[], way: Way): Promise<Door> => {
  const failures: Failure[] = [];
  for (const machine of machines)
    try {
      return await openOn(machine, way);
    } catch (error) {
      if (!another(error) || !isFailure(error)) throw error;
      failures.push(error);
    }
  const [first, ...more] = failures;
  if (first === undefined)
    throw configuration(
      `no admin host of cluster ${way.fsid} is known`,
      "Set cluster.admin to a host where `ceph` may be run as an administrator, or CEPH_OPENSTACK_ADMIN for one run.",
    );
  if (more.length === 0) throw first;
  const hosts = machines.map(({ name }) => name);
  // Only where none of them is there may a destroy forget them.
  const there = failures.find(({ code }) => code !== "unreachable");
  throw new Failure({
    code: (there ?? first).code,
    host: hosts.join(", "),
    hosts,
    what: `no admin host of the cluster answers: ${failures.map(({ message }) => message).join("; ")}`,
  });
};

/** CEPH_OPENSTACK_ADMIN names one host for all state; with two clusters it would send one's orders to the other's admin host. */
export const checkOneCluster = (
  { admin, cluster }: Pick<Settings, "admin" | "cluster">,
  all: readonly { readonly fsid: string }[],
): void => {
  const fsids = [...new Set(all.map(({ fsid }) => fsid))];
  if (admin === undefined || cluster !== undefined || fsids.length < 2) return;
  throw configuration(
    `CEPH_OPENSTACK_ADMIN is set, and there are several clusters: ${fsids.join(", ")}`,
    'Say it by cluster: CEPH_OPENSTACK_CLUSTER=\'{"<fsid>": {"admin": "<host>"}, …}\'.',
  );
};
