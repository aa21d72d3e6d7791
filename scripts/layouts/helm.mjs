// OpenStack-Helm's charts, rendered by Helm itself on what `helm` hands over.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { count, differences, sectionsOf } from "./compare.mjs";
import { handedOver, inPlace } from "./integration.mjs";
import { must } from "../lib/must.mjs";

const HELM = "v3.17.3";
const RELEASE = "2025.1";
const CHARTS = ["glance", "cinder", "nova", "libvirt"];
const KEY = "key-from-a-pipe==";

/** By the environment, else built from its source, which the Go module proxy has. */
async function helmProgram(cache) {
  if (process.env.HELM) return process.env.HELM;
  const program = join(cache, "bin", "helm");
  if (existsSync(program)) return program;
  const env = { ...process.env, GOBIN: join(cache, "bin") };
  await must(["go", "install", `helm.sh/helm/v3/cmd/helm@${HELM}`], { env, deadlineSeconds: 1800 });
  return program;
}

async function rendered(cache, charts) {
  const helm = await helmProgram(cache);
  const work = join(cache, "work-helm");
  rmSync(work, { recursive: true, force: true });
  const { values } = await handedOver("helm", RELEASE);
  const texts = {};
  for (const chart of CHARTS) {
    cpSync(join(charts, chart), join(work, chart), { recursive: true });
    mkdirSync(join(work, chart, "charts"), { recursive: true });
    symlinkSync(join(charts, "helm-toolkit"), join(work, chart, "charts", "helm-toolkit"));
    writeFileSync(join(work, `${chart}.yaml`), JSON.stringify(values[`${chart}.yaml`]));
    writeFileSync(join(work, "key"), KEY);
    const key = ["nova", "libvirt"].includes(chart)
      ? ["--set-file", `conf.ceph.cinder.keyring=${join(work, "key")}`]
      : [];
    const args = [
      "template",
      chart,
      join(work, chart),
      "-n",
      "openstack",
      "-f",
      join(work, `${chart}.yaml`),
      ...key,
    ];
    texts[chart] = (await must([helm, ...args], { deadlineSeconds: 120 })).stdout;
  }
  return texts;
}

/** A file in a Secret of what was rendered. */
const secretFile = (text, file) => {
  const found = new RegExp(`^ +${file.replaceAll(".", "\\.")}: "?([A-Za-z0-9+/=]+)"?$`, "m").exec(text)?.[1];
  return found === undefined ? "" : Buffer.from(found, "base64").toString("utf8");
};

/** What must not be among what is installed. */
const refused = (texts) =>
  Object.entries(texts).flatMap(([chart, text]) =>
    [
      /kind: Job[\s\S]{0,400}name: [a-z-]*storage-init/,
      /pvc-ceph-client-key\b[\s\S]{0,80}ceph auth get-or-create/,
    ]
      .filter((one) => one.test(text))
      .map((one) => `${chart}: ${one} is rendered`),
  );

/** @param charts a checkout of openstack-helm */
export async function helm(cache, charts) {
  const texts = await rendered(cache, charts);
  const expected = await inPlace(RELEASE);
  const cinder = `${secretFile(texts.cinder, "cinder.conf")}\n${secretFile(texts.cinder, "backends.conf")}`;
  const files = {
    glance: secretFile(texts.glance, "glance-api.conf"),
    cinder,
    cinderBackup: cinder,
    nova: secretFile(texts.nova, "nova.conf"),
  };
  const problems = Object.entries(files).flatMap(([role, text]) =>
    differences(expected[role], text).map((one) => `${role}: ${one}`),
  );
  problems.push(...refused(texts));
  if (!texts.libvirt.includes(KEY) && !texts.libvirt.includes(Buffer.from(KEY).toString("base64")))
    problems.push("libvirt: the key from the pipe is nowhere");
  const left = Object.keys(sectionsOf(secretFile(texts.cinder, "backends.conf"))).filter(
    (name) => name !== "ceph",
  );
  if (left.length > 0) problems.push(`cinder: backends of the chart's own sample: ${left.join(", ")}`);
  const options = Object.values(expected).reduce((sum, sections) => sum + count(sections), 0);
  return [{ tool: `OpenStack-Helm ${commitOf(charts)}, Helm ${HELM}`, release: RELEASE, options, problems }];
}

/** Which charts these are. */
function commitOf(charts) {
  const version = /^version: (.*)$/m.exec(readFileSync(join(charts, "cinder", "Chart.yaml"), "utf8"))?.[1];
  return `(chart of Cinder ${version})`;
}
