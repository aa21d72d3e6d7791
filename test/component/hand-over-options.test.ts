/** Options of the program's own that another tool is handed: what they enable is enabled, what is wrong with them is said, and nothing is thrown away. */
import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import type { CephOpenStackIntegrationArgs } from "../../index";
import { planFor } from "../../components/plan/plan";
import { integrationTopology } from "../../components/topology/integration";
import { handedOver } from "../support/handed-over";

const lvm = { volume_driver: "cinder.volume.drivers.lvm.LVMVolumeDriver", volume_group: "vg" };
const args: CephOpenStackIntegrationArgs = {
  cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
  openstackRelease: "2025.1",
  glance: { hosts: [] },
  cinder: { hosts: [], options: { DEFAULT: { enabled_backends: "lvm,ceph" }, lvm } },
  nova: { hosts: [] },
};

const made = async (more: Partial<CephOpenStackIntegrationArgs>) => {
  const { handOver, inputs } = await handedOver({ ...args, ...more });
  if (handOver === undefined) throw new Error("nothing is handed over");
  return { handOver, inputs };
};

describe("a backend of another driver that cinder.options enable", () => {
  test("is enabled by the file that Kolla-Ansible merges, with a word on what that replaces", async () => {
    const { handOver, inputs } = await made({ layout: "kolla", deploymentHost: "deploy" });
    expect(handOver.options["/etc/kolla/config/cinder/cinder-volume.conf"]).toMatchObject({
      DEFAULT: { enabled_backends: "lvm,ceph" },
      lvm: { volume_group: "vg" },
    });
    expect(inputs("rbd-deploy-kolla-cinder-cinder-volume.conf-DEFAULT")).toMatchObject({
      options: { enabled_backends: "lvm,ceph" },
    });
    expect(handOver.notes.join("\n")).toContain("cinder.options say enabled_backends");
  });

  test("is one of cinder_backends of OpenStack-Ansible, and of nothing else", async () => {
    const { handOver } = await made({ layout: "osa" });
    const values = handOver.values["user_variables.yml"] ?? {};
    expect(values["cinder_backends"]).toMatchObject({ lvm, ceph: { rbd_pool: "volumes" } });
    expect(values).not.toHaveProperty("cinder_cinder_conf_overrides");
  });

  test("is enabled in the chart's file", async () => {
    const { handOver } = await made({ layout: "helm" });
    expect(handOver.values["cinder.yaml"]).toMatchObject({
      conf: { cinder: { DEFAULT: { enabled_backends: "lvm,ceph" }, lvm: { volume_group: "vg" } } },
    });
  });

  test("is a volume service of its own in EDPM", async () => {
    const { handOver } = await made({ layout: "edpm" });
    const text = JSON.stringify(handOver.values["openstackcontrolplane.yaml"]);
    const { spec } = JSON.parse(text) as {
      spec: { cinder: { template: { cinderVolumes: Record<string, { customServiceConfig: string }> } } };
    };
    const { cinderVolumes } = spec.cinder.template;
    expect(Object.keys(cinderVolumes)).toEqual(["lvm", "ceph"]);
    expect(cinderVolumes["lvm"]?.customServiceConfig).toContain("enabled_backends = lvm\n");
    expect(cinderVolumes["lvm"]?.customServiceConfig).toContain("[lvm]\n");
    expect(cinderVolumes["lvm"]?.customServiceConfig).not.toContain("[ceph]");
    expect(cinderVolumes["ceph"]?.customServiceConfig).toContain("enabled_backends = ceph\n");
    expect(cinderVolumes["ceph"]?.customServiceConfig).not.toContain("[lvm]");
  });

  test("may be known late", async () => {
    const options = { DEFAULT: { enabled_backends: pulumi.output(["ceph", "lvm"]) }, lvm };
    const { handOver } = await made({ layout: "osa", cinder: { hosts: [], options } });
    expect(handOver.values["user_variables.yml"]?.["cinder_backends"]).toMatchObject({ lvm });
  });

  test.each(["osa", "helm", "edpm"] as const)("%s is told where nothing says what it is", async (layout) => {
    const options = { DEFAULT: { enabled_backends: "ceph,nfs" } };
    const { handOver } = await made({ layout, cinder: { hosts: [], options } });
    expect(handOver.notes.join("\n")).toContain(
      "enabled_backends names nfs, and cinder.options give no [nfs]",
    );
  });
});

test("a store of another kind that glance.options enable is enabled in Kolla-Ansible and OpenStack-Ansible", async () => {
  const options = {
    DEFAULT: { enabled_backends: "rbd:rbd,disk:file" },
    glance_store: { default_backend: "disk" },
    disk: { filesystem_store_datadir: "/srv/images" },
  };
  const glance = { hosts: [], stores: [{ name: "rbd", pool: "images" }], options };
  const kolla = await made({ layout: "kolla", glance });
  expect(kolla.handOver.options["/etc/kolla/config/glance/glance-api.conf"]).toMatchObject(options);
  const osa = await made({ layout: "osa", glance });
  expect(osa.handOver.values["user_variables.yml"]?.["glance_glance_api_conf_overrides"]).toMatchObject(
    options,
  );
});

test("without options of one's own the tools' lists are left to them", async () => {
  const { handOver } = await made({ layout: "kolla", cinder: { hosts: [] } });
  expect(handOver.options["/etc/kolla/config/cinder/cinder-volume.conf"]).not.toHaveProperty("DEFAULT");
  expect(handOver.notes.join("\n")).not.toContain("options say");
});

describe("cephConf", () => {
  const cephConf = { client: { rbd_cache: false } };

  test.each(["helm", "edpm"] as const)(
    "is refused with %s, whose ceph.conf a command prints",
    async (layout) => {
      await expect(made({ layout, cephConf })).rejects.toThrow(
        `cephConf is handed to nobody: with layout "${layout}" ceph.conf is what`,
      );
      const { handOver } = await made({ layout, cephConf: {} });
      expect(handOver.tool).toBe(layout);
    },
  );

  test.each(["kolla", "osa"] as const)(
    "is said to %s where nothing is written, else written",
    async (layout) => {
      const said = await made({ layout, cephConf });
      expect(said.handOver.notes).toContain(
        "ceph.conf is to hold what cephConf says too: [client] rbd_cache",
      );
      const written = await made({ layout, cephConf, deploymentHost: "deploy" });
      expect(written.handOver.notes.join("\n")).not.toContain("cephConf");
    },
  );
});

describe("each option is held against the release", () => {
  const wrong: Partial<CephOpenStackIntegrationArgs> = {
    nova: { hosts: [], options: { libvirt: { imges_type: "rbd" } } },
  };
  const said = (more: Partial<CephOpenStackIntegrationArgs>): string[] => [
    ...planFor("CephOpenStackIntegration", integrationTopology("rbd", { ...args, ...more })).warnings,
  ];

  test.each(["kolla", "osa", "helm", "edpm"] as const)("with %s", (layout) => {
    expect(said({ layout })).toEqual([]);
    expect(said({ layout, ...wrong }).join("\n")).toContain(
      "nova: [libvirt] imges_type is no option of Nova",
    );
    expect(said({ layout, ...wrong, silence: ["imges_type"] })).toEqual([]);
  });

  test("once, where a file with them is written", () => {
    expect(said({ layout: "kolla", deploymentHost: "deploy", ...wrong })).toEqual([]);
    expect(said({ layout: "osa", deploymentHost: "deploy", ...wrong })).toHaveLength(1);
  });

  test("and what cannot work is refused", () => {
    const nova = { hosts: [], options: { DEFAULT: { force_raw_images: false } } };
    expect(() => said({ layout: "helm", nova })).toThrow("force_raw_images");
  });
});
