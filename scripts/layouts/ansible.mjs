// Ansible in a virtual environment of its own, from the Python index.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must } from "../lib/must.mjs";

/** The environment's directory, made once. */
export async function environment(cache, name, packages) {
  const home = join(cache, name);
  if (existsSync(join(home, "complete"))) return home;
  rmSync(home, { recursive: true, force: true });
  await must(["python3", "-m", "venv", home], { deadlineSeconds: 120 });
  await must([join(home, "bin", "pip"), "install", "-q", ...packages], { deadlineSeconds: 600 });
  writeFileSync(join(home, "complete"), "");
  return home;
}

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
