"use strict";

// In Jest, in the place of `@npmcli/arborist`.
module.exports = require("./lazy.cjs").lazy(() => require("@npmcli/arborist/lib/index.js"));
