/**
 * Releases of Ceph, and what differs between them for a client of RBD.
 * @see https://docs.ceph.com/en/latest/releases/
 */
const ALL = [
  ["nautilus", 14],
  ["octopus", 15],
  ["pacific", 16],
  ["quincy", 17],
  ["reef", 18],
  ["squid", 19],
  ["tentacle", 20],
] as const;

/** A release of Ceph by its name, in small letters. */
export type CephRelease = (typeof ALL)[number][0];

/** The release of a name or a number, in any case: "pacific", "16", "16.2.15"; undefined for what is none, or is older than Nautilus. */
export const parseCephRelease = (text: string): CephRelease | undefined => {
  const [, major] = /^(\d+)(?:\.\d+)*$/.exec(text.trim()) ?? [];
  return ALL.find(([name, number]) => name === text.trim().toLowerCase() || String(number) === major)?.[0];
};

const orderOf = (release: CephRelease): number => ALL.findIndex(([name]) => name === release);

/** True where a release has what came with another. */
export const hasSince = (release: CephRelease, since: CephRelease): boolean =>
  orderOf(since) <= orderOf(release);

/** Why a release of Ceph is not served; undefined when it is, or when none is named. */
export const cephReleaseProblem = (name: unknown): string | undefined => {
  if (name === undefined || (typeof name === "string" && parseCephRelease(name) !== undefined))
    return undefined;
  const there = ALL.map(([release, number]) => `${release} (${number})`).join(", ");
  return `cephRelease ${JSON.stringify(name)} is not known; there are ${there}`;
};

/** Settings of pools that are not there since Nautilus. @see https://docs.ceph.com/en/latest/rados/operations/pools/ */
const POOL_SINCE: Readonly<Record<string, CephRelease>> = { bulk: "pacific", pgNumMax: "pacific" };

/** The settings of a pool that a release has not, in sentences. */
export const poolFieldProblems = (release: CephRelease, key: string, spec: object): string[] =>
  Object.keys(spec).flatMap((field) => {
    const since = POOL_SINCE[field];
    const number = ALL.find(([name]) => name === since)?.[1];
    return since === undefined || hasSince(release, since)
      ? []
      : [`pools.${key}.${field} came with ${since} (${String(number)}), and cephRelease is ${release}`];
  });
