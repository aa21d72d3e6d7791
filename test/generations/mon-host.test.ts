/** Monitors of one protocol, of IPv6 and on ports of their own, as each generation prints them: what is written from that leads its clients there. */
import { afterAll, expect, test } from "@jest/globals";
import { CephAuthEntity, CephConfigFile, CephKeyringFile } from "../../index";
import { on } from "../support/hosts";
import { good, lifeStack, steps } from "../support/lifecycle";
import { both, ipv4, ipv6, secondCluster, type SecondCluster } from "../support/second-cluster";

const ENTITY = "client.form";
const FORMS: readonly (readonly [string, () => string, RegExp])[] = [
  ["v1 alone", () => `v1:${ipv4(3)}:6789`, /^(v1:)?[\d.]+:6789\/0$/],
  ["v2 alone", () => `v2:${ipv4(3)}:3300`, /^\[?v2:[\d.]+:3300\/0\]?$/],
  ["IPv6", () => both(ipv6(3)), /^\[v2:\[fd00:c05::3\]:3300\/0,v1:\[fd00:c05::3\]:6789\/0\]$/],
  ["IPv6 and v1 alone", () => `v1:${ipv6(3)}:6789`, /^(v1:)?\[fd00:c05::3\]:6789\/0$/],
  [
    "ports of its own",
    () => `[v2:${ipv4(3)}:3301,v1:${ipv4(3)}:6790]`,
    /^\[v2:[\d.]+:3301\/0,v1:[\d.]+:6790\/0\]$/,
  ],
];

let second: SecondCluster | undefined;
afterAll(() => second?.remove(), 60_000);

test.each(FORMS)(
  "%s is written as the cluster prints it, read back as the same, and found by the host's own client",
  async (_, addresses, form) => {
    const made = await secondCluster("site2", { a: addresses() });
    second = made;
    const { cluster } = made;
    const stack = await lifeStack("forms", () => {
      const entity = new CephAuthEntity("entity", { cluster, entity: ENTITY, caps: { mon: "allow r" } });
      new CephKeyringFile("keyring", { host: "cmp1", cluster, entity: entity.entity, owner: "nova" });
      new CephConfigFile("conf", { host: "cmp1", cluster });
    });
    try {
      expect(steps(good(await stack.up()))).toEqual(["create conf", "create entity", "create keyring"]);
      const written = (await on("cmp1", "sed -n 's/^mon_host = //p' /etc/ceph/site2.conf")).trim();
      expect(written).toBe(await made.monHost());
      expect(written).toMatch(form);
      expect(await on("cmp1", `timeout 60 ceph --cluster site2 -n ${ENTITY} fsid`)).toBe(`${cluster.fsid}\n`);
      good(await stack.up({ refresh: true, expectNoChanges: true }));
      good(await stack.destroy());
    } finally {
      await stack.remove();
    }
  },
  240_000,
);
