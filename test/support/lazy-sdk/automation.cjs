"use strict";

// In Jest, in the place of the SDK's own `automation`.
module.exports = require("./lazy.cjs").lazy(() => require("@pulumi/pulumi/automation"));
