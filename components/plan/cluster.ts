/** What the cluster gets: pools, and users with caps from who uses which pool. Pure. */
import type { KeyedPool, Topology } from "../topology/topology.js";
import { capsFor } from "./caps.js";
import type { Entry } from "./entry.js";
import { entityName, poolName, poolRef, poolRefs } from "./names.js";

const isExisting = ({ spec }: KeyedPool): boolean => "existing" in spec;

/** `<name>-pool-<key>`. Pools that must be there already are looked for before any other is made. */
export const pools = (topology: Topology): Entry[] => {
  const existing = topology.pools.filter(isExisting);
  const first = existing.map(({ key }) => poolRef(topology, key));
  return topology.pools.map(({ key, spec, name: pool, at: { cluster } }) => {
    const name = poolName(topology, key);
    const adopt = topology.adopt === undefined ? {} : { adopt: topology.adopt };
    return "existing" in spec
      ? { kind: "CephPool", name, args: { cluster, name: pool, adopt: "only", onDelete: "keep" } }
      : { kind: "CephPool", name, args: { cluster, ...adopt, ...spec, name: pool }, dependsOn: first };
  });
};

/** `<name>-auth-<user>`. No right is given on a pool that could not be made. */
export const users = (topology: Topology): Entry[] =>
  topology.users.map((user) => {
    const { at, entity, keyGeneration, owns, reads } = user;
    const caps = capsFor(
      { owns: owns.map(({ name }) => name), reads: reads.map(({ name }) => name) },
      topology.cephRelease,
    );
    const more = {
      ...(keyGeneration === undefined ? {} : { keyGeneration }),
      ...(topology.adopt === undefined ? {} : { adopt: topology.adopt }),
    };
    return {
      kind: "CephAuthEntity",
      name: entityName(topology, user.name),
      args: { cluster: at.cluster, entity, caps: { ...caps }, ...more },
      dependsOn: poolRefs(topology, [...owns, ...reads]),
    };
  });
