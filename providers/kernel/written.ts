/** What a run writes on hosts, for those who read it: one whose inputs are as before may have something to do all the same. Pure. */

/** A file of a host, or a section of it. */
export interface Written {
  readonly host: string;
  readonly path: string;
  readonly section?: string;
}

/** @param changed undefined where the resource is made */
export const isWritten = (changed: readonly string[] | undefined, keys: readonly string[]): boolean =>
  changed === undefined || changed.some((key) => keys.includes(key));

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

/** Whether what is written is in what is read: of a file the same section, where both name one; of a directory what lies in it. */
export const isReadBy = ({ host, path, section }: Written, reader: Written): boolean => {
  if (host !== reader.host) return false;
  if (folderOf(path) === reader.path) return true;
  return (
    path === reader.path &&
    (section === undefined || reader.section === undefined || section === reader.section)
  );
};
