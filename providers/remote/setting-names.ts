/** Names of the settings: what stack configuration `ceph-openstack:…`, the environment and explicit providers may say. */
import { distance, nearest } from "../formats/nearest.js";

export const SECRET_SETTINGS = ["sshPrivateKey", "sshPassphrase", "sudoPassword"] as const;

export const PLAIN_SETTINGS = [
  "transport",
  "sshConfig",
  "sshUser",
  "sshPort",
  "proxyJump",
  "sshPrivateKeyFile",
  "knownHosts",
  "hostKeyChecking",
  "become",
  "connectTimeoutSeconds",
  "commandTimeoutSeconds",
  "maxConnections",
  "unreachableOnDelete",
  "unreachableOnRefresh",
  "takeOverFrom",
] as const;

export type SettingName = (typeof SECRET_SETTINGS)[number] | (typeof PLAIN_SETTINGS)[number];

const NAMES: readonly string[] = [...SECRET_SETTINGS, ...PLAIN_SETTINGS];

/** `sshPrivateKeyFile` → `CEPH_OPENSTACK_SSH_PRIVATE_KEY_FILE` */
export const environmentName = (key: string): string =>
  `CEPH_OPENSTACK_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** Of the environment alone. */
const ENVIRONMENT = ["CEPH_OPENSTACK_ADMIN", "CEPH_OPENSTACK_CLUSTER", "CEPH_OPENSTACK_DEBUG"];

/** A sentence for every key that is none: it would be passed over in silence. */
export const unknownSettings = (keys: readonly string[]): string[] =>
  keys
    .filter((key) => !NAMES.includes(key))
    .map((key) => {
      const near = nearest(key, NAMES);
      const there = near === undefined ? `there are ${NAMES.join(", ")}` : `did you mean ${near}?`;
      return `ceph-openstack:${key} is no setting: ${there}`;
    });

/** A sentence for every variable of the environment that looks like a setting and is none. */
export const unknownVariables = (env: NodeJS.ProcessEnv): string[] => {
  const known = [...NAMES.map(environmentName), ...ENVIRONMENT];
  return Object.keys(env)
    .filter((name) => name.startsWith("CEPH_OPENSTACK_") && !known.includes(name))
    .flatMap((name) => {
      const near = nearest(name, known);
      const far = near === undefined ? 3 : distance(name, near);
      return far > 2 ? [] : [`${name} is no setting: did you mean ${String(near)}?`];
    });
};
