/** Rules of arguments whose hosts another tool writes, and what that tool is told of them. Pure. */
import type { CephOpenStackIntegrationArgs } from "../integration-args.js";
import { handOverOf } from "../layouts/choice.js";
import { directoryOf } from "../layouts/hand-over.js";
import type { HandedTo } from "./topology.js";
import { ROLES } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;

const deploymentProblems = ({ layout, deploymentHost }: Args): string[] => {
  const tool = handOverOf(layout);
  if (deploymentHost === undefined || (tool !== undefined && directoryOf(tool) !== undefined)) return [];
  return [
    'deploymentHost is where Kolla-Ansible or OpenStack-Ansible runs: it goes with layout "kolla" or "osa" alone',
  ];
};

/** Another tool's files hold no secrets that this program would have to encrypt. */
const handedSecrets = (args: Args): string[] =>
  handOverOf(args.layout) === undefined
    ? []
    : ROLES.filter((role) => args[role]?.secretOptions !== undefined).map(
        (role) =>
          `${role}.secretOptions are handed to nobody: give them to the tool of layout ${JSON.stringify(args.layout)} yourself`,
      );

/** There is no host before and after which anything could come. */
const handedHooks = ({ layout, hooks }: Args): string[] =>
  hooks === undefined || handOverOf(layout) === undefined
    ? []
    : [
        `hooks are for hosts that this program writes: with layout ${JSON.stringify(layout)} that tool writes them`,
      ];

/** Tools whose ceph.conf a command makes of what the cluster says. */
const CONF_BY_COMMAND: readonly unknown[] = ["helm", "edpm"];

/** Their ceph.conf is the cluster's minimal one. */
const handedCephConf = ({ layout, cephConf, clusters }: Args): string[] => {
  if (!CONF_BY_COMMAND.includes(handOverOf(layout))) return [];
  const given = [
    ["cephConf", cephConf] as const,
    ...Object.entries(clusters ?? {}).map(
      ([key, one]) => [`clusters.${key}.cephConf`, one.cephConf] as const,
    ),
  ];
  return given
    .filter(([, options]) => Object.values(options ?? {}).some((all) => Object.keys(all).length > 0))
    .map(
      ([what]) =>
        `${what} is handed to nobody: with layout ${JSON.stringify(layout)} ceph.conf is what \`ceph config generate-minimal-conf\` prints; set these options in the cluster (\`ceph config set client …\`)`,
    );
};

/** Everything that is wrong with what is handed over. */
export const handedProblems = (args: Args): string[] => [
  ...deploymentProblems(args),
  ...handedSecrets(args),
  ...handedHooks(args),
  ...handedCephConf(args),
];

/** The tool that writes the hosts, where it is another. */
export const handedTo = ({ layout, deploymentHost }: Args): HandedTo | undefined => {
  const tool = handOverOf(layout);
  if (tool === undefined) return undefined;
  const { owner = "root", ...place } =
    typeof deploymentHost === "string" ? { host: deploymentHost } : (deploymentHost ?? {});
  return { tool, owner, ...place };
};
