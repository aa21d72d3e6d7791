/** The places for resources of a program's own, before and after each role on each host. Pure. */
import type { HookTime } from "../hook-args.js";
import type { RoleUse, Topology } from "../topology/topology.js";
import { refOf, type Entry, type Ref } from "./entry.js";
import { hookName, parentOfHost, type RoleOnHost } from "./names.js";
import { readsOf } from "./reads.js";
import { undosOn } from "./restarts.js";
import { SERVICES } from "./services.js";
import { doneBefore, wavesOf } from "./waves.js";

/**
 * What is before all waits for no other hook and for no wave: a file may be of two roles, whose waves would wait for each other. It waits for its restart at a
 * destroy, which does nothing before that: so it is deleted when the files are put back, and this restart finds its host as it was.
 */
const hooksOn = (
  topology: Topology,
  files: readonly Entry[],
  { role, host, turn }: RoleOnHost & { readonly turn: readonly Ref[] },
): Entry[] => {
  const hook = (when: HookTime, dependsOn: readonly Ref[], otherwise: readonly Ref[]): Entry => ({
    kind: "Hook",
    name: hookName(topology, { host, role }, when),
    parent: parentOfHost(topology, host),
    args: {
      when,
      role: SERVICES[role].place,
      host,
      triggers: readsOf({ entries: files }, host, role),
      otherwise,
    },
    dependsOn,
    place: { host, step: when, roles: [role] },
  });
  const restart = hook("restart", turn, turn);
  const undos = undosOn(topology, { role, hosts: [host] });
  return [hook("before", undos, []), restart, hook("after", [], [refOf(restart)])];
};

const hooksOf = (topology: Topology, files: readonly Entry[], use: RoleUse): Entry[] => {
  const waves = wavesOf(topology, use);
  return waves.flatMap((hosts, index) => {
    const turn = doneBefore(topology, use.role, waves[index - 1]);
    return hosts.flatMap((host) => hooksOn(topology, files, { role: use.role, host, turn }));
  });
};

/** `<name>-<host>-<role>-before`, `-restart` and `-after`. */
export const hooks = (topology: Topology, files: readonly Entry[]): Entry[] =>
  topology.hooked === true ? topology.roles.flatMap((use) => hooksOf(topology, files, use)) : [];
