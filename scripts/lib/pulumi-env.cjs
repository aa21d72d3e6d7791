"use strict";

// CommonJS, because Jest and the tests (CommonJS too) cannot load an .mjs file; pulumi-env.mjs gives the same to scripts.
const { existsSync, readFileSync } = require("node:fs");
const { delimiter, join } = require("node:path");

/** Variables that are ours, not the engine's, although their names begin like the engine's. */
const OURS = /^PULUMI_(CEPH_OPENSTACK_|COMMAND_PLUGIN$)/;

/** The engine's version that this checkout pins: the version of the launcher in its package.json. */
function pinnedVersion(root) {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies.pulumi;
}

/** What `engine.mjs ensure` has written; before it ran, the pinned version. */
function engineRecord(root) {
  const path = join(root, ".pulumi-home", "engine.json");
  if (!existsSync(path)) return { version: pinnedVersion(root), origin: "none" };
  return JSON.parse(readFileSync(path, "utf8"));
}

function pulumiPaths(root) {
  const home = join(root, ".pulumi-home");
  const { version } = engineRecord(root);
  return {
    home,
    version,
    state: join(home, "state"),
    passphraseFile: join(home, "passphrase"),
    record: join(home, "engine.json"),
    bin: join(home, "versions", version, "bin"),
  };
}

/** The user's own settings of Pulumi (login, backend, passphrase, options) have no place here. */
function withoutPulumi(base) {
  const foreign = ([name]) => name.startsWith("PULUMI_") && !OURS.test(name);
  return Object.fromEntries(Object.entries(base).filter((entry) => !foreign(entry)));
}

function pulumiSettings(root) {
  const paths = pulumiPaths(root);
  return {
    PULUMI_HOME: paths.home,
    PULUMI_VERSION: paths.version, // the launcher's choice of folder
    PULUMI_BACKEND_URL: `file://${paths.state}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphraseFile,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The language host asks for the plugin of every package in node_modules, used or not. Here that is the one of
    // @pulumi/command: each run would try to download it, 2.5 s where the host is unknown, minutes where it is silent.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true", // `npm run types` has checked the programs; checking again costs 1.5 s a run
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
  };
}

function pulumiEnv(root, base = process.env) {
  const path = [pulumiPaths(root).bin, ...(base.PATH ?? "").split(delimiter)];
  const PATH = [...new Set(path)].join(delimiter);
  return { ...withoutPulumi(base), ...pulumiSettings(root), PATH };
}

module.exports = { pinnedVersion, pulumiEnv, pulumiPaths, pulumiSettings };
