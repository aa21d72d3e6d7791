"use strict";

/** One project per kind of test: `unit`, `component` and `contract` need nothing but Node; `oracle`, `integration`, `tours` and `cloud` need the sandbox. */
const project = (name, more = {}) => ({
  displayName: name,
  rootDir: __dirname,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/dist/"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.pulumi-home/"],
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  moduleNameMapper: {
    "^(\\.{1,2}/.*)\\.js$": "$1",
    // Examples import the package by its name.
    "^pulumi-ceph-openstack$": "<rootDir>/index",
    "^\\./automation$": "<rootDir>/test/support/lazy-sdk/automation.cjs",
    "^(?:\\.{1,2}/)+typescript-shim$": "<rootDir>/test/support/lazy-sdk/typescript.cjs",
    "^@npmcli/arborist$": "<rootDir>/test/support/lazy-sdk/arborist.cjs",
  },
  ...more,
});

const engine = { testEnvironment: "<rootDir>/test/support/engine-environment.cjs" };

module.exports = {
  // A limit for what hangs: a machine that is busy with other things is ten times slower.
  testTimeout: 120_000,
  // Jest leaves a core free; most tests wait for processes.
  maxWorkers: "100%",
  projects: [
    project("unit"),
    project("component"),
    project("contract"),
    project("histories"),
    project("oracle"),
    project("integration", engine),
    // One life on whatever generation the sandbox is of: `npm run test:generations`.
    project("generations", engine),
    // Options against a series' own code from the Python index: `npm run test:series`.
    project("series"),
    // The same life on releases that the machine is not of, each in a sandbox of its own.
    project("tours", engine),
    // The real services of OpenStack in a sandbox of its own; alone: `npm run test:cloud`.
    project("cloud", engine),
  ],
};
