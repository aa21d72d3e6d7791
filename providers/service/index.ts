/**
 * A service of a host: restarted when what it reads has changed, and only then; well afterwards.
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html
 */
import type * as pulumi from "@pulumi/pulumi";
import type { Probe } from "../clients/systemd/index.js";
import { sha256 } from "../formats/digest.js";
import { readOf } from "../formats/read-digest.js";
import { shortUnit, unitName } from "../formats/unit.js";
import type { Host, OnDelete } from "../kernel/common.js";
import { FAILED } from "../kernel/compare.js";
import type { Artifact, Observed } from "../kernel/contract.js";
import { isMap, isUnknown, plainProps, type Props } from "../kernel/json.js";
import { ArtifactResource, type Args } from "../kernel/resource.js";
import type { Report } from "../kernel/shape.js";
import { isReadBy } from "../kernel/written.js";
import {
  convergeService,
  isEnabled,
  isRunning,
  lookAtService,
  newer,
  releaseService,
  spotFor,
  type ServiceState,
} from "./life.js";
import { isRecorded, serviceClaim, type At } from "./record.js";
import { whyUnfit } from "./refusals.js";
import { AS_FILES_SAY, shape } from "./rules.js";
import { changedTriggers } from "./verdict.js";

export { probe } from "./rules.js";
export type { Probe };

/** A service, as a program describes it. */
export interface ServiceInputs {
  /** The machine that it runs on. Changing it replaces. */
  host: Host;
  /**
   * The unit of systemd's: "nova-compute" (the same as "nova-compute.service"), or a container: "docker:nova_compute", "podman:nova_compute".
   * Changing it replaces.
   */
  unit: string;
  /**
   * What the unit reads, by names of your own: `{ "[libvirt] rbd_user": "cinder" }`. A preview shows the key that changed: that is why the unit will be
   * restarted. With `reads` a change restarts only a unit that does not run with it already. No secrets: give a hash. @default none
   */
  triggers?: Readonly<Record<string, string | number | boolean>>;
  /**
   * Files that the unit reads, directories of them, or single sections ("/etc/nova/nova.conf#[libvirt]"). A unit that is older than they are shows as drift
   * and is restarted; comments do not count. @default none: triggers alone restart, and not at the creation of the resource
   */
  reads?: readonly string[];
  /** `reload` where the unit can, else a restart. `none` only says when a restart is due. @default "restart" */
  action: "restart" | "reload" | "none";
  /**
   * `destroy`: restarts once when this resource is deleted, where files in `reads` were put back. The engine deletes in the opposite order: it must be made
   * before those files (they name it in `dependsOn`). Changing it replaces. @default "change"
   */
  at: At;
  /** A command of your own in place of systemctl (or docker, podman), e.g. `["docker", "restart", "nova_compute"]`. @default none */
  command?: readonly string[];
  /** Whether it starts with the host; not for containers. @default not managed */
  enabled?: boolean;
  /** Whether it runs. A unit that does not run is not started for a change alone. @default not managed */
  running?: boolean;
  /**
   * A unit that is not there yet, a host without systemd, and a unit that was not well before and is not after, are a warning and no error; a unit that cannot be
   * started is left, and one that has failed is not restarted for that alone. What our own restart has broken is an error until it is well. @default false
   */
  optional?: boolean;
  /** What must answer after a restart, tried on the host: `{ tcp: 9292 }`, `{ tcp: "10.0.0.5:9292" }`, `{ http: "http://localhost:9292/healthcheck" }` or `{ command: [...] }`. @default none */
  probe?: Probe;
  /** How long it must run without restarting itself to count as well, in seconds. @default 3 */
  steadySeconds: number;
  /** How long it may take to be well, in seconds. @default 120 */
  timeoutSeconds: number;
  /** How virsh is started where guests are counted (nova-compute, libvirt). @default ["virsh", "-c", "qemu:///system"] */
  virsh: readonly string[];
  /** `keep`: a destroy only forgets it; with at: "destroy" nothing is restarted then. @default what `at` says */
  onDelete?: OnDelete;
  /** Not for programs: stands for what the files say, so that a unit that runs with something older shows as a difference. */
  runsWith?: typeof AS_FILES_SAY;
}

const OLDER = "something older than its files";

/** Whether the resource restarts on a change. */
const follows = ({ at, action }: ServiceInputs): boolean => at === "change" && action !== "none";

const triggersOf = (props: Props | undefined): Props => {
  const triggers = props?.["triggers"];
  return isMap(triggers) ? plainProps(triggers) : {};
};

const compared = ({ triggers, enabled, running, runsWith }: ServiceInputs): Props =>
  plainProps({ triggers, enabled, running, runsWith });

/** What is desired of an optional unit counts once it is there, can be that, and is no other stack's. */
const isAside = (inputs: ServiceInputs, { unit, elsewhere }: ServiceState): boolean =>
  inputs.optional === true && (elsewhere ?? whyUnfit(inputs, unit)) !== undefined;

/** Until it is deleted there is nothing of it on the host: what waits for it waits for no connection. */
const WAITS: Observed = { managed: {}, facts: {} };

/** What cannot be told by a look (the triggers of the last success) is as it was recorded. */
const observed = (inputs: ServiceInputs, state: ServiceState, triggers: unknown): Observed => {
  const { enabled, running, reads = [] } = inputs;
  const { unit } = state;
  if (isAside(inputs, state))
    return { managed: { ...compared(inputs), ...plainProps({ triggers }) }, facts: {} };
  return {
    managed: plainProps({
      triggers: inputs.triggers === undefined ? undefined : triggers,
      enabled: enabled === undefined ? undefined : isEnabled(unit),
      running: running === undefined ? undefined : isRunning(unit),
      runsWith:
        follows(inputs) && reads.length > 0
          ? newer(inputs, state).length > 0
            ? OLDER
            : AS_FILES_SAY
          : undefined,
    }),
    facts: {},
  };
};

const checkContainer = (inputs: ServiceInputs, report: Report): void => {
  if (isUnknown(inputs.unit) || unitName(inputs.unit).engine === "systemd") return;
  if (inputs.enabled !== undefined)
    report(
      ["enabled"],
      inputs.enabled,
      "must be left out for a container: its restart policy is not managed",
    );
};

const checkAt = (inputs: ServiceInputs, report: Report): void => {
  if (inputs.at !== "destroy") return;
  for (const key of ["triggers", "enabled", "running"] as const)
    if (inputs[key] !== undefined)
      report(
        [key],
        undefined,
        'must be left out where at is "destroy": that resource does nothing before it is deleted',
      );
  if (inputs.reads === undefined)
    report(["reads"], undefined, 'must name the files that are put back, where at is "destroy"');
  if (inputs.action === "none")
    report(["action"], inputs.action, 'must be "restart" or "reload" at a destroy');
};

export const service: Artifact<ServiceInputs, ServiceState | undefined> = {
  kind: "Service",
  shape,
  facts: [],
  policy: ["command", "onDelete", "probe", "steadySeconds", "timeoutSeconds", "virsh"],
  label: ({ unit, host, at }) =>
    `${at === "destroy" ? "the restart at a destroy of " : ""}${shortUnit(unit)} on ${host}`,
  replacedBy: ({ host, unit, at }) => ({ host, unit, at }),
  id: ({ host, unit, at }) => `${host}/${unit}${at === "destroy" ? "#destroy" : ""}`,
  claims: (inputs) => [serviceClaim(spotFor(inputs), inputs.optional === true)],
  check(inputs, _olds, report) {
    checkContainer(inputs, report);
    checkAt(inputs, report);
    const { runsWith: _constant, ...rest } = inputs;
    const isKnown = !isUnknown(inputs.at) && !isUnknown(inputs.action) && !isUnknown(inputs.reads);
    return isKnown && follows(inputs) && (inputs.reads ?? []).length > 0
      ? { ...rest, runsWith: AS_FILES_SAY }
      : rest;
  },
  warnings: ({ host, unit, triggers, reads, at, action }) =>
    triggers !== undefined && reads === undefined && at === "change" && action !== "none"
      ? [
          `${shortUnit(unit)} on ${host} has triggers and no reads: whether it runs with what its files say is not known, and its creation restarts nothing`,
        ]
      : [],
  // A file that is repaired, or that no trigger names: the triggers of the unit are as before.
  follows: (inputs, written) =>
    follows(inputs) &&
    (inputs.reads ?? []).some((read) =>
      written.some((one) => isReadBy(one, { host: inputs.host, ...readOf(read) })),
    ),
  compared,
  async observe(reach, inputs, prior) {
    if (inputs.at === "destroy") return { found: WAITS, look: undefined };
    const state = await lookAtService(reach, inputs);
    const isGone =
      (!state.unit.isThere && inputs.optional !== true) ||
      (prior !== undefined && !isRecorded(spotFor(inputs), state.record));
    return { found: isGone ? undefined : observed(inputs, state, prior?.["triggers"]), look: state };
  },
  async apply(reach, inputs, { look: state }, prior) {
    if (state === undefined) return WAITS;
    const triggers = prior === undefined ? [] : changedTriggers(triggersOf(prior), inputs.triggers ?? {});
    const after = await convergeService(reach, inputs, {
      state,
      triggers,
      isResumed: prior?.[FAILED] === true,
    });
    return observed(inputs, after, inputs.triggers);
  },
  remove: (reach, inputs) => releaseService(reach, inputs),
};

/** What stands for a secret in `triggers`: its hash. */
export const triggerOf = (secret: string): string => sha256(secret, "utf8");

export type ServiceArgs = Args<
  Omit<ServiceInputs, "action" | "at" | "steadySeconds" | "timeoutSeconds" | "virsh" | "runsWith"> &
    Partial<Pick<ServiceInputs, "action" | "at" | "steadySeconds" | "timeoutSeconds" | "virsh">>
>;

/** A service of a host. */
export class Service extends ArtifactResource<ServiceInputs> {
  /** The unit's name in full, or the container's. */
  declare readonly unit: pulumi.Output<string>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.CustomResourceOptions) {
    super(service, name, args, opts);
  }
}
