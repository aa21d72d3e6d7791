/**
 * Distribution packages that make a host a client of Ceph, by APT or dnf: what is missing is installed, and nothing else is
 * touched.
 * @see https://docs.ceph.com/en/latest/rbd/rbd-openstack/#install-ceph-client-packages
 */
import type * as pulumi from "@pulumi/pulumi";
import type { PackagesLook } from "../clients/packages/index.js";
import { PACKAGES_RECORD } from "../clients/packages/index.js";
import { nearest } from "../formats/nearest.js";
import { host, onDelete, type Host, type OnDelete } from "../kernel/common.js";
import type { Artifact, Observed, Reach } from "../kernel/contract.js";
import { isUnknown, type Props } from "../kernel/json.js";
import { ArtifactResource, type Args } from "../kernel/resource.js";
import {
  boolean,
  defaulted,
  integer,
  list,
  optional,
  oneOf,
  text,
  type Rule,
  type Shape,
} from "../kernel/shape.js";
import { defined } from "../clients/defined.js";
import { convergePackages, lookAtPackages, releasePackages } from "./life.js";
import { AS_CAN_BE_HAD, INSTALLED, lackingIn, seen, type State } from "./state.js";
import { packageThing, type PackagesTask } from "./record.js";
import { namesOf, pinnedBy, ROLE_NAMES, type PackageRole } from "./roles.js";

/** Packages of a host, as a program describes them. */
export interface ClientPackagesInputs {
  /** The machine that they are on. Changing it replaces. */
  host: Host;
  /**
   * What the host needs them for: `rbd-python` (python3-rbd, python3-rados: services and `ClientCheck`), `ceph-common` (`ceph`, `rbd` and `/etc/ceph`: all of them),
   * `qemu-rbd` (QEMU's block driver: qemu-block-extra, with dnf qemu-kvm-block-rbd). @default none
   */
  roles?: readonly PackageRole[];
  /** Packages by the name that the distribution has for them. @default none */
  packages?: readonly string[];
  /**
   * What the version of these packages must be or begin with: "16.2" is also 16.2.15, and not 16.20. It is not said of `qemu-rbd`, which has
   * QEMU's. Where another version is installed, that is an error: nothing is ever upgraded. @default whatever is there, else what the host's
   * indices offer
   */
  version?: string;
  /** Time that waiting for another installer, and then fetching and installing, may take, in seconds each. @default 600 */
  timeoutSeconds: number;
  /**
   * What is missing and cannot be had (no candidate, no network, no right to install, neither APT nor dnf, or only with an upgrade or a removal) is a
   * warning that names it, and no error; the rest is installed. It is tried again when the resource changes. @default false
   */
  optional?: boolean;
  /** Not for programs: stands for all of them, so that one that is missing shows as a difference. */
  state: State;
  /**
   * What a destroy does: `remove` removes those that we installed, and none that others need; `keep` leaves them. @default "keep"
   */
  onDelete?: OnDelete;
}

const NAME = text(
  /^[A-Za-z0-9](?:[A-Za-z0-9+._-]*[A-Za-z0-9+._])?$/,
  'the name of a package: letters, digits, "+", ".", "_", "-", without a version, an architecture or a pattern',
);

const ROLE: Rule<PackageRole> = {
  check(value, path, report) {
    const near = typeof value === "string" ? nearest(value, ROLE_NAMES) : undefined;
    const hint = near === undefined || near === value ? "" : `; ${JSON.stringify(near)} is near`;
    return oneOf(...ROLE_NAMES).check(value, path, (at, given, allowed) =>
      report(at, given, `${allowed}${hint}`),
    );
  },
};

const shape: Shape<ClientPackagesInputs> = {
  host,
  roles: optional(list(ROLE)),
  packages: optional(list(NAME)),
  version: optional(
    text(/^[0-9][A-Za-z0-9.+:~^_-]*$/, 'a version or its beginning, e.g. "16.2"; it begins with a digit'),
  ),
  timeoutSeconds: defaulted(integer(1, 86_400), 600),
  optional: optional(boolean),
  state: defaulted(oneOf(INSTALLED, AS_CAN_BE_HAD), INSTALLED),
  onDelete,
};

const desiredOf = ({ roles, packages }: ClientPackagesInputs) => defined({ roles, packages });

const taskFor = (reach: Reach, inputs: ClientPackagesInputs): PackagesTask => ({
  reach,
  host: inputs.host,
  names: namesOf(desiredOf(inputs)),
  pinned: pinnedBy(desiredOf(inputs)),
  seconds: inputs.timeoutSeconds,
  removes: inputs.onDelete === "remove",
  isOptional: inputs.optional === true,
  ...defined({ version: inputs.version }),
});

/** @param without packages that were missing before, and could not be had */
const observed = (task: PackagesTask, look: PackagesLook, without: readonly string[]): Observed => {
  const { state, missing } = seen(task, look, without);
  return { managed: { state }, facts: missing.length === 0 ? {} : { missing: [...missing] } };
};

/** What the last success left missing. */
const leftOut = (prior: Props | undefined): readonly string[] => {
  const missing = prior?.["missing"];
  return Array.isArray(missing) ? missing.map(String) : [];
};

const isPlain = ({ roles = [], packages = [] }: ClientPackagesInputs): boolean =>
  ![roles, packages, ...roles, ...packages].some(isUnknown);

/** By either manager's name: which of them the host has is not known before it is asked. */
const claimedNames = (inputs: ClientPackagesInputs): readonly string[] => {
  if (!isPlain(inputs)) return [];
  const { apt, dnf } = namesOf(desiredOf(inputs));
  return [...new Set([...apt, ...dnf])];
};

const sortedOnce = <T extends string>(names: readonly T[] | undefined): readonly T[] | undefined =>
  names === undefined || isUnknown(names) || names.some(isUnknown) ? names : [...new Set(names)].sort();

const nameOf = (inputs: ClientPackagesInputs): string =>
  [...(inputs.roles ?? []), ...(inputs.packages ?? [])].join(",");

export const clientPackages: Artifact<ClientPackagesInputs, PackagesLook> = {
  kind: "ClientPackages",
  shape,
  facts: ["missing"],
  policy: ["onDelete", "timeoutSeconds"],
  label: (inputs) => `packages ${nameOf(inputs)} on ${inputs.host}`,
  replacedBy: ({ host: machine }) => ({ host: machine }),
  id: ({ host: machine }) => `${machine}:packages`,
  claims: (inputs) =>
    claimedNames(inputs).map((name) => ({
      thing: packageThing(inputs.host, name),
      at: { host: inputs.host, path: PACKAGES_RECORD, part: name },
      ...(inputs.optional === true
        ? { cure: "`manage: { packages: false }`, or `exceptHosts` in it, leaves it to the other" }
        : {}),
    })),
  check(inputs, _olds, report) {
    const { roles, packages } = inputs;
    if (roles === undefined && packages === undefined)
      report(["roles"], undefined, `or packages must be given; roles are ${ROLE_NAMES.join(", ")}`);
    const state = inputs.optional === true ? AS_CAN_BE_HAD : INSTALLED;
    return { ...inputs, state, ...defined({ roles: sortedOnce(roles), packages: sortedOnce(packages) }) };
  },
  compared: ({ state }) => ({ state }),
  // Never "not there": a package that is missing is a difference with a name.
  async observe(reach, inputs, prior) {
    const task = taskFor(reach, inputs);
    const look = await lookAtPackages(task);
    return { found: observed(task, look, leftOut(prior)), look };
  },
  async apply(reach, inputs, { look }) {
    const task = taskFor(reach, inputs);
    const after = await convergePackages(task, look);
    return observed(task, after, task.isOptional ? lackingIn(after) : []);
  },
  remove: (reach, inputs) => releasePackages(taskFor(reach, inputs), { keeps: [] }),
};

export type ClientPackagesArgs = Args<
  Omit<ClientPackagesInputs, "state" | "timeoutSeconds"> &
    Partial<Pick<ClientPackagesInputs, "timeoutSeconds">>
>;

export { type PackageRole };

/** Distribution packages that make a host a client of Ceph. */
export class ClientPackages extends ArtifactResource<ClientPackagesInputs> {
  /** With `optional`: what is missing and could not be had. Left out where nothing is. */
  declare readonly missing: pulumi.Output<readonly string[] | undefined>;

  constructor(name: string, args: ClientPackagesArgs, opts?: pulumi.CustomResourceOptions) {
    super(clientPackages, name, args, opts);
  }
}
