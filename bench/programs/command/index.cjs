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
  command(`${host}-conf`, host, { create: `sudo install -m 0644 /dev/stdin ${q(path)}`, stdin: conf.stdout });

for (const { host, path, entity, owner, group, mode } of job.keyrings) {
  const create = `sudo install -o ${owner} -g ${group || owner} -m ${mode} /dev/stdin ${q(path)}`;
  command(`${host}-keyring-${entity}`, host, { create, stdin: entities[entity].stdout });
}

for (const { host, uuid, entity, xml } of job.secrets) {
  const create =
    `echo ${q(xml)} | sudo virsh -q secret-define /dev/stdin && ` +
    `sed -n 's/.*key = //p' | sudo virsh -q secret-set-value ${uuid} --file /dev/stdin`;
  command(`${host}-secret`, host, { create, stdin: entities[entity].stdout });
}

// Two commands on one file at once would lose one's lines: one after another, file by file.
const last = new Map();
for (const { host, path, section, options } of job.sections) {
  const file = `${host}:${path}`;
  const pairs = Object.entries(options).flat().map(q).join(" ");
  const create = `sudo sh -c ${q(`${setOptions}\nset_options "$@"`)} set-options ${q(path)} ${q(section)} ${pairs}`;
  const opts = last.has(file) ? { dependsOn: [last.get(file)] } : {};
  last.set(file, command(`${file.replaceAll("/", "-")}-${section}`, host, { create, opts }));
}
