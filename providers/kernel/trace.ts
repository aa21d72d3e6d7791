/** `CEPH_OPENSTACK_DEBUG=1`: one line for every remote program, by name; never what goes in or comes out. */
import { performance } from "node:perf_hooks";
import type { Machine } from "../remote/machine.js";

type Say = (line: string) => void;

const timed = async <T>(
  work: Promise<T>,
  end: (milliseconds: number, result: T | undefined) => void,
): Promise<T> => {
  const start = performance.now();
  const passed = () => Math.round(performance.now() - start);
  try {
    const result = await work;
    end(passed(), result);
    return result;
  } catch (error) {
    end(passed(), undefined);
    throw error;
  }
};

/** The machine, telling what it runs: host, program, milliseconds, exit code. */
export const traced = (machine: Machine, say: Say): Machine => ({
  name: machine.name,
  run: (request) =>
    timed(machine.run(request), (ms, result) => {
      const end = result === undefined ? "failed" : `exit ${result.code ?? result.signal ?? "?"}`;
      const alone = result?.alone === undefined ? "" : `, by a start of its own (${result.alone})`;
      say(`${machine.name}: ${request.program.name}, ${ms} ms, ${end}${alone}`);
    }),
  open: (request) =>
    timed(machine.open(request), (ms, result) => {
      say(
        `${machine.name}: ${request.program.name} ${result === undefined ? "could not be opened" : "opened"}, ${ms} ms`,
      );
    }),
});
