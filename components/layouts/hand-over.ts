/** What each tool is given, and what it cannot do. Pure. */
import { edpm, edpmProblems } from "./edpm.js";
import { helm, helmProblems } from "./helm.js";
import { kolla } from "./kolla.js";
import { kollaProblems } from "./kolla-problems.js";
import type { HandOverPreset } from "./layout.js";
import { osa, osaProblems } from "./osa.js";
import type { HandOver, Topology } from "./topology.js";

interface Tool {
  /** Values, files below a directory of the deployment host, commands. */
  readonly make: (topology: Topology, directory?: string) => HandOver;
  readonly problems: (topology: Topology) => string[];
  /** Whether it reads files on a deployment host. */
  readonly readsFiles: boolean;
}

const TOOLS: Readonly<Record<HandOverPreset, Tool>> = {
  kolla: { make: kolla, problems: kollaProblems, readsFiles: true },
  osa: { make: osa, problems: osaProblems, readsFiles: true },
  helm: { make: helm, problems: helmProblems, readsFiles: false },
  edpm: { make: edpm, problems: edpmProblems, readsFiles: false },
};

/** What a tool is given. */
export const handOver = (tool: HandOverPreset, topology: Topology, directory?: string): HandOver =>
  TOOLS[tool].make(topology, directory);

/** What a tool cannot do, in the program's words. */
export const handOverProblems = (tool: HandOverPreset, topology: Topology): string[] =>
  TOOLS[tool].problems(topology);

/** Whether a tool reads files on a deployment host. */
export const readsFiles = (tool: HandOverPreset): boolean => TOOLS[tool].readsFiles;
