/** Packages on a real host, by the real APT, from a repository that the test makes there. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ClientPackages, type ClientPackagesInputs } from "../../index";
import type { TestStack } from "../support/engine";
import { on } from "../support/hosts";
import { upBehindInstaller } from "../support/installer-wait";
import { drifted, good, lifeStack, steps } from "../support/lifecycle";

const ALPHA = "pco-test-alpha";
const BETA = "pco-test-beta";

/** Two packages, of which the second needs the first and brings a service, in a repository of the host's own. */
const REPOSITORY = `set -e
rm -rf /srv/pco-test; mkdir -p /srv/pco-test; cd /srv/pco-test
make() {
  mkdir -p "$1/DEBIAN" "$1/lib/systemd/system"
  { printf 'Package: %s\\nVersion: %s\\nArchitecture: all\\nMaintainer: T <t@example.org>\\nDescription: test\\n' "$1" "$2"
    [ -z "$3" ] || echo "Depends: $3"; } >"$1/DEBIAN/control"
  if [ -n "$3" ]; then
    printf '[Service]\\nExecStart=/bin/sleep 100000\\n[Install]\\nWantedBy=multi-user.target\\n' >"$1/lib/systemd/system/$1.service"
    printf '#!/bin/sh\\nset -e\\nsystemctl daemon-reload\\ndeb-systemd-invoke start %s.service\\n' "$1" >"$1/DEBIAN/postinst"
    chmod 755 "$1/DEBIAN/postinst"
  fi
  dpkg-deb -Zgzip --root-owner-group -b "$1" "$1.deb" >/dev/null
  { cat "$1/DEBIAN/control"; echo "Filename: ./$1.deb"; echo "Size: $(stat -c %s "$1.deb")"
    echo "SHA256: $(sha256sum "$1.deb" | cut -d ' ' -f 1)"; echo; } >>Packages
}
make ${ALPHA} 1.2.15 ""
make ${BETA} 1.0 ${ALPHA}
echo "deb [trusted=yes] file:/srv/pco-test ./" >/etc/apt/sources.list.d/pco-test.list
apt-get -q update -o Dir::Etc::sourcelist=/etc/apt/sources.list.d/pco-test.list -o Dir::Etc::sourceparts=/dev/null -o APT::Get::List-Cleanup=0
`;

const desired = (more: Partial<ClientPackagesInputs> = {}) => ({
  host: "vol1",
  packages: [ALPHA, BETA],
  onDelete: "remove" as const,
  ...more,
});
const program =
  (more: Partial<ClientPackagesInputs> = {}) =>
  (): void => {
    new ClientPackages("packages", desired(more));
  };

const there = async (): Promise<string> =>
  on("vol1", `dpkg-query -W -f '\${db:Status-Abbrev}\${Package} ' ${ALPHA} ${BETA} 2>/dev/null || true`);

let stack: TestStack;

beforeAll(async () => {
  await on("vol1", REPOSITORY);
  stack = await lifeStack("packages", program());
});

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await on(
    "vol1",
    `dpkg --purge ${BETA} ${ALPHA}; rm -rf /srv/pco-test /etc/apt/sources.list.d/pco-test.list /var/lib/apt/lists/*pco-test*; systemctl daemon-reload`,
  );
});

test("what is missing is installed, starts no service, and a second up is empty", async () => {
  expect(steps(good(await stack.up()))).toEqual(["create packages"]);
  expect(await there()).toBe(`ii ${ALPHA} ii ${BETA} `);
  expect(await on("vol1", `systemctl is-active ${BETA} || true`)).toBe("inactive\n");
  expect(await on("vol1", "ls /usr/sbin/policy-rc.d 2>/dev/null || true")).toBe("");
  expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
}, 120_000);

test("a package that somebody removed is named by a refresh, and comes back", async () => {
  await on("vol1", `dpkg --purge ${BETA}`);
  const seen = good(await stack.refresh());
  expect(drifted(seen)).toEqual(["packages state"]);
  const back = good(await stack.up());
  expect(steps(back)).toEqual(["update packages"]);
  expect(drifted(good(await stack.refresh()))).toEqual([]);
  expect(await there()).toBe(`ii ${ALPHA} ii ${BETA} `);
}, 120_000);

test("another installer is waited for, and is named", async () => {
  await on("vol1", `dpkg --purge ${BETA}`);
  const python = `import fcntl, os, time
f = open("/var/lib/dpkg/lock-frontend", "w")
fcntl.lockf(f, fcntl.LOCK_EX)
open("/run/pco-test-held", "w").close()
while os.path.exists("/run/pco-test-held"): time.sleep(0.1)`;
  await on(
    "vol1",
    `setsid python3 -c '${python}' >/dev/null 2>&1 </dev/null & until [ -e /run/pco-test-held ]; do sleep 0.1; done`,
  );
  const free = () => on("vol1", "rm -f /run/pco-test-held");
  const outcome = await upBehindInstaller(stack, free, { refresh: true });
  expect(outcome.output).toMatch(
    /waits for another installer: process \d+ \(python3\) holds \/var\/lib\/dpkg\/lock-frontend/,
  );
  expect(await there()).toBe(`ii ${ALPHA} ii ${BETA} `);
}, 180_000);

test("a package that no index names is an error with its cure", async () => {
  stack.program(program({ packages: [ALPHA, BETA, "pco-test-none"] }));
  const { error, output } = await stack.up();
  expect(error).toBeDefined();
  expect(output).toMatch(/package indices have no pco-test-none; nothing was installed[^]*apt-get update/);
  stack.program(program());
  good(await stack.up());
}, 120_000);

test("destroy takes those that we installed, and leaves no record", async () => {
  good(await stack.destroy());
  expect(await there()).not.toContain("ii ");
  expect(await on("vol1", "find /var/lib/pulumi-ceph-openstack -type f | wc -l")).toBe("0\n");
}, 120_000);
