/** Which layout a program has chosen, and what is wrong with the choice. Pure. */
import { isAbsolutePath, PATH_FORM } from "../../providers/argument-rules/index.js";
import { SERIES, type Series } from "../../providers/formats/openstack/series.js";
import {
  HAND_OVER_PRESETS,
  HOST_PRESETS,
  type FileOwner,
  type HandOverPreset,
  type Layout,
  type LayoutChoice,
  type LayoutOverrides,
} from "./layout.js";
import { presetOf } from "./presets.js";

const newest: Series = SERIES.at(-1) ?? "hibiscus";

const PRESETS: readonly string[] = [...HOST_PRESETS, ...HAND_OVER_PRESETS];

/** What cannot be done, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  juju:
    "charms render every file from relation data, and again at each hook, so that nothing written by another stays: " +
    "relate nova-compute and cinder-ceph to ceph-mon, or to ceph-proxy for a cluster that Juju did not deploy",
};

const isHandOver = (layout: LayoutChoice): layout is HandOverPreset =>
  HAND_OVER_PRESETS.some((preset) => preset === layout);

/** The tool that writes the hosts, where it is another. */
export const handOverOf = (layout: LayoutChoice = "debian"): HandOverPreset | undefined =>
  isHandOver(layout) ? layout : undefined;

const overridden = (base: Layout, given: LayoutOverrides): Layout => {
  const { preset: _, users, cephDirs, units, packages, keyring, ...scalars } = given;
  return {
    ...base,
    // A file of cinder's own is both services', as in every layout of packages.
    ...(scalars.cinderConf === undefined ? {} : { cinderBackupConf: scalars.cinderConf }),
    ...scalars,
    users: { ...base.users, ...users },
    cephDirs: { ...base.cephDirs, ...cephDirs },
    units: { ...base.units, ...units },
    packages: { ...base.packages, ...packages },
    keyring: { ...base.keyring, ...keyring },
  };
};

/**
 * The layout of hosts that are written to: a preset, or one with some fields said otherwise. For a hand-over it is that of the hosts that the
 * tool makes, of which nothing is written here.
 */
export const layoutOf = (layout: LayoutChoice = "debian", series: Series = newest): Layout => {
  if (typeof layout === "object") return overridden(presetOf(layout.preset ?? "debian", series), layout);
  return presetOf(isHandOver(layout) ? "debian" : layout, series);
};

const nameProblem = (where: string, name: unknown, known: readonly string[]): string[] => {
  if (known.some((one) => one === name)) return [];
  const why = typeof name === "string" ? REFUSED[name] : undefined;
  return [
    why === undefined
      ? `${where} ${JSON.stringify(name)} is not known; there are ${known.join(", ")}`
      : `${where} ${JSON.stringify(name)} cannot be served: ${why}`,
  ];
};

const pathProblems = (layout: Layout): string[] => {
  const paths = {
    glanceConf: layout.glanceConf,
    cinderConf: layout.cinderConf,
    cinderBackupConf: layout.cinderBackupConf,
    novaConf: layout.novaConf,
    cephDir: layout.cephDir,
    ...Object.fromEntries(Object.entries(layout.cephDirs).map(([role, dir]) => [`cephDirs.${role}`, dir])),
    ...Object.fromEntries(layout.libvirtCephDirs.map((dir, at) => [`libvirtCephDirs.${String(at)}`, dir])),
  };
  return Object.entries(paths)
    .filter(([, path]) => !isAbsolutePath(path))
    .map(([field, path]) => `layout.${field} ${JSON.stringify(path)} must be ${PATH_FORM}`);
};

/** Everything that is wrong with a layout; a program without types may hand over anything. */
export const layoutProblems = ({ layout = "debian" }: { readonly layout?: LayoutChoice }): string[] => {
  if (typeof layout !== "object") return nameProblem("layout", layout, PRESETS);
  const preset = nameProblem("layout.preset", layout.preset ?? "debian", HOST_PRESETS);
  if (preset.length > 0) return preset;
  return pathProblems(layoutOf(layout));
};

/** Tools of which cinder-volume and cinder-backup read one file. */
export const ONE_CINDER_FILE: readonly HandOverPreset[] = ["osa", "helm"];

/** Whether cinder-volume and cinder-backup of a host have one file. */
export const hasOneCinderFile = (args: { readonly layout?: LayoutChoice }): boolean => {
  const tool = handOverOf(args.layout);
  if (tool !== undefined) return ONE_CINDER_FILE.includes(tool);
  if (layoutProblems(args).length > 0) return true;
  const { cinderConf, cinderBackupConf } = layoutOf(args.layout);
  return cinderConf === cinderBackupConf;
};

/** What is said once of a layout in use. */
export const layoutWarnings = ({ layout = "debian" }: { readonly layout?: LayoutChoice }): string[] => {
  const preset = typeof layout === "object" ? layout.preset : layout;
  return preset === "kolla-containers"
    ? [
        "Kolla-Ansible writes the files of /etc/kolla/<service> anew at its next deploy, reconfigure or upgrade, and its containers copy ceph.conf and " +
          "keyrings only where it was told of Ceph (glance_backend_ceph, cinder_backend_ceph, nova_backend_ceph): give it the same values, as " +
          'layout "kolla" makes them; secrets made by virsh go with the container nova_libvirt when that is made anew',
      ]
    : [];
};

/** A user of a layout as a file's owner. */
export const fileOwner = (user: string | FileOwner): FileOwner =>
  typeof user === "string" ? { owner: user } : user;
