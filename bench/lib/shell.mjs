// The job by a shell script over one multiplexed OpenSSH connection per host: about the least that the work can cost.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { on, quoted } from "./job.mjs";
import { must } from "../../scripts/lib/must.mjs";

const sha = (text) => createHash("sha256").update(text).digest("hex");

const poolText = ({ name, size, minSize, pgNum }) =>
  `{ ceph osd pool create ${name} ${pgNum} --size ${size} && {
     ceph osd pool set ${name} min_size ${minSize} & rbd pool init ${name} && wait $!; }; } & all="$all $!"`;

/** Pools side by side, and what can share a round does: each change of the OSD map takes the monitors a second, however many share it. */
const poolsText = ({ pools }) =>
  `${pools.map(poolText).join("\n")}\nfor one in $all; do wait $one || exit 1; done\n`;

const usersText = ({ entities }) =>
  `set -e; ceph config generate-minimal-conf\n${entities
    .map(
      ({ entity, caps }) =>
        `echo "== ${entity}"; ceph auth get-or-create ${entity} ${caps.flat().map(quoted).join(" ")}\n`,
    )
    .join("")}`;

/** The conf, and the keyring of each entity, as {@link usersText} prints them. */
function readUsers(text) {
  const [conf, ...rest] = text.split(/^== (.*)\n/m);
  const keyrings = {};
  for (let i = 0; i < rest.length; i += 2) keyrings[rest[i]] = rest[i + 1];
  return { conf, keyrings };
}

const keyIn = (keyring) => /key = (.*)/.exec(keyring)[1];
const put = (how, text) => `${how} <<'END-OF-FILE'\n${text}END-OF-FILE\n`;

const sectionsText = (job, host) =>
  on(job.sections, host)
    .map(({ path, section, options }) => [path, section, ...Object.entries(options).flat()])
    .map((words) => `set_options ${words.map(quoted).join(" ")}\n`)
    .join("");

/** As the look that a person takes first. */
const packagesText = (job, host) =>
  on(job.packages, host)
    .map(({ packages }) => packages.join(" "))
    .map(
      (names) =>
        `dpkg -s ${names} >/dev/null 2>&1 || apt-get -qq install -y --no-install-recommends ${names} >/dev/null\n`,
    )
    .join("");

const restartText = (job, host) => {
  const units = on(job.units, host).map(({ unit }) => unit);
  return units.length === 0 ? "" : `systemctl restart ${units.join(" ")}\n`;
};

function hostText(job, host, { setOptions, conf, keyrings }) {
  const files = on(job.confs, host).map(({ path }) => put(`install -m 0644 /dev/stdin ${path}`, conf));
  const keys = on(job.keyrings, host).map(({ path, entity, owner, group, mode }) =>
    put(`install -o ${owner} -g ${group || owner} -m ${mode} /dev/stdin ${path}`, keyrings[entity]),
  );
  const secrets = on(job.secrets, host).map(
    (secret) =>
      put("virsh -q secret-define /dev/stdin", `${secret.xml}\n`) +
      // printf is the shell's own: no process has the key among its arguments.
      `printf %s ${keyIn(keyrings[secret.entity])} | virsh -q secret-set-value ${secret.uuid} --file /dev/stdin\n`,
  );
  const made = [packagesText(job, host), ...files, ...keys, ...secrets, sectionsText(job, host)];
  return `set -e\n${setOptions}\n${made.join("")}${restartText(job, host)}`;
}

const readCluster = `set -e; ceph osd pool ls detail -f json | grep .; echo ==
  ceph auth ls -f json 2>/dev/null | grep .; echo ==; ceph config generate-minimal-conf`;

const readHost = (job, host, setOptions) => `${setOptions}\nDRY=1
${on(job.confs, host)
  .map(({ path }) => `sha256sum <${path}\n`)
  .join("")}${on(job.keyrings, host)
  .map(({ path }) => `stat -c '%U:%G %04a' ${path}; sha256sum <${path}\n`)
  .join("")}${on(job.secrets, host)
  .map(
    ({ uuid }) =>
      `virsh -q secret-dumpxml ${uuid} | grep '<name>'; virsh -q secret-get-value ${uuid} | sha256sum\n`,
  )
  .join("")}${sectionsText(job, host)}`;

/** What {@link readHost} prints on a host where all is right. */
function wantedOf(job, host, { conf, keyOf }) {
  return [
    ...on(job.confs, host).map(() => `${sha(conf)}  -`),
    ...on(job.keyrings, host).flatMap(({ owner, group, mode, entity }) => [
      `${owner}:${group || owner} ${mode}`,
      `${sha(`[${entity}]\n\tkey = ${keyOf[entity]}\n`)}  -`,
    ]),
    ...on(job.secrets, host).flatMap(({ usage, entity }) => [
      `    <name>${usage}</name>`,
      `${sha(keyOf[entity])}  -`,
    ]),
  ].join("\n");
}

const same = (what, found, wanted) => {
  if (found === wanted) return;
  throw new Error(`the shell's reading pass finds ${what} otherwise:\n${found}\nwanted:\n${wanted}`);
};

function compareCluster(job, pools, auth) {
  const found = Object.fromEntries(pools.map((pool) => [pool.pool_name, pool]));
  const entities = Object.fromEntries(auth.auth_dump.map((one) => [one.entity, one]));
  for (const { name, size, minSize } of job.pools) {
    const { size: s, min_size: m, application_metadata: a } = found[name];
    same(`pool ${name}`, `${s} ${m} ${Object.keys(a)}`, `${size} ${minSize} rbd`);
  }
  for (const { entity, caps } of job.entities)
    same(entity, JSON.stringify(entities[entity].caps), JSON.stringify(Object.fromEntries(caps)));
  return Object.fromEntries(auth.auth_dump.map(({ entity, key }) => [entity, key]));
}

/** @param {{ root: string, sockets: string, way: { name: string, sshConfig: string }, job: object }} given */
export function shellPeer({ root, sockets, way, job }) {
  const setOptions = readFileSync(join(root, "bench", "programs", "set-options.sh"), "utf8");
  const options = ["-F", way.sshConfig, "-o", `ControlPath=${join(sockets, "shell-%C")}`];
  const at = async (host, text) =>
    (await must(["ssh", ...options, host, "sudo sh -s"], { input: text })).stdout;
  const master = ["-o", "ControlMaster=yes", "-o", "ControlPersist=60", "-fN"];
  const opened = async (work) => {
    const hosts = [job.admin, ...job.hosts];
    await Promise.all(hosts.map((host) => must(["ssh", ...options, ...master, host])));
    await work();
  };
  const apply = async () => {
    const pools = at(job.admin, poolsText(job));
    const users = readUsers(await at(job.admin, usersText(job)));
    const texts = job.hosts.map((host) => [host, hostText(job, host, { setOptions, ...users })]);
    await Promise.all([pools, ...texts.map(([host, text]) => at(host, text))]);
  };
  const look = async () => {
    const [cluster, ...hosts] = await Promise.all([
      at(job.admin, readCluster),
      ...job.hosts.map((host) => at(host, readHost(job, host, setOptions))),
    ]);
    const [pools, auth, conf] = cluster.split("==\n");
    const keyOf = compareCluster(job, JSON.parse(pools), JSON.parse(auth));
    job.hosts.forEach((host, i) => same(host, hosts[i].trimEnd(), wantedOf(job, host, { conf, keyOf })));
  };
  const pass = () => opened(look);
  return {
    start: async () => {},
    verbs: { first: () => opened(apply), again: pass, preview: pass, refresh: pass },
  };
}
