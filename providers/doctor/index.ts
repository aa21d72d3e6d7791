/**
 * The doctor: looks at everything that a program names, before its first `up`, and writes nothing. It runs inside a preview, behind each
 * resource's check, so that it sees what the engine sees: configuration, secrets, stack references.
 */
import { cephOf } from "../clients/ceph/index.js";
import { OWNERS_GROUP, type Cluster } from "../kernel/common.js";
import { differing } from "../kernel/compare.js";
import type { Artifact, Observed, Reach } from "../kernel/contract.js";
import type { CheckedResource, Examine } from "../kernel/examine.js";
import { holdsUnknown, isMap, isUnknown, type Props } from "../kernel/json.js";
import { ownerOf, typed } from "../kernel/recorded.js";
import { isFailure } from "../remote/failure.js";
import { redact } from "../remote/redact.js";

import type { Finding, Status } from "./finding.js";
import { fullPlaces, hostFacts, hostLine, lookAtPlace, type Place } from "./host.js";
import { keptBySudo } from "./sudo-log.js";

const told = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Trouble of a host or a cluster is said once, of the host; its resources wait. */
const WAITS = "waits for the trouble above";

const DEPENDS = "depends on what the first `up` makes";

const textAt = (inputs: Props, key: string): string | undefined => {
  const value = inputs[key];
  return typeof value === "string" && !isUnknown(value) ? value : undefined;
};

const dirname = (path: string): string => path.slice(0, path.lastIndexOf("/")) || "/";

const placeOf = (inputs: Props): Place | undefined => {
  const host = textAt(inputs, "host");
  if (host === undefined) return undefined;
  const given = ["path", "owner", "group"].flatMap((key) => {
    const value = textAt(inputs, key);
    return value === undefined || value === OWNERS_GROUP ? [] : [[key, value] as const];
  });
  return { host, ...Object.fromEntries(given) };
};

const examineHost = async (reach: Reach, host: string): Promise<Finding[]> => {
  const subject = `host ${host}`;
  try {
    const facts = await hostFacts(reach, host);
    const full = fullPlaces(facts).map((place): Finding => {
      const text = `next to no room in ${place}: \`df -h ${place}\` on the host`;
      return { subject, status: "trouble", text };
    });
    const kept = keptBySudo(facts).map((text): Finding => ({ subject, status: "warning", text }));
    return [{ subject, status: "ready", text: hostLine(facts) }, ...full, ...kept];
  } catch (error) {
    return [{ subject, status: "trouble", text: told(error) }];
  }
};

const isCluster = (value: unknown): value is Cluster =>
  isMap(value) && !holdsUnknown(value) && "fsid" in value;

const examineCluster = async (reach: Reach, cluster: Cluster): Promise<Finding[]> => {
  if (cluster.admin === undefined && reach.settings.admin === undefined) return [];
  const subject = `cluster ${cluster.fsid}`;
  try {
    const release = await cephOf(reach, cluster).release();
    return [{ subject, status: "ready", text: `answers; its monitors are of Ceph ${release}` }];
  } catch (error) {
    return [{ subject, status: "trouble", text: told(error) }];
  }
};

interface Lack {
  readonly text: string;
  readonly needs?: string;
}

const lackingUsers = ({ owner, group }: Place, there: ReadonlySet<string>): Lack[] =>
  [
    ...(owner !== undefined && !there.has("owner") ? [`user ${owner}`] : []),
    ...(group !== undefined && !there.has("group") ? [`group ${group}`] : []),
  ].map((who) => ({
    text: `there is no ${who} on the host: install the package that makes it, or name another`,
  }));

const lackingFile = ({ host, path }: Place, there: ReadonlySet<string>, makesFile: boolean): Lack[] => {
  if (path === undefined || there.has("path")) return [];
  if (there.has("directory"))
    return makesFile
      ? []
      : [
          {
            text: "the file is not there: install the package that brings it, or give `createFile` of ConfigSection",
          },
        ];
  const directory = dirname(path);
  const text = `there is no directory ${directory} on the host: a Directory makes it, or the package that brings it`;
  return [{ text, needs: `${host}:${directory}` }];
};

/** Users, groups and directories that an `up` would miss. */
const lacking = async (reach: Reach, kind: string, inputs: Props): Promise<Lack[]> => {
  const place = placeOf(inputs);
  if (place === undefined) return [];
  const there = await lookAtPlace(reach, place);
  const makesFile = kind !== "ConfigSection" || "createFile" in inputs;
  return [...lackingUsers(place, there), ...lackingFile(place, there, makesFile)];
};

/** A thing that is not recorded as made by this package: `adopt` says what a create does with it. */
const isNobodys = <I extends object, X>({ shape }: Artifact<I, X>, { facts }: Observed): boolean =>
  "adopt" in shape && facts["origin"] !== "created";

const isNever = <I extends object, X>(artifact: Artifact<I, X>, inputs: Props, found: Observed): boolean =>
  inputs["adopt"] === "never" && isNobodys(artifact, found);

const NEVER = {
  status: "trouble",
  text: 'is there already, and is not recorded as made by this package: an `up` fails (adopt: "never"). Choose another name, or adopt: "if-identical"',
} as const;

/** One that is not as desired may be for an `up` to change, or to leave. */
const refusesToAdopt = <I extends object, X>(
  artifact: Artifact<I, X>,
  inputs: Props,
  found: Observed,
): boolean =>
  isNobodys(artifact, found) &&
  inputs["adopt"] !== "overwrite" &&
  artifact.addsOnly?.(typed(artifact, inputs), found.managed) !== true;

const absent = ({ adopt }: Props): { status: Status; text: string } =>
  adopt === "only"
    ? {
        status: "trouble",
        text: 'is not there, and is to be there (adopt: "only"): correct the name, or make it',
      }
    : { status: "to make", text: "is not there" };

const compared = async <I extends object, X>(
  artifact: Artifact<I, X>,
  { inputs, isNew }: CheckedResource,
  reach: Reach,
): Promise<{ status: Status; text: string }> => {
  const desired = typed(artifact, inputs);
  const wanted = artifact.compared(desired);
  const { found } = await artifact.observe(reach, desired, undefined);
  if (found === undefined) return absent(inputs);
  if (isNew && isNever(artifact, inputs, found)) return NEVER;
  const changed = differing(wanted, found.managed);
  if (changed.length === 0) return { status: "ready", text: "is as desired" };
  // What is to be taken over may be as an output will say.
  const known = changed.filter((key) => !holdsUnknown(wanted[key]));
  if (known.length === 0)
    return { status: "not known yet", text: `is there; ${changed.join(", ")} may differ: ${DEPENDS}` };
  const differences = artifact.differences?.(desired, found.managed, known) ?? known;
  const text = `is there and differs in ${differences.join(", ")}`;
  return isNew && refusesToAdopt(artifact, inputs, found)
    ? {
        status: "trouble",
        text: `${text}, and is not recorded as made by this package, so an \`up\` leaves it and fails: say in the program what is there, or that it may be changed (\`adopt\`)`,
      }
    : { status: "to change", text };
};

/** One resource, where its host and cluster answer. */
const examineResource = async <I extends object, X>(
  artifact: Artifact<I, X>,
  checked: CheckedResource,
  reach: Reach,
): Promise<Pick<Finding, "status" | "text" | "needs">[]> => {
  const { inputs } = checked;
  if (holdsUnknown(artifact.replacedBy(typed(artifact, inputs))))
    return [{ status: "not known yet", text: DEPENDS }];
  // It writes scratch images, and before an up it has nothing to prove.
  if (artifact.kind === "ClientCheck") return [{ status: "not known yet", text: "is proven by an `up`" }];
  try {
    const lacks = await lacking(reach, artifact.kind, inputs);
    if (lacks.length > 0) return lacks.map((one) => ({ status: "trouble", ...one }));
    return [await compared(artifact, checked, reach)];
  } catch (error) {
    return [
      {
        status: "trouble",
        text: told(isFailure(error) ? error.of(artifact.label(typed(artifact, inputs))) : error),
      },
    ];
  }
};

const surroundingsOf = async (reach: Reach, inputs: Props): Promise<Finding[]> => {
  const place = placeOf(inputs);
  const { cluster } = inputs;
  const all = await Promise.all([
    ...(place === undefined ? [] : [examineHost(reach, place.host)]),
    ...(isCluster(cluster) ? [examineCluster(reach, cluster)] : []),
  ]);
  return all.flat();
};

/** The directory that a resource makes; ceph-common brings Ceph's own. */
const madeBy = (kind: string, inputs: Props): string | undefined => {
  const host = textAt(inputs, "host") ?? "";
  if (kind === "ClientPackages") return `${host}:/etc/ceph`;
  return kind === "Directory" ? `${host}:${textAt(inputs, "path") ?? ""}` : undefined;
};

const resourceName = (inputs: Props): string => ownerOf(inputs).split("::").at(-1) ?? "";

const examined = async <I extends object, X>(
  artifact: Artifact<I, X>,
  checked: CheckedResource,
  reach: Reach,
): Promise<Finding[]> => {
  const { inputs, failures, warnings } = checked;
  const resource = resourceName(inputs);
  const named = (subject: string, status: Status, text: string): Finding => ({
    resource,
    subject,
    status,
    text,
  });
  if (failures.length > 0)
    return failures.map(({ property, reason }) =>
      named(`${resource} (${artifact.kind})`, "trouble", property === "" ? reason : `${property} ${reason}`),
    );
  const around = await surroundingsOf(reach, inputs);
  const desired = typed(artifact, inputs);
  const subject = holdsUnknown(artifact.replacedBy(desired))
    ? `${resource} (${artifact.kind})`
    : artifact.label(desired);
  const makes = madeBy(artifact.kind, inputs);
  const made = makes === undefined ? {} : { makes };
  const own = around.some(({ status }) => status === "trouble")
    ? [named(subject, "not known yet", WAITS)]
    : (await examineResource(artifact, checked, reach)).map((one) => ({ resource, subject, ...one }));
  return [
    ...around,
    ...own.map((one) => ({ ...one, ...made })),
    ...warnings.map((text) => named(subject, "warning", text)),
  ];
};

/** A doctor that tells its findings, one JSON line each. */
export const newDoctor =
  (tell: (line: string) => void): Examine =>
  async (artifact, checked, reach) => {
    const findings = await examined(artifact, checked, reach);
    for (const finding of findings) tell(redact(JSON.stringify(finding)));
  };
