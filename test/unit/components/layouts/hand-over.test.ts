import { describe, expect, test } from "@jest/globals";
import { handOver, handOverProblems } from "../../../../components/layouts/hand-over.js";
import { CEPH, CLASSIC, FAR, TWO_POOLS, UUID, withOptions } from "../../../support/topologies.js";

const paths = (files: readonly { readonly path: string }[]): string[] => files.map(({ path }) => path);

describe("OpenStack-Ansible", () => {
  test("keyrings are files by the user's name alone, and ceph.conf is looked up where it was written", () => {
    const { values, keyrings, confs } = handOver("osa", withOptions("epoxy", CLASSIC));
    expect(paths(keyrings)).toEqual(
      ["glance", "cinder", "cinder-backup"].map(
        (user) => `/etc/openstack_deploy/ceph-keyrings/${user}.keyring`,
      ),
    );
    expect(paths(confs)).toEqual(["/etc/openstack_deploy/ceph/ceph.conf"]);
    expect(values["user_variables.yml"]).toMatchObject({
      ceph_conf_file: "{{ lookup('file', '/etc/openstack_deploy/ceph/ceph.conf') }}",
      ceph_keyrings_dir: "/etc/openstack_deploy/ceph-keyrings",
      glance_default_store: "rbd",
      glance_rbd_store_pool: "images",
      cinder_backends: { ceph: { rbd_pool: "volumes", rbd_user: "cinder", rbd_secret_uuid: UUID } },
      cinder_service_backup_ceph_pool: "backups",
      nova_libvirt_images_rbd_pool: "vms",
      ceph_extra_components: [{ component: "cinder_backup", client: ["cinder"] }],
    });
    expect(values["user_secrets.yml"]).toEqual({ cinder_ceph_client_uuid: UUID });
  });

  test("several stores are mappings since 2024.1, beside those of the role's own", () => {
    const topology = withOptions("caracal", TWO_POOLS);
    expect(handOverProblems("osa", topology)).toEqual([]);
    expect(handOver("osa", topology).values["user_variables.yml"]).toMatchObject({
      glance_default_store: { name: "rbd", type: "rbd", config: { rbd_store_pool: "images" } },
      glance_additional_stores: [
        { name: "http", type: "http" },
        { name: "cinder", type: "cinder" },
        { name: "fast", type: "rbd", config: { rbd_store_pool: "images-fast" } },
      ],
    });
    expect(handOverProblems("osa", withOptions("antelope", TWO_POOLS))[0]).toContain("others need 2024.1");
  });

  test("a user of another cluster is an extra, with a secret of its own on computes", () => {
    const far = { name: "far", pool: "volumes", user: "cinder", cluster: FAR, secretUuid: FAR.fsid };
    const { values, keyrings } = handOver(
      "osa",
      withOptions("epoxy", { ...CLASSIC, backends: [...CLASSIC.backends, far] }),
    );
    expect(values["user_variables.yml"]).toMatchObject({
      ceph_extra_confs: [
        {
          cluster_name: "far",
          client_name: "cinder",
          src: "/etc/openstack_deploy/ceph/far.conf",
          keyring_src: "/etc/openstack_deploy/ceph-keyrings/far.client.cinder.keyring",
          keyring_dest: "/etc/ceph/far.client.cinder.keyring",
          secret_uuid: FAR.fsid,
        },
      ],
    });
    expect(paths(keyrings)).toContain("/etc/openstack_deploy/ceph-keyrings/far.client.cinder.keyring");
  });

  test("playbooks are of the collection since 2024.2", () => {
    expect(handOver("osa", withOptions("dalmatian", CLASSIC)).run).toContain(
      "openstack-ansible openstack.osa.cinder",
    );
    expect(handOver("osa", withOptions("caracal", CLASSIC)).run).toContain(
      "openstack-ansible os-cinder-install.yml",
    );
  });
});

describe("OpenStack-Helm", () => {
  test("nothing is left that would make keys or reset caps", () => {
    const { values, run } = handOver("helm", withOptions("gazpacho", CLASSIC));
    expect(values["glance.yaml"]).toMatchObject({ storage: "rbd", manifests: { job_storage_init: false } });
    expect(values["cinder.yaml"]).toMatchObject({
      manifests: { job_storage_init: false, job_backup_storage_init: false },
      ceph_client: { internal_ceph_backend: "ceph" },
      conf: {
        backends: { rbd1: null, ceph: { rbd_pool: "volumes", rbd_secret_uuid: UUID } },
        cinder: { DEFAULT: { enabled_backends: "ceph", backup_ceph_user: "cinder-backup" } },
      },
    });
    expect(values["libvirt.yaml"]).toEqual({
      conf: { ceph: { enabled: true, cinder: { user: "cinder", secret_uuid: UUID } } },
    });
    for (const chart of ["nova", "libvirt"])
      expect(run.find((command) => command.includes(`install ${chart} `))).toContain(
        "--set-file conf.ceph.cinder.keyring=<(ceph auth print-key client.cinder)",
      );
  });

  // Seen by `helm template cinder openstack-helm/cinder -f cinder.yaml` of the charts of 2026-08: backup_ceph_chunk_size = 1.34217728e+08
  test("numbers are text: the charts' engine would write great ones with an exponent", () => {
    const { values } = handOver("helm", withOptions("gazpacho", CLASSIC));
    expect(values["cinder.yaml"]).toMatchObject({
      conf: {
        cinder: { DEFAULT: { backup_ceph_chunk_size: "134217728", restore_discard_excess_bytes: true } },
        backends: { ceph: { rbd_max_clone_depth: "5", rados_connect_timeout: "-1" } },
      },
    });
  });

  test("a store of another name has the keyring's user in the section that the chart reads", () => {
    const stores = [{ name: "ceph1", pool: "images", user: "glance", cluster: CEPH }];
    const { values } = handOver("helm", withOptions("gazpacho", { ...CLASSIC, stores }));
    expect(values["glance.yaml"]).toMatchObject({
      conf: {
        glance: {
          DEFAULT: { enabled_backends: "ceph1:rbd" },
          rbd: { rbd_store_user: "glance" },
          ceph1: { rbd_store_pool: "images" },
        },
      },
    });
  });

  test("a second user or cluster is refused", () => {
    const backends = [
      ...CLASSIC.backends,
      { name: "far", pool: "volumes", user: "far", cluster: FAR, secretUuid: FAR.fsid },
    ];
    const problems = handOverProblems("helm", withOptions("gazpacho", { ...CLASSIC, backends }));
    expect(problems).toHaveLength(3);
    expect(problems[0]).toContain('by the name "ceph" alone, not "far"');
  });
});

describe("openstack-k8s-operators", () => {
  const secretUuid = CEPH.fsid;
  const uses = {
    ...CLASSIC,
    backends: CLASSIC.backends.map((one) => ({ ...one, secretUuid })),
    nova: { pool: "vms", user: "cinder", cluster: CEPH, secretUuid },
  };

  test("each backend is a service whose file has that backend alone", () => {
    const { values } = handOver(
      "edpm",
      withOptions("epoxy", {
        ...uses,
        backends: [...uses.backends, { name: "fast", pool: "f", user: "cinder", cluster: CEPH, secretUuid }],
      }),
    );
    const text = JSON.stringify(values["openstackcontrolplane.yaml"]);
    expect(text).toContain("[ceph]\\nvolume_driver");
    expect(text).toContain("enabled_backends = fast\\n");
    expect(text).not.toContain("enabled_backends = ceph,fast");
    expect(text).toContain('"secret":{"name":"ceph-conf-control-plane"}');
  });

  test("the ConfigMap of computes holds their options, and libvirt's secret is the fsid", () => {
    const { values } = handOver("edpm", withOptions("epoxy", uses));
    expect(values["ceph-nova.yaml"]).toMatchObject({ kind: "ConfigMap", metadata: { name: "ceph-nova" } });
    expect(JSON.stringify(values["ceph-nova.yaml"])).toContain(`rbd_secret_uuid = ${CEPH.fsid}\\n`);
    expect(handOverProblems("edpm", withOptions("epoxy", CLASSIC))[0]).toContain(
      `name libvirt's secret by the cluster's fsid, ${CEPH.fsid}, not ${UUID}`,
    );
    expect(handOverProblems("edpm", withOptions("epoxy", uses))).toEqual([]);
  });

  test("computes get a Secret with the keyring of one user", () => {
    const { run } = handOver("edpm", withOptions("epoxy", uses));
    const secret = run.find((command) => command.includes("generic ceph-conf-files"));
    expect(secret).toContain("ceph.client.cinder.keyring=");
    expect(secret).not.toContain("glance");
  });
});

test.each(["kolla", "osa", "helm", "edpm"] as const)(
  "%s: what is handed over holds no key, and is plain data",
  (tool) => {
    const all = handOver(tool, withOptions("epoxy", CLASSIC));
    expect(all.tool).toBe(tool);
    const parsed: unknown = JSON.parse(JSON.stringify(all));
    expect(parsed).toEqual(all);
    expect(JSON.stringify(all)).not.toMatch(/AQ[A-Za-z0-9+/]{30,}==/);
  },
);
