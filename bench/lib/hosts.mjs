// The sandbox of the bench: bringing it up, counting what reached it, putting it back. All by `sandbox exec`: no login, no sudo, no trace.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startSandbox, testSandboxes } from "../../scripts/lib/test-sandbox.mjs";
import { must } from "../../scripts/lib/must.mjs";

const computes = 10;
const nodes = ["mon1", "ctl1", "vol1", ...Array.from({ length: computes }, (_, n) => `cmp${n + 1}`)];
/** QEMU's driver, which the hosts of a sandbox have not. */
const driver = "qemu-block-extra";
const kept = "/root/bench-pristine.tar";
const trees = "etc/ceph etc/glance etc/cinder etc/nova etc/libvirt/secrets";

/** sshd says which programs it starts only at this level. The hosts are the bench's own. */
const prepare = `set -e; cd /; echo LogLevel VERBOSE >/etc/ssh/sshd_config.d/bench.conf; systemctl reload ssh
  # A stand-in for Glance listens to nothing, and no host reaches a distribution's repository: computes have one of their own.
  case $HOSTNAME in
    ctl1) systemd-run --quiet --unit=bench-port /usr/bin/python3 -m http.server 9292 --directory /srv ;;
    cmp*) mkdir -p /srv/bench/driver/DEBIAN; cd /srv/bench
      printf 'Package: ${driver}\\nVersion: 7.2\\nArchitecture: all\\nMaintainer: B <b@example.org>\\nDescription: bench\\n' >driver/DEBIAN/control
      dpkg-deb -Zgzip --root-owner-group -b driver driver.deb >/dev/null
      { cat driver/DEBIAN/control; printf 'Filename: ./driver.deb\\nSize: %s\\nSHA256: %s\\n' $(stat -c %s driver.deb) $(sha256sum driver.deb | cut -d ' ' -f 1); } >Packages
      echo 'deb [trusted=yes] file:/srv/bench ./' >/etc/apt/sources.list.d/bench.list
      apt-get -qq update -o Dir::Etc::sourcelist=sources.list.d/bench.list -o Dir::Etc::sourceparts=- ;;
  esac; cd /; mkdir -p /etc/libvirt; tar cf ${kept} $(ls -d ${trees} 2>/dev/null)`;

const restore = `set -e; cd /
  if [ -d /etc/libvirt/secrets ]; then for u in $(virsh -q secret-list | awk '{print $1}'); do virsh -q secret-undefine $u; done; fi
  rm -rf /var/lib/pulumi-ceph-openstack; for d in ${trees}; do [ ! -d $d ] || find $d -mindepth 1 -delete; done; tar xpf ${kept}
  case $HOSTNAME in cmp*) dpkg --purge ${driver} >/dev/null 2>&1 ;; esac`;

const dropFromCluster = (job) => `set -e
  ceph tell 'mon.*' config set mon_allow_pool_delete true >/dev/null 2>&1
  for p in ${job.pools.map((pool) => pool.name).join(" ")}; do ceph osd pool rm $p $p --yes-i-really-really-mean-it 2>/dev/null & done; wait
  ceph tell 'mon.*' config unset mon_allow_pool_delete >/dev/null 2>&1
  for e in ${job.entities.map(({ entity }) => entity).join(" ")}; do ceph auth rm $e 2>/dev/null & done; wait
  for k in $(ceph config-key ls | sed -n 's/.*"\\(pulumi-ceph-openstack[^"]*\\)".*/\\1/p'); do ceph config-key rm $k 2>/dev/null; done`;

const look = `cd /; for d in ${trees} var/lib/pulumi-ceph-openstack; do [ ! -e $d ] || find $d -printf '%y %u:%g %#m %p %l\\n' -type f -exec sha256sum {} +; done | sort`;
const lookAtCluster = "ceph osd pool ls; ceph auth ls 2>/dev/null; ceph config-key ls | grep pulumi || true";

const counting = `journalctl -q --no-pager -o cat --after-cursor="$1" _COMM=sshd + _COMM=sudo | awk '
  /^Accepted (publickey|password|keyboard)/ {a++} /^Starting session: / {s++} / COMMAND=/ {c++} END {print a + 0, s + 0, c + 0}'`;

const nextCursor = "journalctl --sync; journalctl -q -n 0 --show-cursor | sed -n 's/^-- cursor: //p'";

function differing(before, after) {
  const known = new Set(before.split("\n"));
  return after.split("\n").filter((line) => !known.has(line));
}

/**
 * @param {string} root the checkout
 * @param {(line: string) => void} onLine
 * @returns the site, as the sandbox describes it, and what can be asked of it
 */
export async function openSandbox(root, onLine) {
  const env = { ...process.env, CI: "", SANDBOX_COMPUTES: String(computes), SANDBOX_NAME: "bench" };
  const [sandbox] = testSandboxes(root, 1, env);
  const started = await startSandbox(sandbox, onLine);
  if (started.failed > 0) throw new Error(`the sandbox: ${started.failures[0].said}`);
  const exec = async (node, text, ...args) => {
    const command = [sandbox.command, "exec", node, "/bin/bash", "-c", text, "bench", ...args];
    return (await must(command, { env: sandbox.env })).stdout;
  };
  const everywhere = (text) => Promise.all(nodes.map((node) => exec(node, text)));
  await everywhere(prepare);
  const lookAround = async () =>
    [await exec("mon1", lookAtCluster), ...(await everywhere(look))].join("\n---\n");
  const pristine = await lookAround();
  return {
    site: JSON.parse(readFileSync(sandbox.description, "utf8")),
    computes,
    exec,
    /** Everything back to where it was. @throws Error with what a peer left behind */
    undo: async (job) => {
      await exec("mon1", dropFromCluster(job));
      await everywhere(restore);
      const left = await lookAround();
      if (left === pristine) return;
      throw new Error(`not put back:\n  ${differing(pristine, left).slice(0, 20).join("\n  ")}`);
    },
    cursors: () => everywhere(nextCursor),
    /** Logins, programs started by sshd, and sudo starts since the cursors were taken. */
    counted: async (cursors) => {
      const rows = await Promise.all(
        nodes.map((node, i) => exec(node, `journalctl --sync; ${counting}`, cursors[i].trim())),
      );
      const sum = (column) => rows.reduce((all, row) => all + Number(row.trim().split(" ")[column]), 0);
      return { logins: sum(0), programs: sum(1), sudo: sum(2) };
    },
  };
}

/** A folder that no check of the sources looks into. */
export function scratchIn(root) {
  const scratch = join(root, ".pulumi-home", "bench");
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  return scratch;
}
