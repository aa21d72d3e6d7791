/** What a host's own journal says of our use of sudo. */
import { HOSTS, on } from "./hosts.js";

/** Our starts of sudo on each host while something is done, as its journal has them. */
export const sudoStarts = async (work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> => {
  const cursor = "journalctl --sync; journalctl -q -n 0 --show-cursor | sed -n 's/^-- cursor: //p'";
  const cursors = await Promise.all(
    HOSTS.map(async (host) => [host, (await on(host, cursor)).trim()] as const),
  );
  await work();
  const counted = cursors.map(async ([host, from]) => {
    const count = `journalctl --sync; journalctl -q --no-pager -o cat --after-cursor='${from}' _COMM=sudo | grep -c 'COMMAND=[^ ]*/sh -c' || true`;
    return [host, Number(await on(host, count))] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
};
