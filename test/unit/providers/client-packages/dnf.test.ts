import { describe, expect, test } from "@jest/globals";
import { ownerOf } from "../../../support/run-of";
import { fakeDnf } from "../../../support/fake-dnf";
import { packagesSite } from "../../../support/packages-site";

/** The same host without a dpkg. */
const dnfSite = () => {
  const site = packagesSite();
  const dnf = fakeDnf(site.host.root);
  const { run } = site.host;
  const withoutDpkg: typeof run = (request) =>
    run({
      ...request,
      program: { ...request.program, text: request.program.text.replaceAll("dpkg-query", "no-dpkg-query") },
    });
  site.host.run = withoutDpkg;
  const ran = () => site.apt.ran().filter((line) => line.startsWith("dnf "));
  return { ...site, dnf, ran };
};

describe("on a host with dnf, packages", () => {
  test("that are missing are installed, are recorded, and go by a destroy that removes", async () => {
    const { host, apt, of, inputs, ran } = dnfSite();
    const made = await of().create(inputs({ roles: ["rbd-python"], onDelete: "remove" }));
    expect(made.outs["state"]).toBe("installed");
    expect(apt.installed()).toEqual(["ceph-common", "python3-rados", "python3-rbd"]);
    expect(ran().at(-1)).toContain("--setopt=install_weak_deps=False");
    const before = host.ran.length;
    await of().refresh(made);
    expect(host.ran.slice(before)).toEqual(["packages-look"]);
    expect(host.records()).toHaveLength(1);
    await of().remove(made);
    expect([apt.installed(), host.records()]).toEqual([[], []]);
  });

  test("that are there are one look, no dnf and no record", async () => {
    const { host, apt, of, inputs, ran } = dnfSite();
    apt.put("ceph-common", "2:16.2.15-1.el9");
    const desired = inputs({ version: "16.2", onDelete: "remove" });
    const made = await of().create(desired);
    expect([host.ran, host.records(), ran()]).toEqual([["packages-look"], [], []]);
    await of().remove(made);
    expect(apt.installed()).toEqual(["ceph-common"]);
  });

  test("are of the newest version that begins with the pin", async () => {
    const { apt, of, inputs } = dnfSite();
    await of().create(inputs({ packages: ["python3-rbd"], version: "16.2" }));
    expect(apt.version("python3-rbd")).toBe("16.2.20");
    await expect(of(ownerOf("b")).create(inputs({ version: "17" }))).rejects.toThrow(
      /no ceph-common of version 17; they have 18\.2\.4, 16\.2\.15; nothing was installed/,
    );
  });

  test("that need an upgrade of what is there are refused before anything is touched", async () => {
    const { apt, host, of, inputs } = dnfSite();
    apt.put("librbd1", "16.2.15");
    apt.offer("ceph-common", "18.2.4 librbd1=18.2.4");
    await expect(of().create(inputs())).rejects.toThrow(
      /would upgrade librbd1 to 18\.2\.4; ClientPackages never upgrades and never removes/,
    );
    expect([apt.installed(), host.records()]).toEqual([["librbd1"], []]);
  });

  test("that come to need an upgrade after the plan are not installed either", async () => {
    const { apt, host, of, inputs } = dnfSite();
    apt.put("librbd1", "16.2.15");
    host.before = (request) => {
      if (request.program.name === "packages-change") apt.offer("ceph-common", "18.2.4 librbd1=18.2.4");
      return request;
    };
    await expect(of().create(inputs())).rejects.toThrow(
      /filtered out by exclude filtering[^]*never upgrades/,
    );
    expect([apt.installed(), host.records()]).toEqual([["librbd1"], []]);
  });

  test("that no repository has, and a repository that is broken, are errors of their own", async () => {
    const { apt, of, inputs } = dnfSite();
    await expect(of().create(inputs({ packages: ["nope"] }))).rejects.toThrow(
      /package indices have no nope; nothing was installed\n(?!.*apt-get).*dnf makecache --refresh/,
    );
    apt.failWith(
      "Error: Failed to download metadata for repo 'ceph': Cannot download repomd.xml: https://ops:s3cret@mirror/x?token=abcd",
    );
    const error = await of()
      .create(inputs())
      .then(String, (reason: unknown) => (reason instanceof Error ? reason.message : ""));
    expect(error).toMatch(/dnf there cannot use its repository ceph; nothing was installed/);
    expect(error).not.toMatch(/s3cret|abcd/);
  });

  test("that others need stay at a destroy that removes, and are named", async () => {
    const { apt, of, inputs } = dnfSite();
    const plain = await of().create(inputs({ onDelete: "remove" }));
    apt.offer("nova", "1 ceph-common");
    apt.put("nova", "1");
    await of().remove(plain);
    expect(apt.installed()).toEqual(["ceph-common", "nova"]);
  });
});

describe("what another installer brings while ours waits for the lock is not ours, and stays at a destroy", () => {
  const desired = { packages: ["ceph-common", "python3-rbd"], onDelete: "remove" };

  test("with dnf", async () => {
    const { apt, dnf, host, of, inputs } = dnfSite();
    dnf.arrive("ceph-common", "18.2.4");
    const made = await of().create(inputs(desired));
    expect([dnf.hasArrived(), apt.installed()]).toEqual([true, ["ceph-common", "python3-rbd"]]);
    await of().remove(made);
    expect([apt.installed(), host.records()]).toEqual([["ceph-common"], []]);
  });

  test("with APT", async () => {
    const { apt, host, of, inputs } = packagesSite();
    host.before = (request) => {
      if (request.program.name === "packages-change") apt.put("ceph-common", "18.2.4");
      return request;
    };
    const made = await of().create(inputs(desired));
    host.before = (request) => request;
    expect(apt.installed()).toEqual(["ceph-common", "python3-rbd"]);
    await of().remove(made);
    expect([apt.installed(), host.records()]).toEqual([["ceph-common"], []]);
  });

  test.each(["packages-change", "packages-forget-brought"])(
    "also where the provider is killed after %s, and what we brought goes",
    async (last) => {
      const { apt, dnf, host, of, inputs } = dnfSite();
      dnf.arrive("ceph-common", "18.2.4");
      const names: string[] = [];
      host.before = (request, count) => {
        names[count] = request.program.name;
        return request;
      };
      host.after = (result, count) => {
        if (names[count] === last) throw new Error("the provider was killed");
        return result;
      };
      await expect(of().create(inputs(desired))).rejects.toThrow("killed");
      host.after = (result) => result;
      await of().remove(await of().create(inputs(desired)));
      expect(apt.installed()).toEqual(["ceph-common"]);
    },
  );
});
