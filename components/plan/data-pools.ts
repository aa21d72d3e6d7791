/** Where the data of a user's images goes: an option of ceph.conf, for OpenStack's drivers have none. Pure. */
import type { CephConfOptions } from "../role-args.js";
import { dataPoolsOf, type Topology, type User } from "../topology/topology.js";

/**
 * By the user's own section: other clients on the host keep their data where their images are. All pools of a user have one data pool.
 * @see https://docs.ceph.com/en/latest/rbd/rbd-config-ref/
 */
export const dataPoolOptions = (topology: Topology, users: readonly User[]): CephConfOptions =>
  Object.fromEntries(
    topology.users
      .filter((user) => users.includes(user))
      .flatMap(({ name, owns }) =>
        dataPoolsOf(owns).map((data) => [`client.${name}`, { rbd_default_data_pool: data.name }]),
      ),
  );
