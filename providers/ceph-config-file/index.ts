/**
 * What a client's ceph.conf must say: the cluster and its monitors, and options beside them. A file that is there is edited; every other byte
 * stays.
 * @see https://docs.ceph.com/en/latest/rados/configuration/ceph-conf/
 */
import type * as pulumi from "@pulumi/pulumi";
import {
  CLUSTERS_MONITORS,
  confProblems,
  confSections,
  foundConf,
  noSections,
  otherCluster,
  type Sections,
} from "./conf.js";
import { askMonitors } from "../clients/cluster-monitors.js";
import { filesOf, type Look } from "../clients/files/index.js";
import { heldFor } from "../clients/files/held.js";
import type { Claim } from "../ownership/claims.js";
import {
  editOptions,
  optionClaim,
  ownerIn,
  releaseOptions,
  type OptionsEdit,
} from "../ownership/options-file.js";
import { fileClaim } from "../ownership/things.js";
import { canonicalKey } from "../formats/ini/index.js";
import {
  absolutePath,
  checkOwner,
  clusterName,
  clusterRule,
  fileMode,
  fsidOf,
  host,
  onDelete,
  userName,
  type Cluster,
  type Host,
  type OnDelete,
} from "../kernel/common.js";
import type { Artifact, Observed, Reach } from "../kernel/contract.js";
import { holdsUnknown, isUnknown, plainProps, UNKNOWN } from "../kernel/json.js";
import { ArtifactResource, type Args } from "../kernel/resource.js";
import { scalar, word } from "../kernel/scalar.js";
import { defaulted, either, map, oneOf, optional, text, type Report, type Shape } from "../kernel/shape.js";
import { isWritten } from "../kernel/written.js";

/** A client's ceph.conf, as a program describes it. */
export interface CephConfigFileInputs {
  /** The machine that the file is on. Changing it replaces. */
  host: Host;
  /** The cluster; `admin` is needed unless `monHost` is given. A file of another cluster is refused. */
  cluster: Cluster;
  /** Absolute path. Changing it replaces. @default /etc/ceph/<cluster name>.conf, where clients look for it */
  path: string;
  /**
   * Options by section, beside fsid and mon_host: `{ "client.glance": { rbd_cache: true } }`. Names with `_` (a dash is another option to Ceph).
   * An option left out later is put back as it was. @default none
   */
  options?: Sections;
  /** Addresses of the monitors, as `mon_host` holds them; no admin host is asked then. @default the cluster's monitors, followed when they move */
  monHost?: string;
  /** Owner of the file, enforced. @default not managed; root for one that is made */
  owner?: string;
  /** Group of the file, enforced. @default not managed; root for one that is made */
  group?: string;
  /** Four octal digits, enforced. @default not managed; "0644" for one that is made */
  mode?: string;
  /** Not for programs: the cluster's fsid, so that a file that lost it shows a difference. */
  fsid: string;
  /** `keep`: a destroy leaves the file as it is. `remove`: options are put back, a file that we made goes. @default "remove" */
  onDelete?: OnDelete;
}

const shape: Shape<CephConfigFileInputs> = {
  host,
  cluster: clusterRule,
  path: defaulted(absolutePath, ""),
  options: defaulted(map(word, map(word, scalar)), {}),
  monHost: defaulted(
    either(
      text(/^[A-Za-z0-9.:,;/[\] _-]+$/, "addresses of monitors, as mon_host holds them"),
      // What check itself put there comes back with ignoreChanges.
      oneOf(CLUSTERS_MONITORS),
      "addresses of monitors, as mon_host holds them",
    ),
    CLUSTERS_MONITORS,
  ),
  owner: optional(userName),
  group: optional(userName),
  mode: optional(fileMode),
  fsid: defaulted(text(/^/, "the cluster's fsid"), ""),
  onDelete,
};

const pathFor = ({ cluster }: CephConfigFileInputs): string =>
  isUnknown(cluster) || isUnknown(cluster.name) ? UNKNOWN : `/etc/ceph/${clusterName(cluster)}.conf`;

const canonicalSections = (options: Sections): Sections =>
  Object.fromEntries(
    Object.entries(options).map(([section, values]) => [
      section,
      isUnknown(values)
        ? values
        : Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
    ]),
  );

const check = (inputs: CephConfigFileInputs, report: Report): CephConfigFileInputs => {
  const { cluster, path, options = {}, monHost } = inputs;
  if (monHost === CLUSTERS_MONITORS && !isUnknown(cluster) && cluster.admin === undefined)
    report(["cluster", "admin"], undefined, "names a host to ask for the monitors; or give monHost");
  checkOwner(inputs, report);
  const isKnown = !isUnknown(options);
  if (isKnown)
    for (const problem of confProblems(options, holdsUnknown))
      report(problem.path, problem.shown, problem.reason);
  return {
    ...inputs,
    path: path === "" ? pathFor(inputs) : path,
    options: isKnown ? canonicalSections(options) : options,
    fsid: fsidOf(cluster),
  };
};

const holderOf = ({ owner, group, mode }: CephConfigFileInputs) =>
  Object.fromEntries(Object.entries({ owner, group, mode }).filter(([, value]) => value !== undefined));

const monitorsFor = async (reach: Reach, { monHost, cluster }: CephConfigFileInputs): Promise<string> =>
  monHost === undefined || monHost === CLUSTERS_MONITORS ? askMonitors(reach, cluster) : monHost;

const desiredFor = ({ fsid, monHost = CLUSTERS_MONITORS, options = {} }: CephConfigFileInputs) => ({
  fsid,
  monHost,
  options,
});

interface ConfLook {
  readonly look: Look;
  readonly monitors: string;
}

const observed = (inputs: CephConfigFileInputs, { look, monitors }: ConfLook): Observed => {
  const managed = heldFor(look, inputs);
  return {
    managed: plainProps({ ...managed, ...foundConf(look, desiredFor(inputs), monitors) }),
    facts: { monitors },
  };
};

const lookAt = async (reach: Reach, inputs: CephConfigFileInputs): Promise<ConfLook> => {
  const [look, monitors] = await Promise.all([
    filesOf(reach, inputs.host).look(inputs.path),
    monitorsFor(reach, inputs),
  ]);
  return { look, monitors };
};

const editFor = (
  reach: Reach,
  inputs: CephConfigFileInputs,
  desiredSections: OptionsEdit["desiredSections"],
): OptionsEdit => ({
  host: inputs.host,
  dialect: "ceph",
  reach,
  desiredSections,
  newFile: { owner: "root", group: "root", mode: "0644" },
  holder: holderOf(inputs),
});

const claims = (inputs: CephConfigFileInputs): Claim[] => [
  fileClaim(inputs.host, inputs.path),
  ...["fsid", "mon_host"].map((key) => optionClaim(inputs, { section: "global", key })),
  ...Object.entries(isUnknown(inputs.options) ? {} : (inputs.options ?? {})).flatMap(([section, values]) =>
    Object.keys(isUnknown(values) ? {} : values).map((key) =>
      optionClaim(inputs, { section, key: canonicalKey("ceph", key) }),
    ),
  ),
];

export const cephConfigFile: Artifact<CephConfigFileInputs, ConfLook> = {
  kind: "CephConfigFile",
  shape,
  facts: ["monitors"],
  policy: ["onDelete"],
  label: ({ path, host: machine }) => `${path} on ${machine}`,
  replacedBy: ({ host: machine, path }) => ({ host: machine, path }),
  id: ({ host: machine, path }) => `${machine}:${path}`,
  claims,
  check: (inputs, _olds, report) => check(inputs, report),
  writes: ({ host: machine, path }, changed) =>
    isWritten(changed, ["fsid", "monHost", "options"]) ? [{ host: machine, path }] : [],
  compared: ({ owner, group, mode, fsid, monHost, options }) =>
    plainProps({ owner, group, mode, fsid, monHost, options }),
  async observe(reach, inputs) {
    const look = await lookAt(reach, inputs);
    return { found: look.look.kind === "absent" ? undefined : observed(inputs, look), look };
  },
  async apply(reach, inputs, { look: { look: before, monitors } }) {
    const desiredSections: OptionsEdit["desiredSections"] = (ledger, look) =>
      confSections(look, { who: ownerIn(reach, inputs.host, look), desired: desiredFor(inputs), monitors })(
        ledger,
      );
    const { look, notes } = await editOptions(filesOf(reach, inputs.host), before, {
      ...editFor(reach, inputs, desiredSections),
      refuse: otherCluster(inputs.host, inputs.fsid, monitors),
    });
    notes.forEach((note) => reach.note(note));
    return observed(inputs, { look, monitors });
  },
  async remove(reach, inputs) {
    const files = filesOf(reach, inputs.host);
    const forget = inputs.onDelete === "keep";
    const { notes } = await releaseOptions(
      files,
      await files.look(inputs.path),
      editFor(reach, inputs, (ledger, look) =>
        noSections(ledger, { ...ownerIn(reach, inputs.host, look), forget }),
      ),
    );
    notes.forEach((note) => reach.note(note));
  },
};

export type CephConfigFileArgs = Args<Omit<CephConfigFileInputs, "path" | "fsid"> & { path?: string }>;

/** What a client's ceph.conf must say. */
export class CephConfigFile extends ArtifactResource<CephConfigFileInputs> {
  /** Absolute path of the file. */
  declare readonly path: pulumi.Output<string>;
  /** Addresses of the monitors, as `mon_host` holds them: those given, or the cluster's. */
  declare readonly monitors: pulumi.Output<string>;

  constructor(name: string, args: CephConfigFileArgs, opts?: pulumi.CustomResourceOptions) {
    super(cephConfigFile, name, args, opts);
  }
}
