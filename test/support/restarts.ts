/** Units of the sandbox's hosts, and which of them began anew. */
import { on, type HostName } from "./hosts";

export type Units = readonly (readonly [host: HostName, unit: string])[];

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
