"use strict";
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");

// A constant provider text, as the library's own: the closure serialiser has no part in it.
const provider =
  "const s=JSON.stringify;exports.handler=()=>({check:async(o,n)=>({inputs:n,failures:[]})," +
  "diff:async(i,o,n)=>({changes:s(o.all)!==s(n.all)}),create:async(n)=>({id:n.name,outs:n})," +
  "update:async(i,o,n)=>({outs:n}),read:async(id,props)=>({id,props}),delete:async()=>{}});";

const job = JSON.parse(readFileSync(process.env.BENCH_JOB, "utf8"));
for (const { name, kind, inputs } of job.resources)
  if (kind === undefined) new pulumi.ComponentResource("bench:index:Component", name);
  else {
    const all = Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== "__provider"));
    const props = { __provider: provider, name, all };
    new pulumi.CustomResource("pulumi-nodejs:dynamic/bench:Nothing", name, props);
  }
