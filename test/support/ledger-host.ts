/** A shared file and its record in memory, and the writes of an edit taken one by one. */
import type { Change } from "../../providers/formats/ini/index";
import { parseLedger } from "../../providers/ownership/ledger";
import { step, type DesiredSection, type Step } from "../../providers/ownership/ledger-edit";

export const PATH = "/etc/cinder/cinder.conf";

export const FILE =
  "[DEFAULT]\ndebug = true\n\n[ceph]\n# the pool\nrbd_pool = old  \nrbd_pool = older\n\n[other]\nx = 1\n";

export interface Host {
  bytes: string | undefined;
  record: string | undefined;
}

/** The three writes of a step, in order. */
export const WRITES: readonly ((host: Host, wanted: Step) => void)[] = [
  (host, { first }) => first !== undefined && (host.record = first ?? undefined),
  (host, { bytes }) => bytes !== undefined && (host.bytes = bytes ?? undefined),
  (host, { then }) => then !== undefined && (host.record = then ?? undefined),
];

/** Takes a step, or the first `cut` writes of it. */
export const take = (host: Host, desired: DesiredSection, cut = WRITES.length): Step | undefined => {
  const wanted = step({ bytes: host.bytes, ledger: parseLedger(host.record, PATH) }, [desired]);
  if (wanted !== undefined) WRITES.slice(0, cut).forEach((write) => write(host, wanted));
  return wanted;
};

export const titles =
  (owner: string): DesiredSection["titles"] =>
  () => ({ during: { owner }, after: { owner } });

/** What `owner` wants of `[ceph]`. */
export const desired = (
  owner: string,
  changes: readonly Change[],
  more: Partial<DesiredSection> = {},
): DesiredSection => ({
  dialect: "oslo",
  section: "ceph",
  changes,
  titles: titles(owner),
  letsGo: (option) => option.owner === owner,
  ...more,
});
