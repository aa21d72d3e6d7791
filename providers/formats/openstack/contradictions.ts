/** Options of one section that do not go together, or that lack one another. Plain values alone. Pure. */
import { linesOf } from "../ini/values.js";
import type { Finding } from "./finding.js";
import { isYes } from "./given.js";
import type { Project } from "./index.js";
import type { Reader } from "./reader.js";
import { isSince } from "./series.js";
import type { Section } from "./unread.js";

/** What a section says, by name; a value that is not known is none here. */
interface Said {
  readonly reader: Reader;
  readonly of: (option: string) => string | undefined;
  /** Also where its value is not known. */
  readonly has: (option: string) => boolean;
}

const baseOf = (path: string): string => path.replace(/^.*\//, "").replace(/\.conf$/, "");

const find = (wrong: boolean, option: string, text: string): Finding[] => (wrong ? [{ option, text }] : []);

const fatal = (found: readonly Finding[]): Finding[] => found.map((one) => ({ ...one, fatal: true }));

/** The keyring is looked for by the cluster's name. */
const otherCluster = ({ of }: Said): Finding[] => {
  const [name, conf] = [of("rbd_cluster_name"), of("rbd_ceph_conf")];
  if (name === undefined || conf === undefined || baseOf(conf) === name) return [];
  const keyring = `${name}.client.${of("rbd_user") ?? "cinder"}.keyring`;
  const text = `${name} looks for the keyring ${keyring}, and rbd_ceph_conf ${conf} is of another cluster`;
  return [{ option: "rbd_cluster_name", text }];
};

/** @see https://docs.openstack.org/cinder/latest/configuration/block-storage/drivers/ceph-rbd-volume-driver.html */
const backend = (said: Said): Finding[] => {
  const { reader, of, has } = said;
  const isWhole = of("volume_driver")?.endsWith(".rbd.RBDDriver") === true;
  return [
    ...otherCluster(said),
    ...find(
      isWhole && has("rbd_user") && !has("rbd_secret_uuid") && !isSince(reader.series, "antelope"),
      "rbd_secret_uuid",
      "is missing: its default, the fsid, came with 2023.1 and Zed's 21.2.0; before, guests cannot attach volumes",
    ),
    ...find(
      isWhole && !has("volume_backend_name"),
      "volume_backend_name",
      "is missing: to volume types the backend is called RBD then, whatever its section is called",
    ),
  ];
};

const UNIT = "backup_ceph_stripe_unit";
const COUNT = "backup_ceph_stripe_count";

/** librbd takes both or neither. @see https://docs.ceph.com/en/latest/man/8/rbd/#striping */
const backups = ({ of }: Said): Finding[] => {
  const [unit, count] = [of(UNIT), of(COUNT)];
  const isNone = (value: string | undefined): boolean => value === undefined || Number(value) === 0;
  const [given, other] = isNone(unit) ? [COUNT, UNIT] : [UNIT, COUNT];
  const found = find(
    isNone(unit) !== isNone(count),
    given,
    `goes with ${other} alone: librbd takes both or neither, and makes no backup`,
  );
  return unit !== undefined && count !== undefined ? fatal(found) : found;
};

const onRbd = ({ of }: Said): Finding[] => {
  const type = of("images_type");
  if (type !== "rbd")
    return find(
      type !== undefined && of("images_rbd_pool") !== undefined,
      "images_rbd_pool",
      `counts for nothing: images_type is ${String(type)}, and guests' disks are on the host itself`,
    );
  const modes = of("disk_cachemodes");
  return [
    ...["inject_password", "inject_key"].flatMap((option) =>
      find(
        isYes(of(option)),
        option,
        "is for disks on the host itself, and images_type is rbd: metadata or a config drive brings it",
      ),
    ),
    ...find(
      modes !== undefined && !/(^|,)\s*network=/.test(modes),
      "disk_cachemodes",
      "says nothing of network, and images_type is rbd: QEMU does not flush, and librbd's cache stays write-through; network=writeback",
    ),
    ...find(
      of("hw_disk_discard") === "ignore",
      "hw_disk_discard",
      "is ignore, and images_type is rbd: what guests discard stays in the pool; unmap (since Juno) frees it",
    ),
  ];
};

/** @see https://docs.openstack.org/nova/latest/configuration/config.html#libvirt */
const migration = ({ of }: Said): Finding[] => [
  ...fatal(
    find(
      isYes(of("live_migration_tunnelled")) && isYes(of("live_migration_with_native_tls")),
      "live_migration_tunnelled",
      "goes with live_migration_with_native_tls in no release since Stein: nova-compute does not start; it is deprecated since Wallaby",
    ),
  ),
  ...find(
    of("live_migration_uri") !== undefined && of("live_migration_scheme") !== undefined,
    "live_migration_scheme",
    "counts for nothing beside live_migration_uri, which is deprecated since Ocata",
  ),
];

interface Rule {
  readonly project: Project;
  /** A fixed section; undefined: that of a backend or store. */
  readonly section?: string;
  readonly of: (said: Said) => Finding[];
}

const RULES: readonly Rule[] = [
  { project: "cinder", of: backend },
  { project: "cinder", section: "DEFAULT", of: backups },
  { project: "nova", section: "libvirt", of: onRbd },
  { project: "nova", section: "libvirt", of: migration },
];

/** oslo.config takes `a-b` for `a_b`; of several lines the last counts. */
const saidIn = ({ reader, options }: Section): Said => {
  const all = new Map(options.map(({ name, value }) => [name.replaceAll("-", "_"), value]));
  return {
    reader,
    has: (option) => all.has(option),
    of: (option) => {
      const value = all.get(option);
      const text = value === undefined ? undefined : linesOf(value).at(-1)?.trim();
      // Another option's value stands there.
      return text?.includes("$") === true ? undefined : text;
    },
  };
};

/** What the options of a section say against one another. */
export const contradictions = (at: Section): Finding[] => {
  const said = saidIn(at);
  return RULES.filter(
    ({ project, section }) =>
      project === at.reader.project && (section === undefined ? !at.fixed : section === at.section),
  ).flatMap((rule) => rule.of(said));
};
