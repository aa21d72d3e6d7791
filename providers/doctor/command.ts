/** Runs a preview with the doctor behind every check. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { redact } from "../remote/redact.js";
import { findingsOf, type Finding } from "./finding.js";

/** Which project and stack. */
export interface DoctorArgs {
  /** Folder of the Pulumi project. @default the current one */
  readonly cwd?: string;
  /** Name of the stack. @default the one that is selected */
  readonly stack?: string;
  /** Environment of the preview beside this process's own. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

/** What the doctor found. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** The end of what the preview said, where it did not end well. */
  readonly failed?: string;
}

const LAST = 40;

const preview = (
  { cwd, stack, env }: DoctorArgs,
  file: string,
): Promise<{ code: number | null; said: string }> =>
  new Promise((resolve, reject) => {
    const args = ["preview", "--non-interactive", "--color", "never"];
    const child = spawn("pulumi", [...args, ...(stack === undefined ? [] : ["--stack", stack])], {
      cwd,
      env: { ...process.env, ...env, CEPH_OPENSTACK_DOCTOR: file },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const listen = (chunk: Buffer) => (said += chunk.toString("utf8"));
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("error", (error) =>
      reject(new Error(`pulumi could not be started: ${error.message}; it must be in PATH`)),
    );
    child.on("close", (code) => resolve({ code, said }));
  });

/**
 * Looks at everything that a program names, and writes nothing: hosts, root, users, files, clusters, artifacts.
 * @throws Error where `pulumi` cannot be started
 */
export const doctor = async (args: DoctorArgs = {}): Promise<Diagnosis> => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-ceph-openstack-doctor-"));
  const file = join(folder, "findings");
  try {
    await writeFile(file, "", { mode: 0o600 });
    const { code, said } = await preview(args, file);
    const findings = findingsOf(await readFile(file, "utf8"));
    if (code === 0) return { findings };
    return { findings, failed: redact(said.trimEnd().split("\n").slice(-LAST).join("\n")) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
