#!/usr/bin/env node
// The tables of docs/component.md, docs/layouts.md, docs/resources.md and docs/hosts.md, and the lists of docs/messages.md, from the sources: `npm run docs` writes them, `--check` fails where they are stale.
// Needs the build (`npm run build`).
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { messagesOf } from "./lib/messages.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** The interface of that name in a source file. */
function interfaceOf(file, name) {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), "utf8"),
    ts.ScriptTarget.ES2022,
    true,
  );
  const found = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
  if (found === undefined) throw new Error(`${file} has no interface ${name}`);
  return { source, found };
}

const oneLine = (text) => text.replace(/\s+/g, " ").trim();
const cell = (text) => oneLine(text).replaceAll("|", "\\|");

/** What a doc comment says, with its default at the end. */
function commentOf(member) {
  const [doc] = member.jsDoc ?? [];
  if (doc === undefined) return "";
  const said = oneLine(ts.getTextOfJSDocComment(doc.comment) ?? "");
  const tag = doc.tags?.find((one) => one.tagName.text === "default");
  const value = tag === undefined ? "" : ` Default: ${oneLine(ts.getTextOfJSDocComment(tag.comment) ?? "")}.`;
  return `${said}${value}`.trim();
}

/** The type that a list is of, where it is written out in place. */
function literalIn(type) {
  if (type === undefined || ts.isTypeLiteralNode(type)) return type;
  return ts.isTypeOperatorNode(type) ? literalIn(type.type) : literalIn(type.elementType);
}

/** Members, and behind each those of its own, or of its items, that have something said of them. */
function membersOf(members, source, prefix = "") {
  return members
    .filter((member) => ts.isPropertySignature(member))
    .flatMap((member) => {
      const key = `${prefix}${member.name.getText(source)}`;
      const inner = literalIn(member.type);
      const items = membersOf(inner?.members ?? [], source, inner === member.type ? `${key}.` : `${key}[].`);
      return [{ key, comment: commentOf(member) }, ...items.filter(({ comment }) => comment !== "")];
    });
}

/** A row for every member that programs may set. */
function rowsOf(file, name) {
  const { source, found } = interfaceOf(file, name);
  return membersOf(found.members, source)
    .filter(({ comment }) => !comment.startsWith("Not for programs"))
    .map(({ key, comment }) => `| \`${key}\` | ${cell(comment)} |`);
}

const table = (head, rows) => [`| ${head} | |`, "|---|---|", ...rows].join("\n");

const ARTIFACTS = [
  ["CephPool", "ceph-pool", []],
  ["CephCrushRule", "ceph-crush-rule", []],
  ["CephErasureCodeProfile", "ceph-erasure-code-profile", []],
  ["CephAuthEntity", "ceph-auth-entity", []],
  ["CephConfigFile", "ceph-config-file", []],
  ["CephKeyringFile", "ceph-keyring-file", []],
  ["LibvirtSecret", "libvirt-secret", []],
  ["ConfigSection", "config-section", ["CreateFile", "ReadBy"]],
  ["Directory", "directory", []],
  ["Service", "service", []],
  ["ClientCheck", "client-check", ["ClientCan", "ClientCheckSecret"]],
  ["ImageProperties", "image-properties", ["auth/ImageAuth"]],
  ["ClientPackages", "client-packages", []],
];

const resources = () =>
  ARTIFACTS.map(([kind, file, more]) => {
    const path = `providers/${file}/index.ts`;
    const parts = [`### ${kind}`, table(kind, rowsOf(path, `${kind}Inputs`))];
    for (const place of more) {
      const [name, module = "index"] = place.split("/").reverse();
      parts.push(table(name, rowsOf(`providers/${file}/${module}.ts`, name)));
    }
    return parts.join("\n\n");
  }).join("\n\n");

const cluster = () => table("Cluster", rowsOf("providers/kernel/common.ts", "Cluster"));

const environmentOf = (key) =>
  `CEPH_OPENSTACK_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

const settings = () => {
  const rows = rowsOf("providers/kernel/explicit-provider.ts", "CephOpenStackProviderArgs").map((row) => {
    const key = /`(\w+)`/.exec(row)[1];
    return row.replace(`\`${key}\``, `\`${key}\`, \`${environmentOf(key)}\``);
  });
  return table("stack configuration `ceph-openstack:…`, environment", rows);
};

const keywords = () => {
  const { keywordTable } = require(join(root, "dist/providers/remote/ssh/keywords.js"));
  const rows = keywordTable();
  const named = (kind) => rows.filter(([, one]) => one.kind === kind).map(([name]) => `\`${name}\``);
  const refused = rows
    .filter(([, one]) => one.kind === "refused")
    .map(
      ([name, { why, unless }]) =>
        `| \`${name}\` | ${cell(why)}${unless.length > 0 ? ` (passes: ${unless.join(", ")})` : ""} |`,
    );
  return [
    `**Honoured:** ${named("honoured").join(", ")}.`,
    `**Passed over, because they change neither where nor as whom we connect, nor whom we trust:** ${named("harmless").join(", ")}.`,
    table("Refused by name when set for a host in use", refused),
  ].join("\n\n");
};

const presets = () => {
  const { presetOf } = require(join(root, "dist/components/layouts/presets.js"));
  const columns = [["debian", "ubuntu"], ["rdo9"], ["kolla-containers"]];
  const all = columns.map(([name]) => presetOf(name, "epoxy"));
  const text = (value) => (typeof value === "string" ? `\`${value}\`` : `\`${value.owner}:${value.group}\``);
  const rows = [
    ["glance-api", ({ glanceConf }) => text(glanceConf)],
    ["cinder-volume", ({ cinderConf }) => text(cinderConf)],
    ["cinder-backup", ({ cinderBackupConf }) => text(cinderBackupConf)],
    ["nova-compute", ({ novaConf }) => text(novaConf)],
    ["users", ({ users }) => Object.values(users).map(text).join(", ")],
    ["ceph.conf and keyrings", ({ cephDirs }) => [...new Set(Object.values(cephDirs))].map(text).join(", ")],
    ["QEMU", ({ qemu }) => text(qemu)],
    ["virsh", ({ virsh }) => text(virsh.join(" "))],
    [
      "units",
      ({ units }) =>
        Object.values(units)
          .map(({ unit }) => text(unit))
          .join(", "),
    ],
    ["QEMU's rbd driver", ({ packages }) => packages["qemu-rbd"].map(text).join(", ") || "in the image"],
  ].map(([what, cellOf]) => `| ${what} | ${all.map((layout) => cellOf(layout)).join(" | ")} |`);
  const titles = columns.map((names) => names.map(text).join(", "));
  const head = [`| | ${titles.join(" | ")} |`, "|---|---|---|---|"];
  return [...head, ...rows].join("\n");
};

const fields = () => table("Layout", rowsOf("components/layouts/layout.ts", "Layout"));

const handover = () => table("`handOver`", rowsOf("components/layouts/topology.ts", "HandOver"));

const tables = (...all) => all.map(([head, file, name]) => table(head, rowsOf(file, name))).join("\n\n");

/** What an integration takes. */
const args = () => {
  const [of, manage, further] = ["integration", "manage", "cluster"].map(
    (name) => `components/${name}-args.ts`,
  );
  return tables(
    ["CephOpenStackIntegration", of, "CephOpenStackIntegrationArgs"],
    ["`pools`: each may have, beside the fields of [CephPool](resources.md) or `existing`", of, "PoolPlace"],
    ["`clusters`: each has, beside the fields of [Cluster](resources.md)", further, "FurtherCluster"],
    ["`glance`, `cinder`, `cinderBackup`, `nova`: each has", of, "RoleSpec"],
    ["`glance`: also", of, "GlanceSpec"],
    ["`cinder`: also", of, "CinderSpec"],
    ["`cinderBackup`: also", of, "CinderBackupSpec"],
    ["`nova`: also", of, "NovaSpec"],
    ["`manage`", manage, "ManageArgs"],
    ["`manage.packages`, `manage.services`, `manage.checks`: each may have", manage, "Managed"],
    ["`manage.services`: also", manage, "ManagedServices"],
    ["`deploymentHost`", of, "DeploymentHost"],
    ["`hooks`: what the function is given", "components/hook-args.ts", "HookPlace"],
  );
};

/** What a role alone takes. */
const roles = () =>
  tables(
    [
      "GlanceStore, CinderBackend, CinderBackup, NovaCompute: each has",
      "components/role-args.ts",
      "RoleArgs",
    ],
    ["GlanceStore: also", "components/glance-store.ts", "GlanceStoreArgs"],
    ["CinderBackend: also", "components/cinder-backend.ts", "CinderBackendArgs"],
    ["CinderBackup: also", "components/cinder-backup.ts", "CinderBackupArgs"],
    ["CinderBackup `volumeUsers`", "components/role-args.ts", "VolumeUser"],
    ["NovaCompute: also", "components/nova-compute.ts", "NovaComputeArgs"],
  );

/** A message as code; what has backticks in it wants two around it. */
const code = (text) => (text.includes("`") ? `\`\`${text}\`\`` : `\`${text}\``);

const list = (...rooms) =>
  messagesOf(...rooms)
    .map((text) => `- ${code(text)}`)
    .join("\n");

const messages = {
  arguments: () => list("arguments", "layouts"),
  inputs: () => list("forms", "inputs"),
  findings: () => list("findings"),
};

const PAGES = [
  ["docs/component.md", { args, roles }],
  ["docs/layouts.md", { presets, fields, handover }],
  ["docs/resources.md", { cluster, resources }],
  ["docs/hosts.md", { settings, keywords }],
  ["docs/messages.md", messages],
];

/** The page with everything between `<!-- name -->` and `<!-- /name -->` made anew. */
function renewed(text, parts) {
  return Object.entries(parts).reduce((page, [name, make]) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [start, end] = [page.indexOf(open), page.indexOf(close)];
    if (start < 0 || end < start) throw new Error(`no ${open} … ${close}`);
    return `${page.slice(0, start + open.length)}\n\n${make()}\n\n${page.slice(end)}`;
  }, text);
}

const isCheck = process.argv.includes("--check");
for (const [path, parts] of PAGES) {
  const before = readFileSync(join(root, path), "utf8");
  const after = renewed(before, parts);
  if (after === before) continue;
  if (isCheck) {
    process.stderr.write(`docs: ${path} is stale: npm run build && npm run docs\n`);
    process.exitCode = 1;
  } else writeFileSync(join(root, path), after);
}
