"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { remote } = require("@pulumi/command");
const pulumi = require("@pulumi/pulumi");

const job = JSON.parse(readFileSync(process.env.BENCH_JOB, "utf8"));
const setOptions = readFileSync(join(__dirname, "..", "set-options.sh"), "utf8");
const privateKey = pulumi.secret(readFileSync(job.key, "utf8"));
const q = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;

const connections = Object.fromEntries(
  Object.entries(job.ways).map(([host, { address, port }]) => [
    host,
    { host: address, port, user: "ops", privateKey },
  ]),
);
const command = (name, host, { opts = {}, ...args }) =>
  new remote.Command(name, { connection: connections[host], triggers: [args.create], ...args }, opts);

const packages = Object.fromEntries(
  job.packages.map(({ host, packages: names }) => {
    const list = names.join(" ");
    const create = `dpkg -s ${list} >/dev/null 2>&1 || sudo DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends ${list}`;
    return [host, command(`${host}-packages`, host, { create })];
  }),
);
/** What is made on a host, after its packages. */
const made = new Map();
const onHost = (name, host, { opts = {}, ...args }) => {
  const all = made.get(host) ?? [packages[host]];
  const one = command(name, host, {
    ...args,
    opts: { ...opts, dependsOn: [packages[host], ...(opts.dependsOn ?? [])] },
  });
  made.set(host, [...all, one]);
  return one;
};

const poolText = ({ name, size, minSize, pgNum }) =>
  `set -e; sudo ceph osd pool create ${name} ${pgNum}; sudo ceph osd pool set ${name} size ${size}; ` +
  `sudo ceph osd pool set ${name} min_size ${minSize}; sudo rbd pool init ${name}`;
for (const pool of job.pools) command(`pool-${pool.name}`, job.admin, { create: poolText(pool) });

const conf = command("conf", job.admin, { create: "sudo ceph config generate-minimal-conf" });
const opts = { additionalSecretOutputs: ["stdout"] };
const entities = Object.fromEntries(
  job.entities.map(({ entity, caps }) => {
    const text = caps.map(([kind, clauses]) => `${kind} ${q(clauses)}`).join(" ");
    const create = `sudo ceph auth get-or-create ${entity} ${text}`;
    return [entity, command(`auth-${entity}`, job.admin, { create, opts })];
  }),
);

for (const { host, path } of job.confs)
  onHost(`${host}-conf`, host, { create: `sudo install -m 0644 /dev/stdin ${q(path)}`, stdin: conf.stdout });

for (const { host, path, entity, owner, group, mode } of job.keyrings) {
  const create = `sudo install -o ${owner} -g ${group || owner} -m ${mode} /dev/stdin ${q(path)}`;
  onHost(`${host}-keyring-${entity}`, host, { create, stdin: entities[entity].stdout });
}

for (const { host, uuid, entity, xml } of job.secrets) {
  const create =
    `echo ${q(xml)} | sudo virsh -q secret-define /dev/stdin && ` +
    `sed -n 's/.*key = //p' | sudo virsh -q secret-set-value ${uuid} --file /dev/stdin`;
  onHost(`${host}-secret`, host, { create, stdin: entities[entity].stdout });
}

// Two commands on one file at once would lose one's lines: one after another, file by file.
const last = new Map();
for (const { host, path, section, options } of job.sections) {
  const file = `${host}:${path}`;
  const pairs = Object.entries(options).flat().map(q).join(" ");
  const create = `sudo sh -c ${q(`${setOptions}\nset_options "$@"`)} set-options ${q(path)} ${q(section)} ${pairs}`;
  const opts = last.has(file) ? { dependsOn: [last.get(file)] } : {};
  last.set(file, onHost(`${file.replaceAll("/", "-")}-${section}`, host, { create, opts }));
}

// Restarts when all of a host is written: cinder's before the computes'.
const restarted = [];
for (const { host, unit } of job.units) {
  const create = `sudo systemctl restart ${unit} && systemctl is-active ${unit}`;
  const after = unit.startsWith("nova-compute") ? restarted : [];
  const one = command(`${host}-${unit}`, host, {
    create,
    opts: { dependsOn: [...made.get(host), ...after] },
  });
  if (!unit.startsWith("nova-compute")) restarted.push(one);
}
