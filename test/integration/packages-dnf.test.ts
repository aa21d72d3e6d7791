/** Packages on a real host, by the real rpm and dnf, from a repository that the test makes there. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ClientPackages, type ClientPackagesInputs } from "../../index";
import type { TestStack } from "../support/engine";
import { on } from "../support/hosts";
import { upBehindInstaller } from "../support/installer-wait";
import { drifted, good, lifeStack, steps } from "../support/lifecycle";
import { becomesDebianHost, becomesRpmHost } from "../support/sandbox";

const HOST = "ctl1";
const RBD = "python3-rbd";
const QEMU = "qemu-kvm-block-rbd";
const NEWER = "pco-test-newer";

/** Packages as a role names them, without content; the last brings a service and wants to start it, another needs a newer library. */
const REPOSITORY = `set -e
mkdir -p /etc/rpm /etc/yum.repos.d /srv/pco-rpm/build; cd /srv/pco-rpm/build
echo '%_dbpath /var/lib/rpm' >/etc/rpm/macros
make() {
  { printf 'Name: %s\\nVersion: %s\\nRelease: 1\\nSummary: t\\nLicense: t\\nBuildArch: noarch\\n' "$1" "$2"
    case $3 in /*) echo "Provides: $3" ;; ?*) echo "Requires: $3" ;; esac
    printf '%%description\\nt\\n'
    if [ "$1" = ${QEMU} ]; then
      printf '%%install\\nmkdir -p %%{buildroot}/usr/lib/systemd/system\\nprintf "[Service]\\nExecStart=/bin/sleep 100000\\n" >%%{buildroot}/usr/lib/systemd/system/%s.service\\n' "$1"
      printf '%%post\\nsystemctl daemon-reload\\nsystemctl start %s.service || :\\n' "$1"
      printf '%%files\\n/usr/lib/systemd/system/%s.service\\n' "$1"
    else printf '%%files\\n'; fi; } >spec
  rpmbuild -bb --define '_rpmdir /srv/pco-rpm' --define '_topdir /srv/pco-rpm/build' spec >log 2>&1 || { cat log >&2; exit 1; }
}
make pco-test-shell 1 /bin/sh; make librbd1 1.0 ""; make librbd1 2.0 ""
make ${RBD} 1.2.15 librbd1; make ${RBD} 1.2.20 librbd1; make python3-rados 1.2.15 ""
make ${QEMU} 1 ${RBD}
make ${NEWER} 1 "librbd1 >= 2.0"
cd ..; rm -r build; createrepo_c -q .
printf '[pco-test]\\nname=t\\nbaseurl=file:///srv/pco-rpm\\ngpgcheck=0\\n' >/etc/yum.repos.d/pco-test.repo
dnf -q -y install librbd1-1.0 pco-test-shell >&2
`;

const program =
  (more: Partial<ClientPackagesInputs> = {}) =>
  (): void => {
    new ClientPackages("packages", {
      host: HOST,
      roles: ["qemu-rbd"],
      packages: [RBD],
      onDelete: "remove",
      ...more,
    });
  };

const there = async (): Promise<string[]> =>
  (await on(HOST, "rpm -qa --qf '%{NAME} %{VERSION}\\n' | sort")).split("\n").filter((line) => line !== "");

let stack: TestStack;

beforeAll(async () => {
  await becomesRpmHost(HOST);
  await on(HOST, REPOSITORY);
  stack = await lifeStack("packages-dnf", program());
}, 480_000);

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await on(
    HOST,
    "rm -rf /srv/pco-rpm /etc/yum.repos.d/pco-test.repo /etc/rpm/macros /var/lib/rpm /var/cache/dnf",
  );
  await becomesDebianHost(HOST);
}, 120_000);

test("what is missing is installed of the version desired, nothing is upgraded, no service starts, and a second up is empty", async () => {
  stack.program(program({ version: "1.2.1" }));
  const { error, output } = await stack.up();
  expect(error).toBeDefined();
  expect(output).toMatch(/no python3-rbd of version 1\.2\.1; they have 1\.2\.20-1, 1\.2\.15-1/);
  stack.program(program({ version: "1.2.15" }));
  expect(steps(good(await stack.up()))).toEqual(["create packages"]);
  expect(await there()).toEqual(["librbd1 1.0", "pco-test-shell 1", `${RBD} 1.2.15`, `${QEMU} 1`]);
  expect(await on(HOST, `systemctl is-active ${QEMU} || true`)).toBe("inactive\n");
  expect(await on(HOST, `systemctl show -p LoadState --value ${QEMU}`)).toBe("loaded\n");
  expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
}, 240_000);

test("what needs an upgrade is refused with what it would upgrade, and nothing is touched", async () => {
  stack.program(program({ packages: [RBD, NEWER] }));
  const { error, output } = await stack.up();
  expect(error).toBeDefined();
  expect(output).toMatch(
    /to install pco-test-newer would upgrade librbd1 to 2\.0-1; ClientPackages never upgrades/,
  );
  expect(await there()).toEqual(["librbd1 1.0", "pco-test-shell 1", `${RBD} 1.2.15`, `${QEMU} 1`]);
  stack.program(program());
  good(await stack.up());
}, 180_000);

test("another installer is waited for and named, and what it brings meanwhile is not ours", async () => {
  await on(
    HOST,
    `rpm -e --nodeps ${RBD}; setsid sleep 300 >/dev/null 2>&1 </dev/null & echo $! >/var/lib/dnf/rpmdb_lock.pid`,
  );
  expect(drifted(good(await stack.refresh()))).toEqual(["packages state"]);
  stack.program(program({ packages: [RBD, "python3-rados"] }));
  const free = () =>
    on(
      HOST,
      `rpm=$(find /srv/pco-rpm -name 'python3-rados-*.rpm'); rpm -i "$rpm" 2>/dev/null || rpm -i --force-debian "$rpm"; kill "$(cat /var/lib/dnf/rpmdb_lock.pid)"; rm /var/lib/dnf/rpmdb_lock.pid`,
    );
  const outcome = await upBehindInstaller(stack, free);
  expect(outcome.output).toMatch(
    /waits for another installer: process \d+ \(sleep\) holds \/var\/lib\/dnf\/rpmdb_lock\.pid/,
  );
  expect(await there()).toEqual([
    "librbd1 1.0",
    "pco-test-shell 1",
    "python3-rados 1.2.15",
    `${RBD} 1.2.20`,
    `${QEMU} 1`,
  ]);
}, 240_000);

test("a repository that does not answer is an error with its cure, without its password", async () => {
  await on(
    HOST,
    "printf '[pco-bad]\\nname=b\\nbaseurl=http://ops:s3cret@127.0.0.1:9/x\\ngpgcheck=0\\nskip_if_unavailable=0\\nretries=1\\n' >/etc/yum.repos.d/pco-bad.repo",
  );
  stack.program(program({ packages: [RBD, "python3-rados", "ceph-common"] }));
  const { error, output } = await stack.up();
  await on(HOST, "rm /etc/yum.repos.d/pco-bad.repo");
  expect(error).toBeDefined();
  expect(output).toMatch(/dnf there cannot use its repository pco-bad; nothing was installed[^]*enabled=0/);
  expect(output).not.toContain("s3cret");
  stack.program(program({ packages: [RBD, "python3-rados"] }));
  good(await stack.up());
}, 180_000);

test("destroy takes those that we installed and nothing else, and leaves no record", async () => {
  good(await stack.destroy());
  expect(await there()).toEqual(["librbd1 1.0", "pco-test-shell 1", "python3-rados 1.2.15"]);
  expect(await on(HOST, "find /var/lib/pulumi-ceph-openstack -type f | wc -l")).toBe("0\n");
}, 120_000);
