import { describe, expect, test } from "@jest/globals";
import { clientPackages } from "../../../../providers/client-packages/index";
import { ownerOf } from "../../../support/run-of";
import { packagesSite } from "../../../support/packages-site";

describe("packages that are missing", () => {
  test("are installed, are looked at in one program, and stay on destroy", async () => {
    const { host, apt, of, inputs } = packagesSite();
    const made = await of().create(inputs({ roles: ["rbd-python"] }));
    expect(made.id).toBe("ctl1:packages");
    expect(apt.installed()).toEqual(["ceph-common", "python3-rados", "python3-rbd"]);
    expect(host.records()).toHaveLength(1);
    const before = host.ran.length;
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    expect(host.ran.slice(before)).toEqual(["packages-look"]);
    await of().remove(made);
    expect(apt.installed()).toEqual(["ceph-common", "python3-rados", "python3-rbd"]);
    expect(host.records()).toEqual([]);
  });

  test("are named by a refresh, and come back by an update", async () => {
    const { apt, of, inputs } = packagesSite();
    const made = await of().create(inputs({ roles: ["rbd-python"] }));
    apt.take("python3-rbd");
    const seen = await of().refresh(made);
    expect(seen?.outs["state"]).toBe("python3-rbd is missing");
    const again = await of().update(seen ?? made, inputs({ roles: ["rbd-python"] }));
    expect(again.outs).toEqual(made.outs);
    expect(apt.installed()).toContain("python3-rbd");
  });

  test("and that no index names are an error that says so, before anything is touched", async () => {
    const { apt, host, of, inputs } = packagesSite();
    await expect(of().create(inputs({ packages: ["ceph-common", "nope"] }))).rejects.toThrow(
      /packages ceph-common,nope on ctl1: its package indices have no nope; nothing was installed\n(?!.*dnf).*apt-get update/,
    );
    expect([apt.installed(), host.records(), apt.ran(true)]).toEqual([[], [], []]);
  });

  test("and that APT takes for a pattern, or for what others provide, are an error that says what would come", async () => {
    const { apt, host, of, inputs } = packagesSite();
    host.before = (request) =>
      request.program.name === "packages-plan"
        ? {
            ...request,
            program: {
              ...request.program,
              text: 'for n in 0 1; do echo "Inst python3.1$n (1 test [all])"; done',
            },
          }
        : request;
    await expect(of().create(inputs({ packages: ["python3.1"] }))).rejects.toThrow(
      /no package that is called python3\.1; for what was asked they would bring python3\.10, python3\.11; nothing was installed/,
    );
    expect([apt.ran(true), host.records()]).toEqual([[], []]);
  });

  test("and that could not be installed are not ours when somebody else installs them then", async () => {
    const { apt, host, of, inputs } = packagesSite();
    const desired = inputs({ onDelete: "remove" });
    host.before = (request) => {
      if (request.program.name === "packages-change") apt.failWith("E: Failed to fetch http://mirror/ceph");
      return request;
    };
    await expect(of().create(desired)).rejects.toThrow(/Failed to fetch/);
    expect(host.records()).toEqual([]);
    host.before = (request) => request;
    apt.failWith("");
    apt.put("ceph-common", "18.2.4");
    await of().remove(await of().create(desired));
    expect(apt.installed()).toEqual(["ceph-common"]);
  });

  test("and would bring an upgrade with them are refused, and it is said which", async () => {
    const { apt, host, of, inputs } = packagesSite();
    apt.offer("nova-thing", "1 librbd1");
    apt.put("nova-thing", "0");
    await expect(of().create(inputs({ packages: ["ceph-common"] }))).resolves.toBeDefined();
    host.before = (request) =>
      request.program.name === "packages-plan"
        ? {
            ...request,
            program: { ...request.program, text: "echo 'Inst librbd1 [16.2.15] (18.2.4 x [amd64])'" },
          }
        : request;
    await expect(of(ownerOf("b")).create(inputs({ packages: ["qemu-block-extra"] }))).rejects.toThrow(
      /would upgrade librbd1 16\.2\.15 to 18\.2\.4; ClientPackages never upgrades/,
    );
    expect(apt.installed()).not.toContain("qemu-block-extra");
  });
});

describe("packages that are there", () => {
  test("are no change, no record and one program", async () => {
    const { apt, host, of, inputs } = packagesSite();
    apt.put("ceph-common", "16.2.15");
    const made = await of().create(inputs());
    expect([host.ran, host.records(), apt.ran(true)]).toEqual([["packages-look"], [], []]);
    await of().update({ ...made, outs: { ...made.outs, __failed: true } }, inputs());
    expect([host.ran, apt.version("ceph-common")]).toEqual([["packages-look", "packages-look"], "16.2.15"]);
  });

  test("and that nobody of ours installed stay, whatever a destroy is to remove", async () => {
    const { apt, of, inputs } = packagesSite();
    apt.put("ceph-common", "16.2.15");
    const desired = inputs({ roles: ["qemu-rbd"], onDelete: "remove" });
    await of().remove(await of().create(desired));
    expect(apt.installed()).toEqual(["ceph-common"]);
  });

  test("and half-way in somebody else's installation are not ours when it is ended", async () => {
    const { apt, of, inputs } = packagesSite();
    apt.breakOff("ceph-common");
    const made = await of().create(inputs({ onDelete: "remove" }));
    expect(apt.installed()).toEqual(["ceph-common"]);
    await of().remove(made);
    expect(apt.installed()).toEqual(["ceph-common"]);
  });

  test("and whose triggers are due are there", async () => {
    const { apt, host, of, inputs } = packagesSite();
    host.before = (request) => ({
      ...request,
      program: { ...request.program, text: "printf 'apt\\n\\nceph-common\\tit \\t16.2.15\\n'" },
    });
    expect((await of().create(inputs())).outs["state"]).toBe("installed");
    expect(apt.ran(true)).toEqual([]);
  });

  test("of another version than is desired are an error, and a difference in a refresh", async () => {
    const { apt, of, inputs } = packagesSite();
    apt.put("ceph-common", "16.2.20");
    await expect(of().create(inputs({ version: "16.2.2" }))).rejects.toThrow(
      /ceph-common 16\.2\.20 is installed, and version 16\.2\.2 is desired; ClientPackages never upgrades/,
    );
    const made = await of().create(inputs({ version: "16.2" }));
    apt.put("ceph-common", "18.2.4");
    expect((await of().refresh(made))?.outs["state"]).toBe("ceph-common is 18.2.4, not 16.2");
    expect(apt.ran(true)).toEqual([]);
  });
});

describe("a version", () => {
  test("chooses the newest that begins with it, and says nothing of QEMU's driver", async () => {
    const { apt, of, inputs } = packagesSite();
    await of()
      .create(inputs({ packages: ["python3-rbd"], roles: ["qemu-rbd"], version: "16.2.1" }))
      .then(
        () => expect("it").toBe("refused"),
        (error: unknown) =>
          expect(error instanceof Error ? error.message : "").toMatch(
            /no python3-rbd of version 16\.2\.1; they have 18\.2\.4/,
          ),
      );
    await of().create(inputs({ packages: ["python3-rbd"], roles: ["qemu-rbd"], version: "16.2" }));
    expect([apt.version("python3-rbd"), apt.version("qemu-block-extra")]).toEqual(["16.2.20", "7.2"]);
  });
});

describe("a destroy that removes", () => {
  test("leaves what other packages need, says so, and removes the rest", async () => {
    const { apt, run, of, inputs } = packagesSite();
    const made = await of().create(inputs({ roles: ["qemu-rbd"], onDelete: "remove" }));
    apt.offer("nova-compute", "1 ceph-common");
    apt.put("nova-compute", "1");
    const last = run();
    await last.of(clientPackages).remove(made);
    expect(apt.installed()).toEqual(["ceph-common", "nova-compute"]);
    expect(last.said.join()).toMatch(
      /ctl1: ceph-common stay: others, which this resource did not install, need them/,
    );
  });

  test("leaves one in whose place APT would install another", async () => {
    const { apt, host, of, inputs } = packagesSite();
    const made = await of().create(inputs({ onDelete: "remove" }));
    host.before = (request) =>
      request.program.name === "packages-plan"
        ? {
            ...request,
            program: {
              ...request.program,
              text: "echo 'Remv ceph-common [18.2.4]'; echo 'Inst ceph-other (1 test [all])'",
            },
          }
        : request;
    await of().remove(made);
    expect(apt.installed()).toEqual(["ceph-common"]);
  });

  test("leaves what another stack wants too, which then is that one's, and says so", async () => {
    const { apt, host, run, of, inputs } = packagesSite();
    const desired = inputs({ onDelete: "remove" });
    const [one, two] = [ownerOf("one", "site/one"), ownerOf("two", "site/two")];
    const [installed, wants] = [await of(one).create(desired), await of(two).create(desired)];
    const last = run();
    await last.of(clientPackages, one).remove(installed);
    expect(apt.installed()).toEqual(["ceph-common"]);
    expect(last.said.join("\n")).toContain(
      "ctl1: ceph-common stays: by its record there, two (X) of stack site/two wants it too",
    );
    await of(two).remove(wants);
    expect([apt.installed(), host.records()]).toEqual([[], []]);
  });

  test("takes what another stack wanted once, and wants no more", async () => {
    const { apt, of, inputs } = packagesSite();
    const desired = inputs({ onDelete: "remove" });
    const two = ownerOf("two", "site/two");
    const [installed, wants] = [await of().create(desired), await of(two).create(desired)];
    await of(two).update(wants, inputs({ onDelete: "remove", packages: ["librbd1"] }));
    await of().remove(installed);
    expect(apt.installed()).toEqual(["librbd1"]);
  });

  test("takes what was left out of the program with the update that leaves it out", async () => {
    const { apt, of, inputs } = packagesSite();
    const desired = { onDelete: "remove", roles: ["qemu-rbd"] };
    const made = await of().create(inputs(desired));
    await of().update(made, inputs({ onDelete: "remove" }));
    expect(apt.installed()).toEqual(["ceph-common"]);
  });

  test("takes nothing that another resource of the stack has taken over, or that another stack installed", async () => {
    const { apt, run, of, inputs } = packagesSite();
    const desired = inputs({ onDelete: "remove" });
    const made = await of(ownerOf("old")).create(desired);
    const next = run();
    const moved = await next.of(clientPackages, ownerOf("new")).create(desired);
    await next.of(clientPackages, ownerOf("old")).remove(made);
    await of(ownerOf("old")).remove(made);
    expect(apt.installed()).toEqual(["ceph-common"]);
    const other = ownerOf("x", "site/other");
    await of(other).remove(await of(other).create(desired));
    expect(apt.installed()).toEqual(["ceph-common"]);
    await of(ownerOf("new")).remove(moved);
    expect(apt.installed()).toEqual([]);
  });
});
