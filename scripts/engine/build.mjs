import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "../lib/lock.mjs";
import { say, withProgress } from "../lib/progress.mjs";
import { ending, lastLines, run } from "../lib/run.mjs";
import { installInto, isExecutable } from "./install.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * What is built: a folder here with `go.mod`, a complete `go.sum` and a `tools.go` that names the package (`go install`
 * with a version refuses modules with `replace` directives). The newest published version of the language host is of
 * August 2025; it serves this engine. Counts and times: Debian 12, 2 cores, Go 1.26, nothing cached.
 */
const BUILDS = [
  {
    name: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    packages: 1647,
    usually: "4 min on 2 cores",
  },
  {
    name: "pulumi-language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3",
    packages: 367,
    usually: "30 s",
  },
];
const BUILD_SECONDS = 3600;
const DISK = "about 4 GB";

/** Where finished builds are kept for other checkouts, and Go's own caches while it builds. */
function cacheFolder(env = process.env) {
  const base = env.PULUMI_CEPH_OPENSTACK_CACHE ?? env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return env.PULUMI_CEPH_OPENSTACK_CACHE ? base : join(base, "pulumi-ceph-openstack");
}

/** The go.sum files fix every source that goes in, so their hash names the outcome. */
function buildFolder(version) {
  const hash = createHash("sha256");
  for (const { name } of BUILDS) hash.update(readFileSync(join(here, name, "go.sum")));
  return join(
    cacheFolder(),
    "engine",
    `${version}-${hash.digest("hex").slice(0, 12)}-${process.platform}-${process.arch}`,
  );
}

function goEnv(go) {
  return {
    ...process.env,
    GOMODCACHE: join(go, "mod"),
    GOCACHE: join(go, "build"),
    GOTMPDIR: join(go, "tmp"),
    GOWORK: "off",
    GOFLAGS: "",
    CGO_ENABLED: "0",
  };
}

/** Sources must be the ones whose sums are here, whatever the user's Go is set to do. */
function goArguments(version, build, target) {
  const named = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`; // else it reports no version
  const flags = ["-v", "-mod=readonly", "-modcacherw", "-trimpath", "-buildvcs=false"];
  return ["build", ...flags, "-ldflags", `-s -w -X ${named}`, "-o", target, build.package];
}

async function buildPart(version, build, { go, target }) {
  let fetched = 0;
  let compiled = 0;
  const onLine = (line) => (line.startsWith("go: downloading ") ? fetched++ : compiled++);
  const status = () =>
    `${fetched} modules fetched, ${compiled} packages compiled (about ${build.packages} in all)`;
  const step = {
    who: "engine",
    doing: `building ${build.name} from its published source`,
    usually: build.usually,
    status,
  };
  await withProgress(step, async () => {
    const options = { cwd: join(here, build.name), env: goEnv(go), deadlineSeconds: BUILD_SECONDS, onLine };
    const result = await run("go", goArguments(version, build, target), options);
    if (result.code === 0) return;
    throw new Error(`go build of ${build.name} ${ending(result)}:\n    ${lastLines(result).join("\n    ")}`);
  });
}

/** Go's caches have served. A build whose script was killed may still write there: then they go the next time. */
function clearGo(go) {
  try {
    rmSync(go, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    say("engine", `  ${go} could not be removed (${error.code}); nothing needs it any more`);
  }
}

/** What a run that was killed left of its temporary folders. */
function clearPartial(folder) {
  const beside = dirname(folder);
  const left = readdirSync(beside).filter((name) => name.includes(".partial-"));
  for (const name of left) rmSync(join(beside, name), { recursive: true, force: true });
}

/** Every part in a temporary folder that gets its name when all are there; what Go has fetched and compiled stays if cut. */
async function buildAll(version, folder) {
  const go = join(cacheFolder(), "go");
  mkdirSync(join(go, "tmp"), { recursive: true });
  mkdirSync(dirname(folder), { recursive: true });
  clearPartial(folder);
  const partial = mkdtempSync(`${folder}.partial-`);
  try {
    for (const build of BUILDS) await buildPart(version, build, { go, target: join(partial, build.name) });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  clearGo(go);
}

const minorOf = (text) => Number(/\b(?:go ?)1\.(\d+)/.exec(text)?.[1] ?? 0);

/** Whether Go fetches a newer Go by itself where a module wants one: since 1.21, unless it is told not to. */
async function fetchesNewerGo() {
  const result = await run("go", ["env", "GOTOOLCHAIN"], { deadlineSeconds: 60, cwd: here });
  return result.code === 0 && result.stdout.startsWith("auto");
}

/** Why Go here cannot build it, if so. */
async function whyNoGo() {
  const result = await run("go", ["version"], { deadlineSeconds: 60, cwd: here }).catch(() => undefined);
  if (result?.code !== 0) return "there is no Go toolchain (`go`) on PATH";
  const wanted = minorOf(readFileSync(join(here, "pulumi", "go.mod"), "utf8"));
  const found = minorOf(result.stdout);
  if (found >= wanted || (await fetchesNewerGo())) return undefined;
  return `Go is 1.${found}, and 1.${wanted} or later is needed`;
}

function isBuilt(folder) {
  return BUILDS.every(({ name }) => isExecutable(join(folder, name)));
}

/** Whether an earlier build for any checkout of this user can be copied. @param {string} version */
export function isBuildKept(version) {
  return isBuilt(buildFolder(version));
}

/**
 * Installs the engine from a kept build, or builds it first from the published Go modules.
 * @param {string} root the checkout, with the SDK in its node_modules
 * @param {string} version
 * @throws when there is no fitting Go, or with the last lines of the build that failed
 */
export async function buildEngine(root, version) {
  const folder = buildFolder(version);
  const lock = join(cacheFolder(), "build.lock");
  await withLock(lock, { who: "engine", waitSeconds: BUILD_SECONDS }, async () => {
    if (isBuilt(folder)) return;
    const why = await whyNoGo();
    if (why) throw new Error(why);
    say("engine", `needs ${DISK} below ${cacheFolder()} while it builds; 141 MB stay, for other checkouts`);
    await buildAll(version, folder);
  });
  await installInto(root, version, (target) => {
    for (const { name } of BUILDS) copyFileSync(join(folder, name), join(target, "bin", name));
    // no binary: a script that finds the SDK of the program that is run; the run bit is not kept by every packer
    const wrapper = "pulumi-resource-pulumi-nodejs";
    copyFileSync(join(root, "node_modules", "@pulumi", "pulumi", wrapper), join(target, "bin", wrapper));
    chmodSync(join(target, "bin", wrapper), 0o755);
  });
}
