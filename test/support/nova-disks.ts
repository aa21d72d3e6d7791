/** Nova's own code on a compute host, as Nova's user, with the nova.conf that lies there: disks as nova-compute would make and describe them. */
import { on, type HostName } from "./hosts";

const PROGRAM = `
import inspect, json, sys, types
import nova.conf
from nova import config, context, objects
from nova.virt.libvirt import imagebackend
from nova.virt.libvirt.volume import net

asked = json.load(sys.stdin)
config.parse_args(["nova-compute"], default_config_files=["/etc/nova/nova.conf"], configure_db=False, init_rpc=False)
objects.register_all()
cache = dict(mode.split("=") for mode in nova.conf.CONF.libvirt.disk_cachemodes)["network"]
instance = objects.Instance(uuid=asked["instance"])
where = {"type": "disk", "bus": "virtio", "dev": "vda"}
images = imagebackend.Backend(False)
# Until Victoria an image hears where it is when it is described, with the version of QEMU.
later = "disk_info_mapping" in inspect.signature(images.by_name).parameters
root = images.by_name(instance, "disk", **({"disk_info_mapping": where} if later else {}))
described = [cache, {}] if later else [where, cache, {}, 5002000]
root.clone(context.RequestContext(user_id="test", project_id="test", auth_token=asked["token"]), asked["image"])
# What it would ask libvirt for is the passphrase of an encrypted volume and, until Victoria, its version.
host = types.SimpleNamespace(find_secret=lambda usage, volume: None, get_version=lambda: 5002000)
volume = net.LibvirtNetVolumeDriver(host).get_config(asked["connection"], {"type": "disk", "bus": "virtio", "dev": "vdb"})
# The BIOS sees no disk that it may not boot from.
volume.boot_order = "2"
print(json.dumps([root.libvirt_info(*described, boot_order="1").to_xml(), volume.to_xml()]))
`;

/** What a guest is made of. */
export interface Guest {
  readonly instance: string;
  /** Of Glance: its root disk is cloned from it. */
  readonly image: string;
  readonly token: string;
  /** What Cinder says about a volume for it. */
  readonly connection: unknown;
}

/** Clones the root disk into Nova's pool; the XML of it and of the volume, for libvirt. */
export const novaDisks = async (host: HostName, guest: Guest): Promise<string[]> => {
  const program = PROGRAM.replaceAll("'", "'\\''");
  const said = await on(
    host,
    `sudo -n -u nova /usr/bin/python3 -W ignore -c '${program}'`,
    JSON.stringify(guest),
  );
  return JSON.parse(said.trim().split("\n").at(-1) ?? "") as string[];
};

const SERIAL = "/var/log/libvirt/qemu/guest-serial.log";

/** Starts a guest with these disks, without KVM, and without a definition that stays. */
export const startGuest = async (
  host: HostName,
  instance: string,
  disks: readonly string[],
): Promise<void> => {
  const xml = `<domain type="qemu">
    <name>guest</name><uuid>${instance}</uuid><memory unit="MiB">64</memory>
    <os><type arch="x86_64">hvm</type></os>
    <devices>${disks.join("\n")}<serial type="file"><source path="${SERIAL}"/></serial></devices>
  </domain>`;
  await on(host, "virsh -q create /dev/stdin", xml);
};

/** Waits until the guest has said a line on its serial port; all that it said. */
export const heardFrom = (host: HostName, line: string): Promise<string> =>
  on(
    host,
    `for try in $(seq 1100); do
       ! grep -qsF '${line}' ${SERIAL} || { cat ${SERIAL}; exit; }
       [ "$(virsh -q domstate guest)" = running ] || break
       sleep 0.1
     done
     virsh -q domstate guest >&2; cat ${SERIAL} /var/log/libvirt/qemu/guest.log >&2; exit 1`,
  );
