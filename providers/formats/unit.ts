/** Names of what a service runs as: a unit of systemd's, or a container. Pure. */

/** `docker:nova_compute`, or the name of a unit. */
export interface UnitName {
  readonly engine: "systemd" | "docker" | "podman";
  /** Of the unit, with its suffix, or of the container. */
  readonly name: string;
}

const CONTAINER = /^(docker|podman):([A-Za-z0-9][A-Za-z0-9_.-]*)$/;

/** Suffixes of units that no service is. */
const OTHERS =
  /\.(?:socket|device|mount|automount|swap|target|path|timer|slice|scope|conf)$|@\.service$|^[.@-]|[\\/]$/;

/** The name in full: a unit with `.service`. Undefined for what names neither a service nor a container. */
export const canonicalUnit = (text: string): string | undefined => {
  if (CONTAINER.test(text)) return text;
  if (!/^[A-Za-z0-9:_.\\@-]{1,247}$/.test(text) || /^(?:docker|podman):/.test(text)) return undefined;
  const full = text.endsWith(".service") ? text : `${text}.service`;
  return OTHERS.test(text) || OTHERS.test(full) || full === ".service" ? undefined : full;
};

export const unitName = (unit: string): UnitName => {
  const [, engine, name] = CONTAINER.exec(unit) ?? [];
  if (name === undefined) return { engine: "systemd", name: unit };
  return { engine: engine === "podman" ? "podman" : "docker", name };
};

/** As people call it. */
export const shortUnit = (unit: string): string => {
  const { engine, name } = unitName(unit);
  return engine === "systemd" ? name.replace(/\.service$/, "") : `the container ${name}`;
};

/**
 * What takes guests along when it ends (libvirt-guests shuts them down), or what they hold (virtlockd's leases, virtlogd's pipes), or leaves
 * them without one who watches them. virtsecretd and the like may be restarted.
 */
export const holdsGuests = (unit: string): boolean =>
  /(?:^|[-_:])(?:libvirtd|libvirt-bin|libvirt-guests|virtqemud|virtlockd|virtlogd|nova[-_]libvirt)(?:[-_.]|$)|(?:^|[-_])libvirt(?:\.service)?$/.test(
    unitName(unit).name,
  );

/** Whether guests run beside it. */
export const isCompute = (unit: string): boolean =>
  holdsGuests(unit) || /nova[-_]compute/.test(unitName(unit).name);

/** The units there are that may have been meant: the same words, in whatever order, one of them at least, and one that names a product where there is one. */
export const similarUnits = (unit: string, known: readonly string[]): string[] => {
  const words = (text: string): string[] =>
    shortUnit(text)
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word.length > 2 && !COMMON.has(word));
  const wanted = words(unit);
  const products = wanted.filter((word) => !PARTS.has(word));
  const telling = products.length > 0 ? products : wanted;
  return known
    .map((name) => ({ name, score: words(name).filter((word) => wanted.includes(word)).length }))
    .filter(({ name }) => words(name).some((word) => telling.includes(word)))
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .slice(0, 5)
    .map(({ name }) => name.replace(/\.service$/, ""));
};

const COMMON = new Set(["the", "container", "openstack", "kolla"]);

/** Parts of a product, and of many others: `dpkg-db-backup` is nothing like `cinder-backup`. */
const PARTS = new Set(["agent", "api", "backup", "compute", "daemon", "scheduler", "server", "volume"]);
