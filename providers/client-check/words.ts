/** Which link of the chain is broken, and its cure. Pure. */
import type { Answer, Problem } from "./program.js";

/** What the sentences name. */
export interface Names {
  readonly host: string;
  readonly entity: string;
  readonly fsid: string;
  readonly conf: string;
  /** The libvirt secret that guests use. */
  readonly uuid?: string;
  /** What the cluster says of the key, where it could be asked. */
  readonly key?: "none" | "another" | "same";
}

export interface Words {
  readonly what: string;
  readonly cure: string;
}

type Say = (problem: Problem, names: Names, facts: Answer["facts"]) => Words;

const EACCES = 13;
const ENOENT = 2;

const who = ({ user: name = "the service's user" }: Answer["facts"]): string => name;

const conf: Say = ({ errno, said }, names, facts) => {
  if (errno === ENOENT)
    return {
      what: `conf: ${names.conf} is not there`,
      cure: `A CephConfigFile on ${names.host} writes it; \`conf\` names another.`,
    };
  if (errno === EACCES)
    return {
      what: `conf: ${who(facts)} cannot read ${names.conf} (${facts.conf ?? "owner unknown"})`,
      cure: `Give its CephConfigFile mode: "0644", and let ${who(facts)} pass the directories above it.`,
    };
  return {
    what: `conf: ${names.conf} is none that Ceph reads: ${said}`,
    cure: "Mend the line that it names.",
  };
};

const cluster: Say = ({ said }, { conf: path, fsid }) => ({
  what: `conf: ${path} is of the cluster ${said === "" ? "(no fsid)" : said}, and the program names ${fsid}`,
  cure: "A CephConfigFile of this cluster writes the right one; `conf` names another file, `cluster` another cluster.",
});

const whose: Say = ({ said }) => ({
  what: `user: ${said} belongs to root, so that it does not say who runs the service`,
  cure: "Name the service's unix user by `user`.",
});

const user: Say = ({ said }, { host }) => ({
  what: `user: ${said}`,
  cure: `\`user\` is the unix user of the service on ${host}, by name or number; in a container \`prefix\` may name it.`,
});

const keyringAbsent: Say = ({ said }, { entity, host }) => ({
  what: `keyring: there is none for ${entity}; Ceph looks for it at ${said}`,
  cure: `A CephKeyringFile on ${host} writes it; \`keyring\` names another.`,
});

const keyringDenied: Say = ({ said, holder = "" }, _, facts) => ({
  what: `keyring: ${who(facts)} cannot read ${said} (${holder})`,
  cure: `Give its CephKeyringFile owner: ${JSON.stringify(who(facts))}, and let that user pass the directories above it.`,
});

const entity: Say = ({ said, names: found = [] }, { entity: wanted }) => ({
  what: `keyring: ${said} holds ${found.length === 0 ? "no key that Ceph reads" : found.join(", ")}, and no key of ${wanted}`,
  cure: `A CephKeyringFile of ${wanted} writes it, in a file of its own.`,
});

const BY_HAND = "which counts before every keyring: take it out, and give the entity a CephKeyringFile.";

const ANOTHER: Readonly<Record<NonNullable<Answer["facts"]["kind"]>, string>> = {
  keyring:
    "An `up` with refresh writes it anew by its CephKeyringFile; hand the CephAuthEntity's keyGeneration to that, so that a rotation reaches it.",
  keyfile: `Its conf names that file as \`keyfile\`, ${BY_HAND}`,
  key: `It is given there as \`key\`, ${BY_HAND}`,
};

const KEYS: Readonly<Record<NonNullable<Names["key"]>, Say>> = {
  none: (_, { entity: name, fsid }) => ({
    what: `key: the cluster ${fsid} has no ${name}`,
    cure: "A CephAuthEntity makes it; hand its entity to the CephKeyringFile, so that it comes first.",
  }),
  another: (_, { entity: name }, { keyring = "the keyring", kind = "keyring", fingerprint = "" }) => ({
    what: `key: ${keyring} holds another key of ${name} (${fingerprint}) than the cluster`,
    cure: ANOTHER[kind],
  }),
  same: (_, { entity: name }) => ({
    what: `caps: the key is right, and the monitors refuse ${name}: its caps lack mon "profile rbd"`,
    cure: "Add it to the caps of its CephAuthEntity.",
  }),
};

const key: Say = (problem, names, facts) => {
  if (names.key !== undefined) return KEYS[names.key](problem, names, facts);
  const { keyring = "the keyring", fingerprint = "" } = facts;
  return {
    what: `key: the cluster refuses the key of ${names.entity} that ${keyring} holds (${fingerprint})`,
    cure: `It was rotated, or the entity is gone or has no mon caps: \`ceph auth get ${names.entity}\`. With cluster.admin this check tells which.`,
  };
};

const ANSWERS = / answers(?:,|$)/;

const network: Say = ({ said }, { conf: path, host }) =>
  ANSWERS.test(said)
    ? {
        what: `network: a monitor takes connections and opens no session: ${said}`,
        cure: "Has it a quorum (`ceph -s`), is it of this cluster, and are all profiles in the entity's mon caps known?",
      }
    : {
        what: `network: no monitor answers on ${host}'s way to it: ${said === "" ? "none is named" : said}`,
        cure: `Is mon_host in ${path} right (a CephConfigFile follows monitors that moved), and does a route and no firewall lead there?`,
      };

const monitors: Say = ({ said }, { conf: path }) => ({
  what: `conf: ${path} names no monitor: ${said}`,
  cure: "Its CephConfigFile writes mon_host.",
});

const slow: Say = ({ op, pool, said }, { host }) => ({
  what: `network: ${op}${pool === "" ? "" : ` in pool ${pool}`}: ${said}`,
  cure: `Are the pool's OSDs up (\`ceph -s\`), and can ${host} reach them (the cluster's public network)?`,
});

const pool: Say = ({ pool: name }, { entity: wanted }) => ({
  what: `pool: there is no pool ${name}`,
  cure: `A CephPool makes it; or \`can\` and \`cannot\` name another than ${wanted} uses.`,
});

/** The clause as caps have it. */
export const clauseOf = ([profile = "", spec = ""]: readonly string[]): string => {
  const [name = "", namespace] = spec.split("/");
  const where = `pool=${name}${namespace === undefined ? "" : ` namespace=${namespace}`}`;
  if (profile === "mon") return 'mon "profile rbd"';
  if (profile === "mgr") return `mgr "profile rbd ${where}"`;
  return `osd "profile ${profile} ${where}"`;
};

const caps: Say = ({ op, pool: name, need = [] }, { entity: wanted }) => ({
  what: `caps: ${wanted} may not ${op}${name === "" ? "" : ` in pool ${name}`}: its caps lack ${clauseOf(need)}`,
  cure: "Add it to the caps of its CephAuthEntity.",
});

const mon: Say = (_, { entity: wanted }) => ({
  what: `caps: the monitors tell ${wanted} nothing: its caps lack mon "profile rbd"`,
  cure: "Add it to the caps of its CephAuthEntity.",
});

const allowed: Say = ({ op, pool: name }, { entity: wanted }) => ({
  what: `caps: ${wanted} can ${op} in pool ${name}, which it must not`,
  cure: "Take the clause that lets it out of the caps of its CephAuthEntity.",
});

const EIO = 5;

const connect: Say = ({ said, errno }, { host }, { keyring = "the keyring" }) =>
  errno === EIO
    ? {
        what: `key: Ceph on ${host} cannot read the key in ${keyring}: it may be of a type that came later (aes256k)`,
        cure: "Upgrade Ceph's packages there, or give the entity a key of the type aes.",
      }
    : { what: `connect: ${said}`, cure: "Ceph's own message says what it lacks." };

const failed: Say = ({ op, pool: name, said }) => ({
  what: `${op}${name === "" ? "" : ` in pool ${name}`}: ${said}`,
  cure: "It is none of the links that are known to break: Ceph's own message says what it lacks.",
});

const secretKey: Say = (_, { entity: wanted, uuid = "" }, { fingerprint = "no cephx key" }) => ({
  what: `secret: libvirt's secret ${uuid} holds a key of ${wanted} that the cluster refuses (${fingerprint})`,
  cure: "An `up` with refresh sets it anew by its LibvirtSecret; hand the CephAuthEntity's keyGeneration to that.",
});

const secretInput: Say = () => ({
  what: "secret: the way into the container hands no standard input on, by which the secret travels",
  cure: "Put `-i` into `prefix`: docker exec -i.",
});

/** Why libvirt gives no value, by what virsh says. */
export const wordsOfVirsh = (stderr: string, { host, uuid = "" }: Pick<Names, "host" | "uuid">): Words => {
  if (stderr.includes("no secret with matching uuid"))
    return {
      what: `secret: libvirt on ${host} has no secret ${uuid}`,
      cure: "A LibvirtSecret makes it; `libvirtSecret` must be its uuid.",
    };
  if (stderr.includes("does not have a value"))
    return { what: `secret: libvirt's secret ${uuid} has no value`, cure: "Its LibvirtSecret sets it." };
  return {
    what: `secret: libvirt on ${host} does not answer: ${stderr.trim().split("\n").at(-1) ?? ""}`,
    cure: "Is libvirtd running there? `libvirtSecret` takes `virsh` and `uri` for one in a container.",
  };
};

const data: Say = ({ pool: name, said }) => ({
  what: `pool: ${name}: ${said}`,
  cure: "Trust nothing that is in it before its OSDs were examined.",
});

const SENTENCES: Readonly<Record<string, Say>> = {
  conf,
  cluster,
  whose,
  user,
  "keyring-absent": keyringAbsent,
  "keyring-denied": keyringDenied,
  entity,
  key,
  network,
  monitors,
  slow,
  pool,
  caps,
  mon,
  allowed,
  connect,
  "secret-key": secretKey,
  "secret-input": secretInput,
  data,
};

/** Each problem in words, none twice: one clause that lacks breaks several steps. */
export const wordsOf = ({ problems, facts }: Answer, names: Names): readonly Words[] => {
  const all = problems.map((problem) => (SENTENCES[problem.link] ?? failed)(problem, names, facts));
  return all.filter(({ what }, i) => all.findIndex((other) => other.what === what) === i);
};
