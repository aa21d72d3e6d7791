// The columns of the table: the library, and the four ways to do without it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ansiblePeer, whyNoAnsible } from "./ansible.mjs";
import { commandPlugin, compiledDemo, newProject, verbsOf } from "./pulumi.mjs";
import { shellPeer } from "./shell.mjs";

/** Why a column cannot be measured on this machine, by column. */
export async function whyEmpty(root, columns) {
  const reasons = {};
  if (columns.includes("ansible")) reasons.ansible = await whyNoAnsible();
  if (columns.includes("command")) reasons.command = await commandPlugin(root);
  return Object.fromEntries(Object.entries(reasons).filter(([, reason]) => reason !== undefined));
}

function pulumiPeer({ root, scratch, parallel }, folder, { config = {}, env = {} } = {}) {
  const atATime = parallel === undefined ? {} : { PULUMI_PARALLEL: String(parallel) };
  const project = newProject(root, { folder, scratch, env: { ...env, ...atATime } });
  return {
    start: async () => {
      await project.end();
      await project.start(config);
    },
    verbs: verbsOf(project),
    previewJson: () => project.call(["preview", "--json"]),
    stateBytes: project.stateBytes,
    end: project.end,
  };
}

/** The demo, for the preview by which the job is known and for its column. */
export const demoPeer = (given) =>
  pulumiPeer(given, compiledDemo(given.root, given.scratch), {
    config: {
      fsid: given.site.fsid,
      admin: "mon1",
      benchmark: "true",
      computes: String(given.sandbox.computes),
      "ceph-openstack:sshConfig": given.way.sshConfig,
    },
  });

function byJob(given, program) {
  const file = join(given.scratch, `job-${given.way.name}.json`);
  const all = { ...given.job, ways: given.way.hosts, key: given.site.key };
  writeFileSync(file, JSON.stringify(all), { mode: 0o600 });
  return pulumiPeer(given, join(given.root, "bench", "programs", program), { env: { BENCH_JOB: file } });
}

const makers = {
  ours: demoPeer,
  nothing: (given) => byJob(given, "nothing"),
  shell: shellPeer,
  command: (given) => byJob(given, "command"),
  ansible: ansiblePeer,
};

/**
 * @param {{ root: string, scratch: string, sockets: string, site: object, way: object, job: object }} given
 * @returns a peer: `start`, `verbs` (first, again, preview, refresh: each does its work once), `end` and `stateBytes` where it has state
 */
export const peerOf = (name, given) => makers[name](given);
