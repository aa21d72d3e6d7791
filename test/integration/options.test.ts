/** The linter on the distribution's own files, where it must say nothing, and by the real engine, where it warns before anything is asked of a host. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { CephOpenStackIntegration } from "../../index";
import { lintSection, type GivenOption } from "../../providers/formats/openstack/lint";
import type { Project } from "../../providers/formats/openstack/index";
import { cluster, good, lifeStack } from "../support/lifecycle";
import { on, type HostName } from "../support/hosts";

const FILES: readonly (readonly [Project, host: HostName, path: string])[] = [
  ["glance", "ctl1", "/etc/glance/glance-api.conf"],
  ["cinder", "vol1", "/etc/cinder/cinder.conf"],
  ["nova", "cmp1", "/etc/nova/nova.conf"],
];

/** What the distribution's files have and the projects' releases have not: a patch of Debian's, and names that Cinder dropped in Stein. */
const DISTRIBUTION = [
  "[workarounds] disable_deep_image_inspection",
  "[lvm] iscsi_protocol",
  "[lvm] iscsi_helper",
];

const OPTION = /^(?<mark>#?)(?<name>[a-zA-Z_][\w-]*) ?= ?(?<value>.*)$/;

/** An option that is set; with `samples` one that stands there as a comment, too, without its value. */
const optionOf = (line: string, samples: boolean): GivenOption[] => {
  const { mark, name = "", value } = OPTION.exec(line)?.groups ?? {};
  if (mark === "") return [{ name, value }];
  return mark === "#" && samples ? [{ name, value: undefined }] : [];
};

/** Options by section. */
const optionsOf = (text: string, samples: boolean): Map<string, GivenOption[]> => {
  const found = new Map<string, GivenOption[]>();
  let section = "DEFAULT";
  for (const line of text.split("\n")) {
    section = /^\[(.+)\]/.exec(line)?.[1] ?? section;
    const options = optionOf(line, samples);
    if (options.length > 0) found.set(section, [...(found.get(section) ?? []), ...options]);
  }
  return found;
};

const said = (project: Project, all: ReadonlyMap<string, readonly GivenOption[]>): string[] =>
  [...all].flatMap(([section, options]) =>
    lintSection({ project, series: "zed" }, section, options).map(
      ({ option, text }) => `[${section}] ${option} ${text}`,
    ),
  );

describe("the distribution's own files of Zed", () => {
  test.each(FILES)(
    "of %s set nothing that is warned about, and name no option that is not known",
    async (project, host, path) => {
      const text = await on(host, `cat ${path}`);
      expect(
        said(project, optionsOf(text, false)).filter(
          (line) => !DISTRIBUTION.some((one) => line.startsWith(one)),
        ),
      ).toEqual([]);
      const samples = optionsOf(text, true);
      expect([...samples.values()].flat().length).toBeGreaterThan(500);
      const unknown = said(project, samples).filter((line) =>
        / is no | came with | is gone | is not read /.test(line),
      );
      expect(unknown.filter((line) => !DISTRIBUTION.some((one) => line.startsWith(one)))).toEqual([]);
    },
  );
});

const folder = mkdtempSync(join(tmpdir(), "options-"));
const touched = join(folder, "touched");
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a preview warns of an option that its release has not, once for all hosts, and asks no host", async () => {
  const config = join(folder, "ssh_config");
  writeFileSync(config, `Host *\n  ProxyCommand touch ${touched}\n`);
  const program = () =>
    new CephOpenStackIntegration("cloud", {
      cluster: cluster(),
      openstackRelease: "zed",
      manage: false,
      cinder: { hosts: ["vol1"], options: { lvm: { volume_group: "vg" } } },
      nova: {
        hosts: ["cmp1", "cmp2"],
        options: { libvirt: { imges_type: "rbd", hw_disk_discard: "unmap" } },
      },
    });
  const stack = await lifeStack("options", program, { env: { CEPH_OPENSTACK_SSH_CONFIG: config } });
  try {
    const { output } = good(await stack.preview());
    // The engine says each once as it comes, and once in its summary.
    const warned = [...output.matchAll(/(?:\/\S+ )?\[\w+\] (?:imges_type is|is read by) .*/g)].map(([line]) =>
      line.trim(),
    );
    expect([...new Set(warned)].sort()).toEqual([
      '/etc/nova/nova.conf [libvirt] imges_type is no option of Nova of Zed here; did you mean images_type? (silence: "libvirt/imges_type")',
      '[lvm] is read by nobody: enabled_backends names ceph (silence: "[lvm]")',
    ]);
    expect(warned).toHaveLength(4);
    expect(output).not.toContain("hw_disk_discard");
    expect(existsSync(touched)).toBe(false);
  } finally {
    await stack.remove();
  }
}, 120_000);
