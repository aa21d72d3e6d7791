/** What the cluster gets: pools, and users with caps from who uses which pool. Pure. */
import { adoptOf, rightsOf, type KeyedPool, type Pool, type Topology } from "../topology/topology.js";
import { capsFor } from "./caps.js";
import type { Entry } from "./entry.js";
import { entityName, poolName, poolRef, poolRefs } from "./names.js";

const isExisting = ({ spec }: KeyedPool): boolean => "existing" in spec;

const names = (pools: readonly Pool[]) => pools.map(({ name }) => name);

/** `<name>-pool-<key>`. Pools that must be there already are looked for before any other is made, and the pool of its data is made before a pool. */
export const pools = (topology: Topology): Entry[] => {
  const existing = topology.pools.filter(isExisting);
  const first = existing.map(({ key }) => poolRef(topology, key));
  return topology.pools.map(({ key, spec, name: pool, at, data }) => {
    const { cluster } = at;
    const name = poolName(topology, key);
    const dependsOn = [...new Set([...first, ...poolRefs(topology, data === undefined ? [] : [data])])];
    return "existing" in spec
      ? { kind: "CephPool", name, args: { cluster, name: pool, adopt: "only", onDelete: "keep" } }
      : { kind: "CephPool", name, args: { cluster, ...adoptOf(at), ...spec, name: pool }, dependsOn };
  });
};

/** `<name>-auth-<user>`, in a further cluster `<name>-auth-<user>@<cluster>`. No right is given on a pool that could not be made. */
export const users = (topology: Topology): Entry[] =>
  topology.users.map((user) => {
    const { at, entity, keyGeneration, owns, reads } = user;
    const rights = rightsOf(user);
    const caps = capsFor(
      { owns: names(owns), data: names(rights.data), reads: names(rights.reads) },
      at.cephRelease,
    );
    const more = {
      ...(keyGeneration === undefined ? {} : { keyGeneration }),
      ...(at.adopt === undefined ? {} : { adopt: at.adopt }),
    };
    return {
      kind: "CephAuthEntity",
      name: entityName(topology, user),
      args: { cluster: at.cluster, entity, caps: { ...caps }, ...more },
      dependsOn: poolRefs(topology, [...owns, ...reads]),
    };
  });
