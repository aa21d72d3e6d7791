# shellcheck shell=bash
# Debian 11: Ceph 14, libvirt 7, systemd 247.

# Its security index names files that the archive no longer has. A paragraph of a .sources file, a line of a sources.list.
suite_sources_edit() {
  local text
  text=$(cat)
  if grep -q '^Types:' <<<"$text"; then
    awk 'BEGIN { RS = ""; ORS = "\n\n" } !/-security/' <<<"$text"
  else
    grep -v -e -security <<<"$text"
  fi
}
