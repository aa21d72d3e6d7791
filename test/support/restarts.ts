/** Units of the sandbox's hosts, and which of them began anew. */
import { on, type HostName } from "./hosts";

export type Units = readonly (readonly [host: HostName, unit: string])[];

/** The units of the classic roles on the sandbox's hosts, as the component restarts them. */
export const UNITS = [
  ["ctl1", "glance-api"],
  ["vol1", "cinder-volume"],
  ["vol1", "cinder-backup"],
  ["cmp1", "nova-compute"],
  ["cmp2", "nova-compute"],
] as const satisfies Units;
export const ALL_UNITS = UNITS.map(([host, unit]) => `${host} ${unit}`);

const started = async (units: Units): Promise<Readonly<Record<string, string>>> => {
  const all = units.map(async ([host, unit]): Promise<[string, string]> => [
    `${host} ${unit}`,
    await on(host, `systemctl show ${unit} -p ActiveState -p ActiveEnterTimestampMonotonic --value`),
  ]);
  return Object.fromEntries(await Promise.all(all));
};

/** Units that began anew while `work` ran, as `host unit`. */
export const restartedBy = async (units: Units, work: () => Promise<unknown>): Promise<string[]> => {
  const before = await started(units);
  await work();
  const after = await started(units);
  return Object.keys(after).filter((unit) => before[unit] !== after[unit]);
};
