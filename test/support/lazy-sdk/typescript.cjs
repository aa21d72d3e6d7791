"use strict";

// In Jest, in the place of the SDK's own `typescript-shim`.
module.exports = require("./lazy.cjs").lazy(() => require("@pulumi/pulumi/typescript-shim"));
