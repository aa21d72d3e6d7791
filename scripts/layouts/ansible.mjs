// Ansible, in a virtual environment.
import { join } from "node:path";
import { must } from "../lib/must.mjs";

/** An inventory of one machine, this one. */
export const hereAs = (home, groups) =>
  [
    ...groups.map((group) => `[${group}]\nlocalhost\n`),
    `[all:vars]\nansible_connection=local\nansible_python_interpreter=${join(home, "bin", "python")}\n`,
  ].join("");

export const playbook = (home, args, env = {}) =>
  must([join(home, "bin", "ansible-playbook"), ...args], {
    env: { ...process.env, ANSIBLE_NOCOLOR: "1", ...env },
    deadlineSeconds: 300,
  });
