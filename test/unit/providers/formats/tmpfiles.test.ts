import { describe, expect, test } from "@jest/globals";
import { isVolatile, tmpfilesPath, tmpfilesText } from "../../../../providers/formats/tmpfiles";

describe("a line of tmpfiles.d", () => {
  test("names the directory below /run, where /var/run leads", () => {
    expect(tmpfilesText("/var/run/ceph/guests", { owner: "nova", group: "libvirt", mode: "2770" })).toBe(
      "d /run/ceph/guests 2770 nova libvirt -\n",
    );
  });

  test("leaves to tmpfiles what is not given", () => {
    expect(tmpfilesText("/run/x", {})).toBe("d /run/x - - - -\n");
  });

  test("quotes blanks and doubles per cent signs", () => {
    expect(tmpfilesText('/run/a b"%h', {})).toBe('d "/run/a b\\"%%h" - - - -\n');
  });

  test("has a file of its own for every path, also for two that read alike", () => {
    expect(tmpfilesPath("/run/a b")).not.toBe(tmpfilesPath("/run/a-b"));
    expect(tmpfilesPath("/run/ceph/guests")).toMatch(
      /^\/etc\/tmpfiles\.d\/pulumi-ceph-openstack-run-ceph-guests-[0-9a-f]{8}\.conf$/,
    );
  });

  test("is for paths in memory", () => {
    expect(["/run/x", "/var/run/x", "/srv/run/x", "/running"].map(isVolatile)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
