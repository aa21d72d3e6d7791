/** Which keyring files a host needs, and whom they belong to, when several roles share it. Pure. */
import type { Host } from "../providers/kernel/common.js";
import type { CephOpenStackIntegrationArgs, UserKey } from "./integration-args.js";
import { fileOwner, type FileOwner, type Layout } from "./layout.js";

/** A user whose keyring a host needs. */
export interface KeyringPlan extends FileOwner {
  readonly user: UserKey;
}

type Args = Pick<CephOpenStackIntegrationArgs, "glance" | "cinder" | "cinderBackup" | "nova">;

/** Roles, the users whose keys they read, and who they run as. Nova reads Cinder's: its disks and its volumes are that user's. */
const READERS = [
  { role: "glance", runsAs: "glance", reads: ["glance"] },
  { role: "cinder", runsAs: "cinder", reads: ["cinder"] },
  { role: "cinderBackup", runsAs: "cinder", reads: ["cinderBackup", "cinder"] },
  { role: "nova", runsAs: "nova", reads: ["cinder"] },
] as const;

/** Of the first service by owner, of the second by its group. */
const shared = ([first = { owner: "root" }, second]: readonly FileOwner[]): FileOwner => {
  const group = second === undefined ? first.group : (second.group ?? second.owner);
  return { owner: first.owner, ...(group === undefined ? {} : { group }) };
};

/** One file per user. Two services that read one file share it by owner and group. */
export const keyringsOf = (args: Args, layout: Layout, host: Host): KeyringPlan[] => {
  const readers = new Map<UserKey, FileOwner[]>();
  for (const { runsAs, reads } of READERS.filter((one) => args[one.role]?.hosts.includes(host) ?? false))
    for (const user of reads) {
      const all = readers.get(user) ?? [];
      const service = fileOwner(layout.users[runsAs]);
      readers.set(user, all.some(({ owner }) => owner === service.owner) ? all : [...all, service]);
    }
  return [...readers].map(([user, all]) => ({ user, ...shared(all) }));
};
