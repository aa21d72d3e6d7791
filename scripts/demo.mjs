#!/usr/bin/env node
// From a bare machine to a real `pulumi up` against a real Ceph cluster and real hosts. Can be stopped and started again at any point.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { must } from "./lib/must.mjs";
import { duration, say, withProgress } from "./lib/progress.mjs";
import { ending, lastLines, run } from "./lib/run.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stack = "dev";
const name = process.env.SANDBOX_NAME ?? "default";
const sandbox = join(root, "sandbox", "sandbox");

/** A step that must succeed; its own output is shown when it does not. */
const step = (about, command) =>
  withProgress({ who: "demo", ...about }, () => must(command, { cwd: root, deadlineSeconds: 1800 }));

/** Runs a command on our terminal, so that its own progress is seen. */
function shown(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env });
    child.on("error", reject);
    child.on("exit", (code, signal) =>
      code === 0
        ? resolve(undefined)
        : reject(new Error(`${command} ${args.join(" ")} ended with ${signal ?? code}`)),
    );
  });
}

async function pulumi(args, options = {}) {
  const { pulumiEnv, pulumiPaths } = await import("./lib/pulumi-env.mjs");
  const command = join(pulumiPaths(root).bin, "pulumi");
  const all = [...args, "--non-interactive", "--stack", stack];
  const env = pulumiEnv(root);
  return options.quiet
    ? run(command, all, { cwd: root, env, deadlineSeconds: 600 })
    : shown(command, all, env);
}

async function configure() {
  const site = JSON.parse(
    readFileSync(
      join(process.env.SANDBOX_STATE ?? "/var/lib/ceph-openstack-sandbox", name, "sandbox.json"),
      "utf8",
    ),
  );
  const made = await pulumi(["stack", "init"], { quiet: true });
  if (made.code !== 0 && !/already exists/.test(made.stderr + made.stdout))
    throw new Error(`pulumi stack init ${ending(made)}\n  ${lastLines(made).join("\n  ")}`);
  const settings = {
    fsid: site.fsid,
    admin: "mon1",
    openstackRelease: site.openstackRelease || "zed",
    "ceph-openstack:sshConfig": site.sshConfig,
  };
  const pairs = Object.entries(settings).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
  const set = await pulumi(["config", "set-all", ...pairs], { quiet: true });
  if (set.code !== 0)
    throw new Error(`pulumi config set-all ${ending(set)}\n  ${lastLines(set).join("\n  ")}`);
  return site;
}

async function timed(work) {
  const start = performance.now();
  await work();
  return duration((performance.now() - start) / 1000);
}

function summary(site, times) {
  const ssh = `ssh -F ${site.sshConfig}`;
  const p = "npm run -s pulumi --";
  return `
Done. A real Pulumi has configured a real Ceph cluster (${site.fsid}) and four real hosts over ssh: installed what the computes
lacked, restarted Glance, Cinder and cinder-backup, and proven by their own keys what they can do and what they cannot.
  first up ${times.first}, second up (nothing to change) ${times.second}

Look around
  ${ssh} cmp1
      a compute host (cmp2, ctl1 and vol1 are configured too; mon1 is the admin host)
  ${ssh} mon1 sudo ceph -s
      the cluster
  ${ssh} vol1 sudo grep -n rbd_ /etc/cinder/cinder.conf
      what was written
  ${ssh} vol1 sudo journalctl -u cinder-volume -n 20
      what cinder-volume says of it
  ${p} stack
      what Pulumi recorded
See a diff
  ${ssh} vol1 sudo sed -i 's/^rbd_max_clone_depth.*/rbd_max_clone_depth = 9/' /etc/cinder/cinder.conf
  ${p} preview --refresh --diff
      shows the drift; \`${p} up --refresh\` repairs it, and restarts cinder-volume
  edit examples/demo/index.ts (an option, a pool's size) and run \`${p} preview --diff\`
Take it away
  ${p} destroy
      what was added, nothing else, and restarts what had read it; pools and packages stay
  sandbox/sandbox destroy
      the cluster and the hosts
  rm -rf .pulumi-home
      the engine and its state`;
}

async function main() {
  await ensureDependencies(root, "demo");
  await step({ doing: "compiling the library", usually: "10 s" }, ["npm", "run", "-s", "build"]);
  const { ensureEngine } = await import("./engine/ensure.mjs");
  say(
    "demo",
    "bringing the engine and the sandbox with the services of OpenStack (from nothing: 5 to 8 minutes; half a minute when both are there) …",
  );
  const both = await Promise.allSettled([
    ensureEngine(root),
    shown(sandbox, ["up"], { SANDBOX_SERVICES: "real", ...process.env, SANDBOX_NAME: name }),
  ]);
  for (const result of both) if (result.status === "rejected") throw result.reason;
  const site = await configure();
  say("demo", "pulumi preview: what would change, without touching a host …");
  await pulumi(["preview"]);
  say("demo", "pulumi up …");
  const first = await timed(() => pulumi(["up", "--yes", "--skip-preview"]));
  say("demo", "pulumi up again: nothing to change …");
  const second = await timed(() => pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"]));
  process.stdout.write(`${summary(site, { first, second })}\n`);
}

main().catch((error) => {
  say("demo", error.message);
  say("demo", "nothing is lost: when that is mended, run `npm run demo` again; it goes on where it stopped");
  process.exitCode = 1;
});
