// The job by Ansible: the playbook in programs/ansible, an inventory made from the job, and what a careful user sets.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/lib/run.mjs";
import { on } from "./job.mjs";
import { must } from "../../scripts/lib/must.mjs";

/** @returns {Promise<string | undefined>} why it cannot be measured here */
export async function whyNoAnsible() {
  const options = { deadlineSeconds: 60 };
  const playbook = await run("ansible-playbook", ["--version"], options).catch(() => undefined);
  if (playbook?.code !== 0) return "`ansible-playbook` is not installed";
  const module = ["-t", "module", "--snippet", "community.general.ini_file"];
  const doc = await run("ansible-doc", module, options).catch(() => undefined);
  return doc?.code === 0 ? undefined : "the collection community.general is not installed";
}

function varsOf(job, host) {
  const options = on(job.sections, host).flatMap(({ path, section, options: pairs }) =>
    Object.entries(pairs).map(([option, value]) => ({ path, section, option, value })),
  );
  const [confs, keyrings, secrets] = [job.confs, job.keyrings, job.secrets].map((list) => on(list, host));
  const packages = on(job.packages, host).flatMap((one) => one.packages);
  const units = on(job.units, host).map(({ unit }) => unit);
  return { confs, keyrings, options, secrets, packages, units };
}

function inventoryOf(job) {
  const entities = job.entities.map(({ entity, caps }) => {
    const lines = caps.map(([kind, clauses]) => `caps ${kind} = "${clauses}"`);
    return { entity, caps, lines };
  });
  const clients = Object.fromEntries(job.hosts.map((host) => [host, varsOf(job, host)]));
  return {
    all: {
      children: {
        admin: { hosts: { [job.admin]: { pools: job.pools, entities } } },
        clients: { hosts: clients },
      },
    },
  };
}

/**
 * @param {{ root: string, scratch: string, sockets: string, way: { name: string, sshConfig: string }, job: object }} given
 *   `sockets`: a folder with a short path
 */
export function ansiblePeer({ root, scratch, sockets, way, job }) {
  const folder = join(scratch, "ansible");
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  const inventory = join(folder, `inventory-${way.name}.json`);
  writeFileSync(inventory, JSON.stringify(inventoryOf(job), undefined, 2));
  const programs = join(root, "bench", "programs", "ansible");
  const env = {
    ...process.env,
    ANSIBLE_CONFIG: join(programs, "ansible.cfg"),
    ANSIBLE_HOME: folder,
    ANSIBLE_LOCAL_TEMP: folder,
    ANSIBLE_SSH_CONTROL_PATH_DIR: sockets,
    // As Ansible's default, and the site's own ssh_config.
    ANSIBLE_SSH_ARGS: `-F ${way.sshConfig} -C -o ControlMaster=auto -o ControlPersist=60s`,
  };
  const play = (...more) =>
    must(["ansible-playbook", "-i", inventory, join(programs, "site.yml"), ...more], { env });
  const changes = ({ stdout }) =>
    [...stdout.matchAll(/changed=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  const unchanged = async (...more) => {
    const result = await play(...more);
    if (changes(result) > 0) throw new Error(`a playbook run again changed something:\n${result.stdout}`);
  };
  return {
    start: async () => {},
    verbs: { first: () => play(), again: () => unchanged(), preview: () => unchanged("--check") },
  };
}
