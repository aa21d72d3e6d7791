/** The remote half of watching a long installation: a constant program for a POSIX shell. */
import type { Program } from "../../remote/machine.js";

/**
 * What a change that runs is at: who has a lock, or how much was fetched. dpkg, APT, rpm and dnf 5 lock files, as the kernel lists them; dnf 4
 * writes its process id. What our own installations started has a variable that others have not.
 */
export const WATCH: Program = {
  name: "packages-watch",
  text: `
told() {
  [ -d "/proc/$2" ] || return 0
  ! grep -qs PULUMI_CEPH_OPENSTACK=packages "/proc/$2/environ" || return 0
  name=
  { IFS= read -r name <"/proc/$2/comm"; } 2>/dev/null || :
  printf 'lock\\t%s\\t%s\\t%s\\n' "$1" "$2" "$name"
  exit 0
}
for lock in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/cache/apt/archives/lock /var/lib/rpm/.rpm.lock /usr/lib/sysimage/rpm/.rpm.lock \\
  /run/dnf/*.lock /var/cache/dnf/*.pid /var/lib/dnf/*.pid; do
  inode=$(stat -c %i "$lock" 2>/dev/null) || continue
  pid=
  case $lock in *.pid) IFS= read -r pid <"$lock" || :; case $pid in '' | *[!0-9]*) ;; *) told "$lock" "$pid" ;; esac; continue ;; esac
  while read -r _ kind _ _ pid place _; do
    case $kind/$place in POSIX/*:"$inode" | FLOCK/*:"$inode") told "$lock" "$pid" ;; esac
  done </proc/locks
done
size=$(du -skc /var/cache/apt/archives /var/cache/dnf /var/cache/libdnf5 2>/dev/null | sed -n 's/[[:space:]]*total$//p')
printf 'fetched\\t%s\\n' "\${size:-0}"
`,
};
