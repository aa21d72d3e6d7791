// OpenStack-Ansible's own templates and its config_template, run by Ansible on what `osa` hands over.
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hereAs, playbook } from "./ansible.mjs";
import { count, differences } from "./compare.mjs";
import { handedOver, inPlace } from "./integration.mjs";
import { must } from "../lib/must.mjs";
import { environment } from "../lib/python.mjs";

const RELEASE = "2025.1";
const NAMES = join(dirname(fileURLToPath(import.meta.url)), "osa.py");

const ROLES = [
  {
    name: "glance",
    file: "glance-api.conf",
    overrides: "glance_glance_api_conf_overrides",
    roles: ["glance"],
  },
  {
    name: "cinder",
    file: "cinder.conf",
    overrides: "cinder_cinder_conf_overrides",
    roles: ["cinder", "cinderBackup"],
  },
  { name: "nova", file: "nova.conf", overrides: "nova_nova_conf_overrides", roles: ["nova"] },
];

/** What the inventory and other roles say. */
const ELSEWHERE = {
  debug: false,
  notification_topics: ["notifications"],
  default_filters: [],
  nova_virt_type: "kvm",
  // inventory/group_vars/nova_all of openstack-ansible.
  nova_ceph_client_uuid: "{{ cinder_ceph_client_uuid | default() }}",
  _compute_arch_list: [],
  _console_types: [],
};

/** The role keeps stores of its own beside ours. */
const EXEMPT = ["[DEFAULT] enabled_backends"];

const GROUPS = [
  "glance_api",
  "glance_all",
  "cinder_volume",
  "cinder_backup",
  "cinder_all",
  "nova_compute",
  "nova_all",
];

const playOf = ({ name, file, overrides }, { work, source }) => `- hosts: localhost
  gather_facts: true
  vars_files: ["${source}/os_${name}/defaults/main.yml", "${source}/os_${name}/vars/main.yml"]
  tasks:
    - openstack.config_template.config_template:
        src: ${source}/os_${name}/templates/${file}.j2
        dest: ${work}/${file}
        config_type: ini
        config_overrides: "{{ ${overrides} }}"
`;

async function render(role, at) {
  const { home, work, source, given } = at;
  const python = join(home, "bin", "python");
  const template = join(source, `os_${role.name}`, "templates", `${role.file}.j2`);
  const { stdout: unsaid } = await must([python, NAMES, join(source, `os_${role.name}`), template, given], {
    deadlineSeconds: 60,
  });
  writeFileSync(join(work, "elsewhere.json"), JSON.stringify({ ...JSON.parse(unsaid), ...ELSEWHERE }));
  writeFileSync(join(work, `${role.name}.yml`), playOf(role, at));
  const values = ["-e", `@${join(work, "elsewhere.json")}`, "-e", `@${given}`];
  const args = ["-i", join(work, "inventory"), ...values, join(work, `${role.name}.yml`)];
  await playbook(home, args, { ANSIBLE_COLLECTIONS_PATH: work });
  return readFileSync(join(work, role.file), "utf8");
}

/** @param source a folder with checkouts: os_glance, os_cinder, os_nova, config_template */
export async function osa(cache, source) {
  const home = await environment(cache, "ansible", ["ansible-core==2.18.*", "netaddr", "jmespath"]);
  const work = join(cache, "work-osa");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, "ansible_collections", "openstack"), { recursive: true });
  symlinkSync(
    join(source, "config_template"),
    join(work, "ansible_collections", "openstack", "config_template"),
  );
  writeFileSync(join(work, "inventory"), hereAs(home, GROUPS));
  const { values } = await handedOver("osa", RELEASE);
  const given = join(work, "given.json");
  writeFileSync(given, JSON.stringify({ ...values["user_variables.yml"], ...values["user_secrets.yml"] }));
  const expected = await inPlace(RELEASE);
  const problems = [];
  for (const role of ROLES) {
    const text = await render(role, { home, work, source, given });
    for (const one of role.roles)
      problems.push(
        ...differences(expected[one], text, EXEMPT).map((found) => `${role.file} (${one}) ${found}`),
      );
  }
  const options = Object.values(expected).reduce((sum, sections) => sum + count(sections), 0);
  return [
    { tool: "OpenStack-Ansible's roles os_glance, os_cinder, os_nova", release: RELEASE, options, problems },
  ];
}
