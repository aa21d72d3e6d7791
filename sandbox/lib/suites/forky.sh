# shellcheck shell=bash
# Debian 14: Ceph 20, libvirt 12, systemd 260.

# It has no Glance at present; the archive's unstable has. Nothing else is taken from there.
suite_glance() {
  local root=$1 verb=$2 file
  local extra=$root/etc/apt/sources.list.d/sandbox-sid.sources pin=$root/etc/apt/preferences.d/sandbox-sid
  if [[ $verb == after ]]; then
    rm -rf "$extra" "${extra%.sources}.list" "$pin" "$root"/var/lib/apt/lists/*_sid_*
    return
  fi
  printf 'Package: *\nPin: release n=sid\nPin-Priority: 1\n' >"$pin"
  for file in "$root"/etc/apt/sources.list.d/*.sources "$root"/etc/apt/sources.list; do
    [[ -s $file ]] || continue
    [[ $file == *.sources ]] || extra=${extra%.sources}.list
    # In a .sources file several names may stand on one line, and a suite that is named twice is a warning only.
    sed 's/\bforky-updates\b//g; /forky-security/d; s/\bforky\b/sid/g' "$file" |
      awk 'BEGIN { RS = ""; ORS = "\n\n" } !/^Types:/ || /Suites: *[a-z]/' >"$extra"
    break
  done
  layer_apt "$root" update
}
