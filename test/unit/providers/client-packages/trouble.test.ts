import { afterEach, describe, expect, test } from "@jest/globals";
import { clientPackages } from "../../../../providers/client-packages/index";
import { fakeApt } from "../../../support/fake-apt";
import { fakeHost, type FakeHost } from "../../../support/fake-host";
import { runOf } from "../../../support/run-of";

const hosts: FakeHost[] = [];
afterEach(() => hosts.splice(0).forEach((host) => host.dispose()));

const site = () => {
  const host = fakeHost({ name: "ctl1" });
  hosts.push(host);
  const apt = fakeApt(host.root);
  apt.offer("python3-rbd", "18.2.4", "16.2.20", "16.2.15");
  apt.offer("python3-rados", "18.2.4", "16.2.15");
  apt.offer("ceph-common", "18.2.4", "16.2.15");
  apt.offer("librbd1", "18.2.4", "16.2.15");
  apt.offer("qemu-block-extra", "7.2");
  const run = () => runOf({ ctl1: host });
  const of = (owner?: string) => run().of(clientPackages, owner);
  const inputs = (more: object = {}) => ({ host: "ctl1", packages: ["ceph-common"], ...more });
  return { host, apt, run, of, inputs };
};

describe("an installation that was killed", () => {
  const killed =
    "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem.";

  test("is ended by the next where all that is half-way is its own", async () => {
    const { apt, host, of, inputs } = site();
    host.after = (result) => {
      if (host.ran.at(-1) === "packages-change") throw new Error("the provider was killed");
      return result;
    };
    host.before = (request) =>
      request.program.name === "packages-change"
        ? { ...request, program: { ...request.program, text: "exit 137" } }
        : request;
    await expect(of().create(inputs())).rejects.toThrow("killed");
    apt.breakOff("ceph-common");
    apt.failWith(killed);
    host.after = (result) => result;
    host.before = (request) => {
      if (request.program.name === "packages-half-way")
        return { ...request, program: { ...request.program, text: "echo ceph-common; echo librbd1" } };
      if (request.program.name !== "packages-configure") return request;
      apt.failWith("");
      return { ...request, program: { ...request.program, text: ":" } };
    };
    // The simulation takes no lock, and does not hear of it.
    const { before } = host;
    host.before = async (request, count) => {
      if (request.program.name !== "packages-plan") return before(request, count);
      return {
        ...request,
        program: {
          ...request.program,
          text: "echo 'Inst librbd1 (18.2.4 x [all])'; echo 'Inst ceph-common (18.2.4 x [all])'",
        },
      };
    };
    await of().create(inputs());
    expect(apt.installed()).toEqual(["ceph-common"]);
    expect(host.ran).toContain("packages-configure");
  });

  test("of somebody else's is told with its cure, and is not touched", async () => {
    const { apt, host, of, inputs } = site();
    host.before = (request) => {
      const { name } = request.program;
      if (name === "packages-change") apt.failWith(killed);
      if (name !== "packages-half-way") return request;
      return { ...request, program: { ...request.program, text: "echo ceph-common; echo mysql-server" } };
    };
    await expect(of().create(inputs())).rejects.toThrow(
      /ended half-way there, not one of ours alone: ceph-common, mysql-server[^]*dpkg --configure -a/,
    );
    expect(host.ran).not.toContain("packages-configure");
  });
});

test("a lock that is not free in time is an error that says what to look at", async () => {
  const { apt, host, of, inputs } = site();
  host.before = (request) => {
    if (request.program.name === "packages-change")
      apt.failWith(
        "E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?",
      );
    return request;
  };
  await expect(of().create(inputs())).rejects.toThrow(
    /another installer holds the lock[^]*lock-frontend[^]*unattended-upgrades/,
  );
});
