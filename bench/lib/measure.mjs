// One peer through one round: each verb timed, counted, checked, and everything put back.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/lib/run.mjs";
import { undone } from "./facts.mjs";
import { seconds } from "./pulumi.mjs";

export const VERBS = /** @type {const} */ (["first", "again", "preview", "refresh"]);

/** Nobody's connection of a minute ago helps the next run: people come back after an hour. */
async function closeConnections(sockets) {
  const close = (file) => run("ssh", ["-S", join(sockets, file), "-O", "exit", "none"]);
  await Promise.all(readdirSync(sockets).map(close));
}

/** What a verb costs: seconds, and what reached the hosts. */
async function measureVerb({ sandbox, sockets }, work) {
  await closeConnections(sockets);
  const cursors = await sandbox.cursors();
  const taken = await seconds(work);
  return { seconds: taken, ...(await sandbox.counted(cursors)) };
}

async function checkJob({ sandbox, job, name }) {
  const missing = await undone(job, sandbox.exec);
  if (missing.length === 0) return;
  throw new Error(`${name} has not done the whole job:\n  ${missing.join("\n  ")}`);
}

/**
 * @param {{ sandbox: object, sockets: string, job: object, name: string, peer: object }} given
 * @returns {Promise<{ verbs: Record<string, { seconds: number, logins: number, programs: number, sudo: number }>, stateBytes?: number }>}
 *   a verb that is another one's work over again (`peer.verbs` has it not) has the other's figures
 * @throws Error when the peer fails, does not do the job, or leaves something behind
 */
export async function measurePeer(given) {
  const { sandbox, sockets, job, name, peer } = given;
  const verbs = {};
  const more = {};
  try {
    await peer.start();
    for (const verb of VERBS) {
      if (peer.verbs[verb] === undefined) continue;
      verbs[verb] = await measureVerb(given, peer.verbs[verb]);
      if (verb !== "first") continue;
      if (name !== "nothing") await checkJob(given);
      if (peer.stateBytes) more.stateBytes = await peer.stateBytes();
    }
  } finally {
    await closeConnections(sockets);
    await peer.end?.();
    await sandbox.undo(job);
  }
  return { verbs: { ...verbs, refresh: verbs.refresh ?? verbs.again }, ...more };
}
