import { describe, expect, test } from "@jest/globals";
import { packagesSite } from "../../../support/packages-site";

describe("an installation that was killed", () => {
  const killed =
    "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem.";

  test("is ended by the next where all that is half-way is its own", async () => {
    const { apt, host, of, inputs } = packagesSite();
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
    const { apt, host, of, inputs } = packagesSite();
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

test("a password of a repository is not in the error of a lock", async () => {
  const { host, of, inputs, apt } = packagesSite();
  host.before = (request) => {
    if (request.program.name === "packages-change")
      apt.failWith("http://me:hunter2@mirror/ failed\nE: Could not get lock /var/lib/dpkg/lock-frontend");
    return request;
  };
  const making = of().create(inputs());
  await expect(making).rejects.toThrow(/another installer holds the lock[^]*:\/\/\[secret\]@mirror/);
  await expect(making).rejects.not.toThrow("hunter2");
});

test("a lock that is not free in time is an error that says what to look at", async () => {
  const { apt, host, of, inputs } = packagesSite();
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
