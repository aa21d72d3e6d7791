/** An option that an argument stands for is given once: by the argument, or among the options. Pure. */
import { Output } from "@pulumi/pulumi";
import type { CephOpenStackIntegrationArgs } from "../integration-args.js";
import { typedOptions } from "./typed-options.js";
import { backendsOf } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;

/** A value of an option, and the argument that gives it. */
interface Given {
  readonly argument: string;
  readonly section: string;
  readonly option: string;
  readonly value: unknown;
}

type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const givenIn = (
  sections: Sections,
  argumentOf: (section: string, option: string) => string | undefined,
): Given[] =>
  Object.entries(sections).flatMap(([section, options]) =>
    Object.entries(options).flatMap(([option, value]) => {
      const argument = argumentOf(section, option);
      return argument === undefined ? [] : [{ argument, section, option, value }];
    }),
  );

/** The arguments by what they come to in a file; those of backends stand in the backends' own sections. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  "DEFAULT/cluster": "cinder.activeActive.cluster",
  "coordination/backend_url": "cinder.activeActive.coordination",
  "os_glance_staging_store/filesystem_store_datadir": "glance.reservedStores.staging",
  "os_glance_tasks_store/filesystem_store_datadir": "glance.reservedStores.tasks",
};
const OF_BACKENDS: Readonly<Record<string, string>> = {
  backend_host: "backendHost",
  backend_availability_zone: "availabilityZone",
};

const argumentOf =
  (args: Args) =>
  (section: string, option: string): string | undefined => {
    const field = OF_BACKENDS[option];
    return field !== undefined && backendsOf(args).some(({ name }) => name === section)
      ? `${field} of cinder backend ${JSON.stringify(section)}`
      : ARGUMENTS[`${section}/${option}`];
  };

/** oslo.config takes `a-b` for `a_b`. */
const isOption = (one: string, other: string): boolean => one.replaceAll("-", "_") === other;

/** Known, and the same. */
const isSame = (one: unknown, other: unknown): boolean =>
  one === other || (!Output.isInstance(one) && !Output.isInstance(other) && String(one) === String(other));

const clashes = (args: Args, role: "glance" | "cinder"): string[] => {
  const { options = {}, secretOptions = {} } = args[role] ?? {};
  const typed = typedOptions(args, role);
  const all = [typed.options, typed.secretOptions].flatMap((one) => givenIn(one, argumentOf(args)));
  const said = [
    ...givenIn(options, () => `${role}.options`),
    ...givenIn(secretOptions, () => `${role}.secretOptions`),
  ];
  return all.flatMap(({ argument, section, option, value }) =>
    said
      .filter((one) => one.section === section && isOption(one.option, option) && !isSame(one.value, value))
      .map(
        (one) =>
          `${argument} and ${one.argument} both give [${section}] ${one.option}, not the same: give it once`,
      ),
  );
};

/** Options that contradict an argument which stands for them. */
export const contradictedArguments = (args: Args): string[] => [
  ...clashes(args, "glance"),
  ...clashes(args, "cinder"),
];
