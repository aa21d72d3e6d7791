/** What each tool is given, and what it cannot do. Pure. */
import { edpm, edpmProblems } from "./edpm.js";
import { enabledNotes } from "./enabled.js";
import { helm, helmProblems } from "./helm.js";
import { kolla, optionFilesOf } from "./kolla.js";
import { kollaProblems } from "./kolla-problems.js";
import type { HandOverPreset } from "./layout.js";
import { osa, osaProblems } from "./osa.js";
import { clientLines, unique, usesOf } from "./parts.js";
import type { Handed, HandOver, SectionsOf, Topology } from "./topology.js";

/** Files of options that a tool merges, by path, whatever is known of their values. */
type OptionFiles = <V>(handed: Handed<V>, directory: string) => Record<string, SectionsOf<V>>;

interface Tool {
  /** Values, files below a directory of the deployment host, commands. */
  readonly make: (topology: Topology, directory: string) => HandOver;
  readonly problems: (topology: Topology) => string[];
  /** Where it reads files on a deployment host. @default it reads none */
  readonly directory?: string;
  readonly optionFiles?: OptionFiles;
}

const TOOLS: Readonly<Record<HandOverPreset, Tool>> = {
  kolla: {
    make: kolla,
    problems: kollaProblems,
    directory: "/etc/kolla/config",
    optionFiles: optionFilesOf,
  },
  osa: { make: osa, problems: osaProblems, directory: "/etc/openstack_deploy" },
  helm: { make: helm, problems: helmProblems },
  edpm: { make: edpm, problems: edpmProblems },
};

/** Where a tool reads files on a deployment host. */
export const directoryOf = (tool: HandOverPreset): string | undefined => TOOLS[tool].directory;

/** What a tool is given. */
export const handOver = (tool: HandOverPreset, topology: Topology, directory?: string): HandOver => {
  const made = TOOLS[tool].make(topology, directory ?? directoryOf(tool) ?? "");
  return {
    ...made,
    notes: [...made.notes, ...enabledNotes(tool, topology), ...clientNotes(topology, made)],
  };
};

/** Who writes a ceph.conf of its own where the tool reads one has this to write. */
const clientNotes = (topology: Topology, { confs }: HandOver): string[] =>
  unique(confs.map(({ cluster }) => cluster)).flatMap((cluster) =>
    clientLines(usesOf(topology), cluster).map(
      ({ section, line, without }) => `${cluster}.conf says ${section} ${line}: without it ${without}`,
    ),
  );

/** What a tool cannot do, in the program's words. */
export const handOverProblems = (tool: HandOverPreset, topology: Topology): string[] =>
  TOOLS[tool].problems(topology);

/** Files of options that a tool merges, by path. */
export const optionFiles = <V>(
  tool: HandOverPreset,
  given: Handed<V>,
  directory: string,
): Record<string, SectionsOf<V>> => TOOLS[tool].optionFiles?.(given, directory) ?? {};
