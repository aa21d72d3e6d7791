// Kolla-Ansible's own tasks, templates and merging, run by Ansible on what `kolla` hands over.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { playbook } from "./ansible.mjs";
import { count, differences, sectionsOf } from "./compare.mjs";
import { handedOver, inPlace, TWO_CLUSTERS } from "./integration.mjs";
import { must } from "../lib/must.mjs";
import { environment } from "../lib/python.mjs";

/** By release; the packages are of the Python index. */
const RELEASES = {
  2025.1: ["kolla-ansible==20.*", "ansible==11.*", "netaddr"],
  2026.1: ["kolla-ansible==22.*", "ansible==12.*", "netaddr"],
};

/** The tool keeps stores of its own beside ours. */
const ITS_OWN = "[DEFAULT] enabled_backends";

const CUSTOM = "/etc/kolla/config";

const COMPUTE = { role: "nova-cell", service: "nova-compute", file: "nova.conf", of: "nova" };

const SERVICES = [
  { role: "glance", service: "glance-api", file: "glance-api.conf", of: "glance" },
  { role: "cinder", service: "cinder-volume", file: "cinder.conf", of: "cinder" },
  { role: "cinder", service: "cinder-backup", file: "cinder.conf", of: "cinderBackup" },
  COMPUTE,
];

/** Where guests' own disks are. */
const OF_GUESTS_DISKS = [
  "images_type",
  "images_rbd_pool",
  "images_rbd_ceph_conf",
  "rbd_user",
  "rbd_secret_uuid",
];

/** Hosts by the cluster whose volumes their guests have; `hostVars` as `notes` want them, `absent` in their [libvirt]. */
const HOSTS = { cluster: "ceph", hostVars: {}, services: SERVICES, absent: [] };
const FAR_COMPUTES = {
  cluster: "site2",
  hostVars: { ceph_cluster: "site2", nova_backend: "default" },
  services: [COMPUTE],
  absent: OF_GUESTS_DISKS,
};

const SCENES = [
  { name: "one cluster", more: {}, exempt: [ITS_OWN], kinds: [HOSTS] },
  {
    name: "two clusters",
    more: TWO_CLUSTERS,
    // One secret for the volumes of all clusters, not one for each: `uuidProblems`.
    exempt: [ITS_OWN, "[far] rbd_secret_uuid"],
    kinds: [HOSTS, FAR_COMPUTES],
  },
];

/** What a deployment says elsewhere. */
const elsewhere = (home, work) => ({
  ansible_python_interpreter: join(home, "bin", "python"),
  ansible_become: false,
  node_config: work,
  node_config_directory: join(work, "kolla"),
  node_custom_config: join(work, "config"),
  config_owner_user: "root",
  config_owner_group: "root",
  network_interface: "lo",
  kolla_internal_vip_address: "192.0.2.1",
  api_interface_address: "192.0.2.2",
  migration_interface_address: "192.0.2.2",
  enable_nova: true,
});

/** The role's Ceph tasks; then its template merged with our file by the tool's own plugin, as its config.yml does. */
const playOf = ({ role, service, file }) => {
  const [project] = role.split("-");
  const template =
    role === "nova-cell" ? "roles/nova-cell/templates/nova.conf.j2" : `roles/${role}/templates/${file}.j2`;
  return `- hosts: localhost
  gather_facts: true
  vars:
    service_name: ${service}
    project_name: ${project}
  tasks:
    - ansible.builtin.file: { path: "{{ node_config_directory }}/{{ item }}", state: directory }
      with_items: [${service}, nova-libvirt]
    - ansible.builtin.include_role: { name: ${role}, tasks_from: external_ceph.yml, public: true }
    - merge_configs:
        sources:
          - "{{ playbook_dir }}/${template}"
          - "{{ node_custom_config }}/${project}/${service}.conf"
        dest: "{{ node_config_directory }}/${service}/${file}"
    - ansible.builtin.template:
        src: "{{ playbook_dir }}/roles/${role}/templates/${service}.json.j2"
        dest: "{{ node_config_directory }}/${service}/config.json"
`;
};

const ini = (sections) =>
  Object.entries(sections)
    .flatMap(([section, options]) => [
      `[${section}]`,
      ...Object.entries(options).map(
        ([name, value]) => `${name} = ${Array.isArray(value) ? value.join(",") : value}`,
      ),
    ])
    .join("\n");

function put(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
}

/** The files that the component writes on the deployment host; a key is one that the cluster would have made. */
function putFiles(work, { options, confs, keyrings }) {
  const at = (path) => join(work, "config", path.slice(CUSTOM.length));
  for (const { path, cluster } of confs) put(at(path), `[global]\nfsid = ${cluster}`);
  for (const { path, cluster, user } of keyrings)
    put(at(path), `[client.${user}]\n\tkey = ${Buffer.from(`${cluster}/${user}`).toString("base64")}`);
  for (const [path, sections] of Object.entries(options)) put(at(path), ini(sections));
}

/** Files of Ceph that the container is to copy at its start, and that are not there. */
const missingFor = (work, service) => {
  const { config_files: files } = JSON.parse(
    readFileSync(join(work, "kolla", service, "config.json"), "utf8").replaceAll(/,(\s*[\]}])/g, "$1"),
  );
  return files
    .map(({ source }) => source)
    .filter((source) => /ceph|keyring/.test(source))
    .map((source) => source.replace("/var/lib/kolla/config_files", join(work, "kolla", service)))
    .filter((path) => !existsSync(path))
    .map((path) => `its container copies ${path}, which is not there`);
};

const secretOf = (work, uuid) =>
  Buffer.from(
    readFileSync(join(work, "kolla", "nova-libvirt", "secrets", `${uuid}.base64`), "utf8"),
    "base64",
  ).toString("utf8");

/** What a compute of a cluster opens volumes with. */
const secretProblems = (work, values, cluster) => {
  const uuid = values["passwords.yml"].cinder_rbd_secret_uuid;
  const found = secretOf(work, uuid);
  return found === `${cluster}/cloud-cinder`
    ? []
    : [`a compute of ${cluster} has in the secret of volumes the key of ${found}`];
};

/** What each backend tells computes to open its volumes with is the one secret that they have. */
const uuidProblems = (text, values, expected) => {
  const rendered = sectionsOf(text);
  const uuid = values["passwords.yml"].cinder_rbd_secret_uuid;
  return Object.keys(expected)
    .filter((section) => "rbd_secret_uuid" in expected[section])
    .filter((section) => rendered[section]?.rbd_secret_uuid !== uuid)
    .map((section) => `[${section}] rbd_secret_uuid: ${rendered[section]?.rbd_secret_uuid}, not ${uuid}`);
};

const absentProblems = (text, absent) => {
  const { libvirt = {} } = sectionsOf(text);
  return absent
    .filter((option) => option in libvirt)
    .map((option) => `[libvirt] ${option}: ${libvirt[option]}, and guests' disks are in another cluster`);
};

async function rendered({ home, work }, { hostVars, services }) {
  // What other hosts have would pass for what these lack.
  rmSync(join(work, "kolla"), { recursive: true, force: true });
  put(join(work, "host_vars", "localhost.yml"), JSON.stringify(hostVars));
  const kolla = join(home, "share", "kolla-ansible");
  for (const one of services) {
    const path = join(kolla, "ansible", `proof-${one.service}.yml`);
    writeFileSync(path, playOf(one));
    const extra = [
      join(kolla, "etc_examples", "kolla", "passwords.yml"),
      join(work, "elsewhere.json"),
      join(work, "given.json"),
    ];
    await playbook(home, [
      "-i",
      join(work, "inventory"),
      ...extra.flatMap((file) => ["-e", `@${file}`]),
      path,
    ]);
  }
}

/** What is wrong on hosts of one kind. */
async function problemsOn(kind, at, { handed, expected, exempt }) {
  await rendered(at, kind);
  const problems = kind.services.flatMap(({ service, file, of }) => {
    const text = readFileSync(join(at.work, "kolla", service, file), "utf8");
    const { absent } = kind;
    return [
      ...differences(expected[of], text, [...exempt, ...absent.map((option) => `[libvirt] ${option}`)]),
      ...absentProblems(text, absent),
      ...(service === "cinder-volume" ? uuidProblems(text, handed.values, expected[of]) : []),
      ...missingFor(at.work, service),
    ].map((problem) => `${service} (${kind.cluster}): ${problem}`);
  });
  return [...problems, ...secretProblems(at.work, handed.values, kind.cluster)];
}

/** A deployment of this machine, with what is handed over. */
function deployed({ home, work }, handed) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  putFiles(work, handed);
  put(join(work, "elsewhere.json"), JSON.stringify(elsewhere(home, work)));
  const { "globals.yml": globals, "passwords.yml": passwords } = handed.values;
  put(join(work, "given.json"), JSON.stringify({ ...globals, ...passwords }));
  const inventory = join(home, "share", "kolla-ansible", "ansible", "inventory", "all-in-one");
  copyFileSync(inventory, join(work, "inventory"));
}

async function proof(at, release, { name, more, exempt, kinds }) {
  const handed = await handedOver("kolla", release, more);
  deployed(at, handed);
  const expected = await inPlace(release, more);
  const problems = [];
  for (const kind of kinds) problems.push(...(await problemsOn(kind, at, { handed, expected, exempt })));
  const options = Object.values(expected).reduce((sum, sections) => sum + count(sections), 0);
  return { tool: `Kolla-Ansible ${at.version}, ${name}`, release, options, problems };
}

const versionOf = async (home) => {
  const { stdout } = await must([join(home, "bin", "pip"), "show", "kolla-ansible"], { deadlineSeconds: 60 });
  return /^Version: (.*)$/m.exec(stdout)?.[1];
};

/** Its packages come from the Python index. */
export async function kolla(cache) {
  const rows = [];
  for (const [release, packages] of Object.entries(RELEASES)) {
    const home = await environment(cache, `kolla-${release}`, packages);
    const at = { home, work: join(cache, `work-kolla-${release}`), version: await versionOf(home) };
    for (const scene of SCENES) rows.push(await proof(at, release, scene));
  }
  return rows;
}
