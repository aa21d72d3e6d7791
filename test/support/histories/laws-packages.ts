/** What others have installed stays; what we have installed goes with the last that wants it. */
import { LEAVES } from "./apt";
import type { AfterRun } from "./laws";
import { HOSTS } from "./world";

/** Whatever happens. */
export const robbed = ({ world }: AfterRun): string[] =>
  world.machines.flatMap(({ packages }) =>
    packages.robbed.map((name) => `packages: ${name} was installed by somebody else, and was removed`),
  );

const wantedOn = ({ stacks }: AfterRun, machine: number): string[] =>
  stacks
    .flatMap(({ entries }) => entries)
    .filter(
      ({ kind, inputs: { host } }) =>
        kind === "ClientPackages" && typeof host === "string" && HOSTS[host] === machine,
    )
    .flatMap(({ inputs }) => (Array.isArray(inputs["packages"]) ? inputs["packages"].map(String) : []));

/** Where nothing is under way any more. What came along with another, or another needs, stays. */
export const leftOver = (at: AfterRun): string[] =>
  at.world.machines.flatMap(({ packages: { installed } }, machine) => {
    const wanted = wantedOn(at, machine);
    return LEAVES.filter((name) => installed.get(name) === "ours" && !wanted.includes(name)).map(
      (name) => `packages: ${name} was installed by us on machine ${machine}, and nobody wants it any more`,
    );
  });
