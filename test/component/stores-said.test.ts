/** What is said of Glance's stores: the names that its file has, and one warning for one fault. */
import { expect, test } from "@jest/globals";
import { CephOpenStackIntegration, type CephOpenStackIntegrationArgs } from "../../index";
import { planOf } from "../../components/plan/plan";
import { integrationTopology } from "../../components/topology/integration";
import { lintSection } from "../../providers/formats/openstack/lint";
import { judged } from "../../providers/formats/openstack/given";
import { registered } from "../support/mocks";

const args: CephOpenStackIntegrationArgs = {
  cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
  openstackRelease: "zed",
  glance: { hosts: ["ctl1"], stores: [{ name: "ceph", pool: "images" }] },
};

test.each([
  ["zed", undefined, ["ceph"]],
  ["train", undefined, ["ceph"]],
  ["queens", undefined, ["rbd"]],
  ["zed", "classic", ["rbd"]],
] as const)("of %s, compat %s, the store is called %j", async (openstackRelease, compat, names) => {
  const seen: unknown[] = [];
  await registered(() => {
    const more = compat === undefined ? {} : { compat };
    const rbd = new CephOpenStackIntegration("rbd", { ...args, ...more, openstackRelease });
    rbd.glanceStores.apply((stores) => seen.push(stores));
    return rbd;
  });
  expect(seen).toEqual([names]);
});

test.each(["stores", "default_store"])(
  "[glance_store] %s beside several stores is warned of once",
  (option) => {
    const glance = { hosts: ["ctl1"], options: { glance_store: { [option]: "rbd" } } };
    const { entries, warnings } = planOf(integrationTopology("rbd", { ...args, glance }));
    const said = entries.flatMap((entry) => {
      if (entry.kind !== "ConfigSection" || entry.args.section !== "glance_store") return [];
      const given = Object.entries(entry.args.options ?? {}).map(([name, value]) => ({
        name,
        value: judged(value),
      }));
      return lintSection({ project: "glance", series: "zed" }, "glance_store", given).map((one) => one.text);
    });
    expect([...warnings, ...said]).toEqual([
      expect.stringMatching(
        /is deprecated since .* and will be removed; beside \[DEFAULT\] enabled_backends it is passed over/,
      ),
    ]);
  },
);
