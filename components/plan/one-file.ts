/** Options of cinder-volume and cinder-backup in one file: each is one role's. Pure. */
import { ONE_CINDER_FILE } from "../layouts/choice.js";
import { SERVICES } from "./services.js";
import { hostsOf, rolesOn, type RoleUse, type Topology } from "../topology/topology.js";

type Names = readonly string[];

const namesIn = (sections: Readonly<Record<string, object>>): string[] =>
  Object.entries(sections).flatMap(([section, options]) =>
    Object.keys(options).map((option) => `[${section}] ${option}`),
  );

/** What a role is given of its file beside what its release wants there. */
const givenTo = ({ options, secretOptions }: RoleUse): Names => [
  ...namesIn(options),
  ...namesIn(secretOptions),
];

const writtenBy = (topology: Topology, use: RoleUse): Names => [
  ...namesIn(SERVICES[use.role].wants(topology.release, use.parts)),
  ...givenTo(use),
];

/** What the program calls them. */
const roleName = ({ role }: RoleUse): string => SERVICES[role].place;

/** Where both have one file, in words. */
const sharedPlace = (topology: Topology): string | undefined => {
  const { layout, handOver: to } = topology;
  if (to !== undefined)
    return ONE_CINDER_FILE.includes(to.tool)
      ? `into one file of layout ${JSON.stringify(to.tool)}`
      : undefined;
  const hosts = hostsOf(topology).filter((host) => {
    const roles = rolesOn(topology, host).map(({ role }) => role);
    return roles.includes("cinder") && roles.includes("cinder-backup");
  });
  return layout.cinderConf === layout.cinderBackupConf && hosts.length > 0
    ? `on ${hosts.join(", ")}`
    : undefined;
};

/** Two resources would own one option, and neither is one that the program names. */
export const oneFileProblems = (topology: Topology): string[] => {
  const [volume, backup] = (["cinder", "cinder-backup"] as const).map((role) =>
    topology.roles.find((use) => use.role === role),
  );
  const place = sharedPlace(topology);
  if (volume === undefined || backup === undefined || place === undefined) return [];
  const others = writtenBy(topology, backup);
  return [...new Set(writtenBy(topology, volume))]
    .filter((option) => others.includes(option))
    .map((option) => {
      const [giver, writer] = givenTo(backup).includes(option) ? [backup, volume] : [volume, backup];
      return `${roleName(giver)}.options gives ${option}, which ${roleName(writer)} writes ${place}: give it in ${roleName(writer)}.options`;
    });
};
