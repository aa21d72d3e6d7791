import { expect, test } from "@jest/globals";

import { parseMinimalConf } from "../../../../providers/formats/minimal-conf.js";

const FSID = "d1a7f7e6-6f0e-4a1c-9f4e-5f4b1a2c3d4e";

test("the output of Ceph 16 names the cluster and its monitors", () => {
  const text = `# minimal ceph.conf for ${FSID}\n[global]\n\tfsid = ${FSID}\n\tmon_host = [v2:127.0.1.1:3300/0,v1:127.0.1.1:6789/0] [v2:[fd00::2]:3300/0,v1:[fd00::2]:6789/0]\n`;
  expect(parseMinimalConf(text)).toEqual({
    fsid: FSID,
    monHost: "[v2:127.0.1.1:3300/0,v1:127.0.1.1:6789/0] [v2:[fd00::2]:3300/0,v1:[fd00::2]:6789/0]",
  });
});

test.each(["", "[global]\n", `[global]\n\tfsid = ${FSID}\n`, `[global]\n\tmon_host = 127.0.1.1\n`])(
  "output that lacks one of them is no answer (%#)",
  (text) => {
    expect(parseMinimalConf(text)).toBeUndefined();
  },
);
