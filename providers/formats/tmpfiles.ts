/**
 * Lines of tmpfiles.d: directories that a boot makes anew.
 * @see https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html
 */
import { sha256 } from "./digest.js";

/** True for paths that lie in memory and are gone after a reboot. */
export const isVolatile = (path: string): boolean => /^\/(?:var\/)?run\//.test(path);

// systemd complains of a line below /var/run, which is a link to /run.
const runPath = (path: string): string => path.replace(/^\/var\/run\//, "/run/");

/** A word in C style quotes; `%` begins a specifier. */
const quoted = (word: string): string => {
  const text = word.replaceAll("%", "%%");
  return /^[\w./:@%+-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
};

/** Owner, group and mode; left out: tmpfiles' own, which are root, root, 0755. */
export interface TmpfilesHolder {
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly mode?: string | undefined;
}

/** The file that has one directory's line; services read nothing of it but systemd-tmpfiles. */
export const tmpfilesPath = (path: string): string => {
  const slug = path
    .slice(1)
    .replace(/[^A-Za-z0-9._]+/g, "-")
    .slice(0, 100);
  const mark = sha256(path, "utf8").slice(0, 8);
  return `/etc/tmpfiles.d/pulumi-ceph-openstack-${slug}-${mark}.conf`;
};

/** The whole text of that file. */
export const tmpfilesText = (
  path: string,
  { owner = "-", group = "-", mode = "-" }: TmpfilesHolder,
): string => `d ${quoted(runPath(path))} ${mode} ${owner} ${group} -\n`;
