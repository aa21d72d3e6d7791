/** Names of properties: which are wanted, which are Glance's own. Pure. */
import { RECORD_PREFIX } from "../ownership/image-records.js";

/**
 * What the guests of Ceph block devices want of their image: the SCSI controller that discards, and a guest agent that quiesces file systems
 * for snapshots.
 * @see https://docs.ceph.com/en/latest/rbd/rbd-openstack/#image-properties
 */
export const RECOMMENDED_IMAGE_PROPERTIES = {
  hw_scsi_model: "virtio-scsi",
  hw_disk_bus: "scsi",
  hw_qemu_guest_agent: "yes",
  os_require_quiesce: "yes",
} as const satisfies Readonly<Record<string, string>>;

/** @see https://docs.openstack.org/api-ref/image/v2/#show-image */
const OWN = [
  "id",
  "name",
  "status",
  "visibility",
  "protected",
  "owner",
  "checksum",
  "os_hash_algo",
  "os_hash_value",
  "os_hidden",
  "size",
  "virtual_size",
  "created_at",
  "updated_at",
  "deleted",
  "deleted_at",
  "is_public",
  "self",
  "file",
  "schema",
  "direct_url",
  "locations",
  "stores",
  "min_disk",
  "min_ram",
  "disk_format",
  "container_format",
  "tags",
];

/** Why a name is none that a program may set; undefined where it may. */
export const whyReserved = (name: string): string | undefined => {
  if (OWN.includes(name)) return "is an attribute of the image itself, and no property";
  if (/^os_glance_/i.test(name)) return "is Glance's own: it keeps os_glance_* for itself";
  if (name.toLowerCase().startsWith(RECORD_PREFIX)) return "is a record of this package";
  return undefined;
};

/** What is set and will hardly work, in sentences. */
export const doubtsAbout = (properties: Readonly<Record<string, string>>): string[] => {
  const {
    hw_scsi_model: model,
    hw_disk_bus: bus,
    os_require_quiesce: quiesce,
    hw_qemu_guest_agent: agent,
  } = properties;
  const isOn = (value: string | undefined) => /^(?:yes|true|on|1)$/i.test(value ?? "");
  return [
    ...(model !== undefined && bus !== "scsi"
      ? [`hw_scsi_model ${model} does nothing without hw_disk_bus scsi`]
      : []),
    ...(isOn(quiesce) && !isOn(agent)
      ? ["os_require_quiesce makes each snapshot of a running guest fail without hw_qemu_guest_agent yes"]
      : []),
  ];
};
