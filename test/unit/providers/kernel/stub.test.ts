import { expect, test } from "@jest/globals";
import { stub, typeToken } from "../../../../providers/kernel/stub.js";

test("the stub is frozen for ever: every stored state holds this text", () => {
  expect(stub("CephPool")).toBe(
    'exports.handler=()=>{const n="pulumi-ceph-openstack/provider";let m;try{m=require("module").createRequire(process.cwd()+"/_")(n)}' +
      'catch(e){try{m=require.main.require(n)}catch{throw e}}return m.provider("CephPool",1)};',
  );
});

test("type tokens are frozen for ever", () => {
  expect(typeToken("ConfigSection")).toBe("pulumi-nodejs:dynamic/ceph-openstack:ConfigSection");
});
