"use strict";

// For processes of the engine's, by `node --require`. `packaging.test.ts` has the SDK as it is.
const Module = require("node:module");
const { sep } = require("node:path");
const { lazy } = require("./lazy.cjs");

const LATE = new Set(["typescript", "@npmcli/arborist", "./automation"]);
const sdk = `${sep}@pulumi${sep}pulumi${sep}`;
const load = Module._load;

Module._load = function (request, parent, ...more) {
  if (!LATE.has(request) || !parent?.filename?.includes(sdk))
    return load.call(this, request, parent, ...more);
  const file = Module._resolveFilename(request, parent); // what is not there fails now, as ever
  return lazy(() => load.call(this, file, parent, ...more));
};
