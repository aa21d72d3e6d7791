// Whether the job is done: what the demo asks for beside what is there, seen as root on the nodes, by no peer's own eyes.
import { on, quoted } from "./job.mjs";

const mark = "=== ";

/** The cluster, in four parts. */
const clusterText = ({ pools }) => `set -e
  ceph osd pool ls detail -f json | grep .; echo '${mark}auth'; ceph auth ls -f json 2>/dev/null | grep .
  echo '${mark}init'; for p in ${pools.map(({ name }) => name).join(" ")}; do rados -p $p ls | grep -x rbd_info | sed "s/^/$p /"; done
  echo '${mark}conf'; ceph config generate-minimal-conf`;

const fileText = (path) =>
  `echo ${quoted(`${mark}${path}`)}; stat -c '%U:%G %04a' ${path}; id -gn $(stat -c %U ${path}); cat ${path}; echo`;

function hostText(job, host) {
  const paths = on([...job.confs, ...job.keyrings, ...job.sections], host);
  const files = [...new Set(paths.map(({ path }) => path))].map(fileText);
  const secrets = on(job.secrets, host).map(
    ({ uuid }) =>
      `echo '${mark}${uuid}'; virsh -q secret-dumpxml ${uuid} | sed -n "s/^<secret.*\\(private='[a-z]*'\\).*/\\1/p; s/ *<name>//; s/<.name>//p"; virsh -q secret-get-value ${uuid}; echo`,
  );
  const packages = on(job.packages, host).map(
    (one) =>
      `echo '${mark}packages'; dpkg-query -W -f '\${db:Status-Abbrev}\\n' ${one.packages.join(" ")} | sort -u`,
  );
  // A unit that began after its host's files were written has read them.
  const units = on(job.units, host).map(
    ({ unit }) =>
      `echo '${mark}${unit}'; systemctl is-active ${unit}; began=$(date -d "$(systemctl show -p ActiveEnterTimestamp --value ${unit})" +%s)
      for f in ${[...new Set(paths.map(({ path }) => path))].join(" ")}; do [ $began -ge $(stat -c %Y $f) ] || echo "older than $f"; done`,
  );
  return ["set -e", ...files, ...secrets, ...packages, ...units].join("\n");
}

function partsOf(text) {
  const [first, ...rest] = text.split(new RegExp(`^${mark}(.*)\\n`, "m"));
  const parts = { "": first };
  for (let i = 0; i < rest.length; i += 2) parts[rest[i]] = rest[i + 1];
  return parts;
}

/** Options as a service reads them: a later line beats an earlier one. `ceph.conf` takes blanks in a name for underscores. */
function optionsIn(text) {
  const found = {};
  let section = "";
  for (const line of text.split("\n")) {
    const header = /^\[(.*)\]/.exec(line);
    const option = /^\s*([^#;=[]+?)\s*=\s*(.*?)\s*$/.exec(line);
    if (header) section = header[1];
    else if (option) (found[section] ??= {})[option[1].replaceAll(" ", "_")] = option[2];
  }
  return found;
}

const clauses = (caps) =>
  Object.entries(caps)
    .map(([kind, text]) => `${kind}: ${text.split(/, */).sort().join(", ")}`)
    .sort()
    .join("; ");

function clusterFacts(job, text) {
  const { "": pools, auth, init, conf } = partsOf(text);
  const poolOf = Object.fromEntries(JSON.parse(pools).map((pool) => [pool.pool_name, pool]));
  const entityOf = Object.fromEntries(JSON.parse(auth).auth_dump.map((one) => [one.entity, one]));
  const facts = {};
  for (const { name, pgNum } of job.pools) {
    const { size, min_size, pg_num, application_metadata } = poolOf[name] ?? {};
    // The first number is the program's, what the autoscaler makes of it half a minute later is not.
    const groups = pg_num >= pgNum ? "enough PGs" : `${pg_num} PGs`;
    const ready = init.includes(`${name} rbd_info\n`) ? "initialised" : "not initialised";
    const apps = Object.keys(application_metadata ?? {});
    facts[`pool ${name}`] = `size ${size}, min_size ${min_size}, ${groups}, ${apps}, ${ready}`;
  }
  for (const { entity } of job.entities) facts[entity] = clauses(entityOf[entity]?.caps ?? {});
  return { facts, entityOf, conf: optionsIn(conf).global };
}

function confFact(text, cluster) {
  const { fsid, mon_host = "" } = optionsIn(text).global ?? {};
  const squeezed = (list) => list.replaceAll(" ", "");
  return fsid === cluster.fsid && squeezed(mon_host) === squeezed(cluster.mon_host)
    ? "the cluster's"
    : "another cluster's";
}

function keyringFact(text, entity, keyIs) {
  const [access, group] = text.split("\n");
  const [owner, mode] = [access.split(":")[0], access.split(" ")[1]];
  const groups = access.includes(`:${group} `) ? "its group" : "another group";
  return `${owner}, ${groups}, ${mode}, ${keyIs(optionsIn(text)[entity]?.key, entity)}`;
}

function hostFacts(job, host, { text, entityOf, conf }) {
  const parts = partsOf(text);
  const facts = {};
  const of = (list) => on(list, host);
  const keyIs = (found, entity) => (found === entityOf[entity]?.key ? "its key" : "another key");
  for (const { path } of of(job.confs)) facts[`${host} ${path}`] = confFact(parts[path], conf);
  for (const { path, entity } of of(job.keyrings))
    facts[`${host} ${path}`] = keyringFact(parts[path], entity, keyIs);
  for (const { path, section, options } of of(job.sections)) {
    const found = optionsIn(parts[path])[section] ?? {};
    for (const option of Object.keys(options))
      facts[`${host} ${path} [${section}] ${option}`] = found[option];
  }
  for (const { uuid, entity } of of(job.secrets)) {
    const [isPrivate, usage, key] = parts[uuid].split("\n");
    facts[`${host} ${uuid}`] = `${isPrivate}, ${usage}, ${keyIs(key, entity)}`;
  }
  for (const { unit } of of(job.units)) facts[`${host} ${unit}`] = parts[unit].trim();
  facts[`${host} packages`] = parts.packages.trim();
  return facts;
}

/** What must be found when the job is done. */
function wanted(job) {
  const facts = {};
  for (const { name, size, minSize } of job.pools)
    facts[`pool ${name}`] = `size ${size}, min_size ${minSize}, enough PGs, rbd, initialised`;
  for (const { entity, caps } of job.entities) facts[entity] = clauses(Object.fromEntries(caps));
  for (const { host, path } of job.confs) facts[`${host} ${path}`] = "the cluster's";
  for (const { host, path, owner, mode } of job.keyrings)
    facts[`${host} ${path}`] = `${owner}, its group, ${mode}, its key`;
  for (const { host, path, section, options } of job.sections)
    for (const [option, value] of Object.entries(options))
      facts[`${host} ${path} [${section}] ${option}`] = value;
  for (const { host, uuid, usage } of job.secrets)
    facts[`${host} ${uuid}`] = `private='no', ${usage}, its key`;
  for (const { host, unit } of job.units) facts[`${host} ${unit}`] = "active";
  for (const { host } of job.packages) facts[`${host} packages`] = "ii";
  return facts;
}

/**
 * Compares the hosts and the cluster with what the demo asks for.
 * @param {object} job
 * @param {(node: string, text: string) => Promise<string>} exec root on a node
 * @returns {Promise<string[]>} what is otherwise, nothing when the whole job is done
 */
export async function undone(job, exec) {
  const { facts, ...cluster } = clusterFacts(job, await exec(job.admin, clusterText(job)));
  for (const host of job.hosts) {
    const text = await exec(host, hostText(job, host));
    Object.assign(facts, hostFacts(job, host, { text, ...cluster }));
  }
  return Object.entries(wanted(job))
    .filter(([what, value]) => facts[what] !== value)
    .map(([what, value]) => `${what}: ${facts[what]} (wanted: ${value})`);
}
