/** Where the services' files lie and whom they belong to. */

/** A user, and the group if it is another than its own. */
export interface FileOwner {
  readonly owner: string;
  /** @default the owner's group */
  readonly group?: string;
}

/** Files and users of a deployment. */
export interface Layout {
  /** @default "/etc/glance/glance-api.conf" */
  readonly glanceConf: string;
  /** Of cinder-volume and cinder-backup. @default "/etc/cinder/cinder.conf" */
  readonly cinderConf: string;
  /** @default "/etc/nova/nova.conf" */
  readonly novaConf: string;
  /**
   * Who reads the keyrings: a user, or a user with its group where that is another (a number, of a user in a container, needs its group).
   * @default glance, cinder, nova
   */
  readonly users: Readonly<Record<"glance" | "cinder" | "nova", string | FileOwner>>;
  /** Who QEMU runs as, for its directories. @default libvirt-qemu:kvm */
  readonly qemu: FileOwner;
}

/**
 * Distribution packages.
 * @see https://packages.debian.org/bookworm/nova-common
 */
const packages: Layout = {
  glanceConf: "/etc/glance/glance-api.conf",
  cinderConf: "/etc/cinder/cinder.conf",
  novaConf: "/etc/nova/nova.conf",
  users: { glance: "glance", cinder: "cinder", nova: "nova" },
  qemu: { owner: "libvirt-qemu", group: "kvm" },
};

/** What a layout of one's own may name. */
export const LAYOUT_FIELDS: readonly string[] = Object.keys(packages);

/** The layout of a preset, or overrides over the one of distribution packages. */
export const layoutOf = (layout: "packages" | Partial<Layout> = "packages"): Layout =>
  layout === "packages" ? packages : { ...packages, ...layout };

/** A user of a layout as a file's owner. */
export const fileOwner = (user: string | FileOwner): FileOwner =>
  typeof user === "string" ? { owner: user } : user;
