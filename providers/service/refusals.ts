/** What is in the way of a service, and how it is not well: in words, with the cure. */
import { NO_ANSWER, NOTHING_RUNS, type UnitLook, type Watched } from "../clients/systemd/index.js";
import { holdsGuests, shortUnit, similarUnits, unitName } from "../formats/unit.js";
import { Failure } from "../remote/failure.js";
import type { ServiceInputs } from "./index.js";

type Named = Pick<ServiceInputs, "host" | "unit">;

const conflict = (host: string, what: string, cure: string): Failure =>
  new Failure({ code: "conflict", host, what, cure });

/** There is no such unit. */
export const notThere = ({ host, unit }: Named, { others, load }: UnitLook): Failure => {
  const { engine, name } = unitName(unit);
  if (load === NO_ANSWER)
    return conflict(
      host,
      `${engine} does not answer there`,
      "Look at why; until it answers nothing is known of what it runs.",
    );
  const similar = similarUnits(unit, others);
  return new Failure({
    code: "conflict",
    host,
    what:
      load === NOTHING_RUNS
        ? `the host is not run by ${engine}`
        : `there is no ${engine === "systemd" ? "unit" : `${engine} container`} ${name}`,
    cure:
      similar.length > 0
        ? `Similar ones are there: ${similar.join(", ")}.`
        : "Install the package that brings it first, or name another (`systemctl list-unit-files` on the host).",
  });
};

/** Why the unit cannot be what is desired, before anything is touched; undefined where it can. */
export const whyUnfit = (inputs: ServiceInputs, look: UnitLook): Failure | undefined => {
  const { host, unit, enabled } = inputs;
  if (!look.isThere) return notThere(inputs, look);
  const name = shortUnit(unit);
  if (look.load === "masked")
    return conflict(
      host,
      `${name} is masked: nothing can start it`,
      `Somebody wanted that. \`systemctl unmask ${name}\` on the host takes it back.`,
    );
  if (look.load !== "loaded" && look.load !== "container")
    return conflict(
      host,
      `the unit file of ${name} cannot be used (${look.load})`,
      `\`systemctl status ${name}\` on the host says why.`,
    );
  const cannot = /^(?:static|indirect|generated|transient|alias|linked)/.exec(look.fileState)?.[0];
  if (enabled === true && cannot !== undefined)
    return conflict(
      host,
      `${name} is ${cannot}: it cannot be enabled`,
      "Something else starts it; leave `enabled` out.",
    );
  return undefined;
};

/** @throws Failure `refused` where guests run that the daemon holds */
export const refuseHoldingGuests = ({ host, unit }: Named, { guests }: UnitLook, isReload: boolean): void => {
  if (isReload || !holdsGuests(unit) || guests === 0) return;
  throw new Failure({
    code: "refused",
    host,
    what: `${shortUnit(unit)} is not restarted or stopped while guests run under it: ${guests ?? "nobody knows how many"}`,
    cure: 'Move the guests away first, or restart it by hand at a time of your own; action: "none" says when that is due.',
  });
};

const SAID: Readonly<Record<Watched["verdict"], (seen: string, inputs: ServiceInputs) => string>> = {
  healthy: () => "it is well",
  failed: () => "it has failed",
  stopped: () => "it does not run any more",
  loops: () => "it ends and is started again, over and over",
  late: (seen, { timeoutSeconds }) => `it is ${seen} after ${timeoutSeconds} s`,
  probe: (seen, { timeoutSeconds }) =>
    `it runs, but the probe is not content after ${timeoutSeconds} s: ${seen}`,
};

/** It is not well, with the end of its journal. */
export const unhealthy = (inputs: ServiceInputs, { verdict, seen, journal }: Watched): Failure => {
  const { host, unit } = inputs;
  const { engine, name } = unitName(unit);
  const all = engine === "systemd" ? `journalctl -u ${name}` : `${engine} logs ${name}`;
  const lines = journal === "" ? " (its journal is empty)" : `\n  ${journal.replaceAll("\n", "\n  ")}`;
  return new Failure({
    code: "not-converged",
    host,
    what: `${SAID[verdict](seen, inputs)}${lines}`,
    cure: `\`${all}\` on the host shows more. Its files are written; when they or what it needs are mended, \`pulumi up\` goes on, and a restart by hand counts too.`,
  });
};
