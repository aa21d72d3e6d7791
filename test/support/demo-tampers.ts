/** What a person may do by hand to what the demo has made, in rounds: those of one round meet in no property of a resource. */
import type { HostName } from "./hosts";

export interface Tamper {
  readonly name: string;
  readonly host: HostName;
  readonly text: string;
  /** Resource → properties whose observed state differs; "gone" where the thing is not there, none where it follows from the others. */
  readonly shows: Readonly<Record<string, readonly string[] | "gone">>;
}

const uuid = "uuid=$(virsh -q secret-list | awk 'NR == 1 {print $1}')";
const cinderConf = "/etc/cinder/cinder.conf";
const glanceKeyring = "/etc/ceph/ceph.client.glance.keyring";

// A unit that is older than what it reads, and proofs that no longer hold.
const glanceRestarts = { "rbd-ctl1-glance-service": ["runsWith"] };
const computeChecks = { "rbd-cmp1-nova-check": ["verified"], "rbd-cmp2-nova-check": ["verified"] };

const first: readonly Tamper[] = [
  {
    name: "a pool's size",
    host: "mon1",
    text: "ceph osd pool set vms size 3",
    shows: { "rbd-pool-vms": ["size"] },
  },
  {
    name: "a pool's min_size",
    host: "mon1",
    text: "ceph osd pool set images min_size 2",
    shows: { "rbd-pool-images": ["minSize"] },
  },
  {
    name: "a pool's application",
    host: "mon1",
    text: "ceph osd pool application disable backups rbd --yes-i-really-mean-it",
    shows: { "rbd-pool-backups": ["application[0]"] },
  },
  {
    name: "an entity's caps",
    host: "mon1",
    text: "ceph auth caps client.glance mon 'profile rbd' osd 'profile rbd pool=images, allow r pool=vms' mgr 'profile rbd pool=images'",
    shows: { "rbd-auth-glance": ['caps.osd["pool=vms"]'] },
  },
  {
    name: "a keyring's owner",
    host: "ctl1",
    text: `chown root ${glanceKeyring}`,
    shows: { "rbd-ctl1-keyring-glance": ["owner"] },
  },
  {
    name: "a keyring removed",
    host: "vol1",
    text: "rm /etc/ceph/ceph.client.cinder-backup.keyring",
    shows: { "rbd-vol1-keyring-cinder-backup": "gone", "rbd-vol1-cinder-backup-check": ["verified"] },
  },
  {
    name: "the monitors in a ceph.conf",
    host: "ctl1",
    text: "sed -i 's/^mon_host.*/mon_host = 192.0.2.1/' /etc/ceph/ceph.conf",
    shows: { "rbd-ctl1-conf": ["monHost"], ...glanceRestarts, "rbd-ctl1-glance-check": ["verified"] },
  },
  {
    name: "a libvirt secret's value",
    host: "cmp1",
    text: `${uuid}; ceph-authtool --gen-print-key | virsh -q secret-set-value "$uuid" --file /dev/stdin`,
    shows: { "rbd-cmp1-secret": ["value"], "rbd-cmp1-nova-check": ["verified"] },
  },
  {
    name: "a libvirt secret undefined",
    host: "cmp2",
    text: `${uuid}; virsh -q secret-undefine "$uuid"`,
    shows: { "rbd-cmp2-secret": "gone", "rbd-cmp2-nova-check": ["verified"] },
  },
  {
    name: "an option's value",
    host: "vol1",
    text: `sed -i 's/^rbd_max_clone_depth.*/rbd_max_clone_depth = 9/' ${cinderConf}`,
    shows: {
      "rbd-vol1-cinder-ceph": ["options.rbd_max_clone_depth"],
      "rbd-vol1-cinder-service": ["runsWith"],
      "rbd-vol1-cinder-backup-service": ["runsWith"],
    },
  },
  {
    name: "an option removed",
    host: "cmp1",
    text: "sed -i '/^images_type = /d' /etc/nova/nova.conf",
    shows: { "rbd-cmp1-nova-libvirt": ["options.images_type"], "rbd-cmp1-nova-service": ["runsWith"] },
  },
  {
    name: "an option set a second time below",
    host: "ctl1",
    text: "printf '[rbd]\\nrbd_store_chunk_size = 4\\n' >>/etc/glance/glance-api.conf",
    shows: { "rbd-ctl1-glance-rbd": ["options.rbd_store_chunk_size"], ...glanceRestarts },
  },
];

const second: readonly Tamper[] = [
  {
    name: "a pool renamed by hand",
    host: "mon1",
    text: "ceph osd pool rename vms vms-old",
    shows: { "rbd-pool-vms": ["name"], ...computeChecks },
  },
  {
    name: "an entity's key",
    host: "mon1",
    text: `umask 077; t=$(mktemp); ceph auth get client.cinder 2>/dev/null | sed "s|key = .*|key = $(ceph-authtool --gen-print-key)|" >$t; ceph auth import -i $t; rm $t`,
    shows: {
      "rbd-auth-cinder": ["keyState"],
      "rbd-vol1-keyring-cinder": ["content"],
      "rbd-cmp1-keyring-cinder": ["content"],
      "rbd-cmp2-keyring-cinder": ["content"],
      "rbd-cmp1-secret": ["value"],
      "rbd-cmp2-secret": ["value"],
      "rbd-vol1-cinder-check": ["verified"],
      ...computeChecks,
      "rbd-vol1-cinder-service": [],
      "rbd-vol1-cinder-backup-service": [],
      "rbd-cmp1-nova-service": [],
      "rbd-cmp2-nova-service": [],
    },
  },
  {
    name: "a keyring's mode",
    host: "ctl1",
    text: `chmod 0644 ${glanceKeyring}`,
    shows: { "rbd-ctl1-keyring-glance": ["mode"] },
  },
];

const third: readonly Tamper[] = [
  {
    name: "a keyring's key",
    host: "ctl1",
    text: `sed -i "s|key = .*|key = $(ceph-authtool --gen-print-key)|" ${glanceKeyring}`,
    shows: {
      "rbd-ctl1-keyring-glance": ["content"],
      ...glanceRestarts,
      "rbd-ctl1-glance-check": ["verified"],
    },
  },
];

const roundOf = (tampers: readonly Tamper[]) => ({
  names: tampers.map(({ name }) => name).join(", "),
  tampers,
});

export const rounds = [first, second, third].map(roundOf);
