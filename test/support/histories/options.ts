/** Options of an INI file in memory, read without the library. */

/** The options of a section, by the last line that sets each. */
export const optionsIn = (bytes: string, section: string): Map<string, string> => {
  const found = new Map<string, string>();
  let current = "";
  for (const line of bytes.split("\n")) {
    const head = /^\[(.*)\]$/.exec(line.trim());
    const pair = /^([^#=]+?)\s*=\s*(.*)$/.exec(line.trim());
    if (head !== null) current = head[1] ?? "";
    else if (pair !== null && current === section) found.set(pair[1] ?? "", pair[2] ?? "");
  }
  return found;
};
