/** Rules for the names that an integration's arguments give: stores, backends, users. Pure. */
import type { CephOpenStackIntegrationArgs } from "../integration-args.js";
import { namesOf, userKey, USERS, usersIn, usesOf, type Use } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;
type Named = readonly { readonly name: string }[];

/** What stores and backends are called. */
export interface Names {
  readonly stores: Named;
  readonly backends: Named;
}

const SECTION = /^[A-Za-z0-9_.-]+$/;
const USER = /^(?!client\.)[A-Za-z0-9_.@-]+$/;
export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Sections of the services' own, in small letters; a store or backend of that name would mix with them. */
const TAKEN = {
  "glance store": [
    ...["default", "glance_store", "backend_defaults", "paste_deploy", "database", "keystone_authtoken"],
    ...["image_import_opts", "image_conversion"],
  ],
  "cinder backend": [
    ...["default", "backend_defaults", "database", "keystone_authtoken", "coordination", "key_manager"],
    ...["glance", "nova"],
  ],
} as const;

/** The items that are there more than once. */
export const twice = (items: readonly string[]): string[] => [
  ...new Set(items.filter((item, at) => items.indexOf(item) !== at)),
];

/**
 * Groups of names that are one section: oslo.config looks them up in small letters.
 * @see https://opendev.org/openstack/oslo.config/src/branch/master/oslo_config/cfg.py
 */
const same = (names: readonly string[]): string[][] => {
  const groups = new Map<string, string[]>();
  for (const name of names) groups.set(name.toLowerCase(), [...(groups.get(name.toLowerCase()) ?? []), name]);
  return [...groups.values()].filter((group) => group.length > 1);
};

/** Problems of the names of stores, or of backends: they name sections. */
export const sectionProblems = (what: keyof typeof TAKEN, named: Named): string[] => {
  const taken: readonly string[] = TAKEN[what];
  const names = named.map(({ name }) => name).filter((name) => typeof name === "string");
  return [
    ...(names.length < named.length ? [`a ${what} has no name`] : []),
    ...names
      .filter((name) => !SECTION.test(name))
      .map(
        (name) =>
          `${what} ${JSON.stringify(name)} must be of letters, digits, "_", "." and "-": it names a section`,
      ),
    ...names
      .filter((name) => taken.includes(name.toLowerCase()))
      .map((name) => `${what} ${JSON.stringify(name)}: a section of that name is the service's own`),
    ...names
      .filter((name) => what === "glance store" && name.startsWith("os_glance_"))
      .map(
        (name) =>
          `glance store ${JSON.stringify(name)}: Glance keeps names that begin with "os_glance_" for itself`,
      ),
    ...same(names).map((group) => {
      const [first, ...others] = [...new Set(group)].map((name) => JSON.stringify(name));
      return others.length === 0
        ? `two ${what}s are called ${first ?? ""}`
        : `${what}s ${[first, ...others].join(" and ")} are one section: case is no difference there`;
    }),
  ];
};

/** The problem of one user's name. */
export const userProblem = (what: string, user: string): string[] =>
  USER.test(user)
    ? []
    : [`${what} ${JSON.stringify(user)} must be the name of a cephx user without "client."`];

/** The problem of one UUID of a libvirt secret. */
export const uuidProblem = (uuid: string): string[] =>
  UUID.test(uuid) ? [] : [`secretUuid ${uuid} must be a UUID in lower case`];

/** Users of a store's, a backend's or Nova's own, with who names them. */
const ownUsers = (args: Args): Use[] => {
  const names: readonly string[] = Object.values(namesOf(args));
  return usesOf(args).filter(({ user }) => !names.includes(user));
};

/** "cinder@site2" is Cinder's user in a further cluster, and can be that of no other. */
const mixedProblems = ({ clusters = {} }: Args, uses: readonly Use[]): string[] => {
  const ends = Object.keys(clusters).map((key) => `@${key}`);
  return usersIn(uses)
    .filter(({ user }) => ends.some((end) => user.endsWith(end)))
    .map(
      ({ who, user }) =>
        `${who}: user ${JSON.stringify(user)} is what a user of a further cluster is called here`,
    );
};

const userProblems = (args: Args): string[] => {
  const { users = {}, keyGenerations = {} } = args;
  const keys = Object.keys(USERS);
  const names = namesOf(args);
  const own = ownUsers(args);
  const uses = usesOf(args);
  const there = [...new Set([...keys, ...uses.map((use) => userKey(args, use))])];
  const unknown = (what: string, given: object, known: readonly string[]) =>
    Object.keys(given)
      .filter((key) => !known.includes(key))
      .map((key) => `${what}.${key} is no user here; there are ${known.join(", ")}`);
  return [
    ...unknown("users", users, keys),
    ...unknown("keyGenerations", keyGenerations, there),
    ...Object.entries(names).flatMap(([key, name]) => userProblem(`users.${key}`, name)),
    ...own.flatMap(({ who, user }) => userProblem(`${who}: user`, user)),
    ...own
      .filter(({ user }) => keys.includes(user))
      .map(({ who, user }) => `${who}: user ${JSON.stringify(user)} is what users calls another one`),
    ...mixedProblems(args, uses),
    ...twice(Object.values(names)).map(
      (user) => `two users are called ${JSON.stringify(user)}: each has caps of its own`,
    ),
  ];
};

/** Problems of the names of stores, backends and users. */
export const nameProblems = (args: Args, { stores, backends }: Names): string[] => [
  ...sectionProblems("glance store", stores),
  ...sectionProblems("cinder backend", backends),
  ...userProblems(args),
];
