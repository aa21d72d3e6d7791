/** The remote half of the packages client over rpm and dnf, 4 and 5: constant programs for a POSIX shell. */
import type { Program } from "../../remote/machine.js";
import { BROUGHT, FOUND, HOME, LOCKED, QUIET } from "./programs.js";

/**
 * Waits for other installers itself, up to `$seconds`: dnf would wait without an end, or give up at rpm's own lock. `$said` is what it printed.
 * What is recommended is not taken along: nothing is to be there but what was asked for.
 */
const DNF = `
set -u
dnf=dnf
command -v dnf >/dev/null 2>&1 || dnf=dnf5
out=
# By rpm itself, or whatever uses its library.
rpm_is_held() {
  for lock in /var/lib/rpm/.rpm.lock /usr/lib/sysimage/rpm/.rpm.lock; do
    inode=$(stat -c %i "$lock" 2>/dev/null) || continue
    while read -r _ _ _ _ _ place _; do
      case $place in *:"$inode") return 0 ;; esac
    done </proc/locks
  done
  return 1
}
is_locked() {
  [ "$code" != 0 ] || return 1
  [ "$code" != 200 ] || return 0
  case $said in *"can't create transaction lock on"* | *"Failed to obtain "*" lock"* | *"already locked by"*) return 0 ;; esac
  # dnf 5 says no more than that.
  case $said in *"Rpm transaction failed"*) rpm_is_held ;; *) return 1 ;; esac
}
run_dnf() {
  command "$dnf" --setopt=exit_on_lock=True --setopt=install_weak_deps=False --setopt=clean_requirements_on_remove=False "$@" </dev/null
}
# Into a file where there is one: what a package starts may keep a pipe open.
dnf() {
  until=$(($(date +%s) + seconds))
  while :; do
    code=0
    if [ -z "$out" ]; then said=$(run_dnf "$@" 2>&1) || code=$?
    else run_dnf "$@" >"$out" 2>&1 || code=$?; said=$(cat "$out"); fi
    is_locked || return 0
    [ "$(date +%s)" -lt "$until" ] || { [ -z "$out" ] || rm -f "$out"; printf '%s\\n' "$said" >&2; exit ${LOCKED}; }
    sleep 2
  done
}
`;

/** Every version that the enabled repositories offer, newest first, in rows of name and version. `$1` seconds to wait for a lock. */
export const DNF_OFFERS: Program = {
  name: "packages-offers",
  text: `${DNF}
seconds=$1
shift
dnf -q repoquery --available --qf '%{name} %{evr}
' "$@"
[ "$code" = 0 ] || { printf '%s\\n' "$said" >&2; exit "$code"; }
printf '%s\\n' "$said" | sort -u -r -V | sed -n 's/^\\([^ ][^ ]*\\) \\([^ ][^ ]*\\)$/\\1\\t\\2/p'
`,
};

/** What would be done; nothing is. `$1` verb, `$2` seconds to wait for a lock. That it ends with "no" is its failure with exit code 1. */
export const DNF_PLAN: Program = {
  name: "packages-plan",
  text: `${DNF}
verb=$1 seconds=$2
shift 2
dnf --assumeno "$verb" "$@"
case $code/$said in
  0/* | */*"Operation aborted"*) printf '%s\\n' "$said" ;;
  *) printf '%s\\n' "$said" >&2; exit "$code" ;;
esac
`,
};

/**
 * As APT's. What is installed is kept out of sight, so that nothing is upgraded whatever has changed since the plan. Of dnf's own output the
 * table tells what it is about to bring, and counts where it did it.
 */
export const DNF_CHANGE: Program = {
  name: "packages-change",
  outlives: true,
  text: `${DNF}
manager=dnf
${FOUND}${HOME}${BROUGHT}${QUIET}
verb=$1 seconds=$2 names=$3
begin_brought "$4"
shift 4
[ "$verb" = remove ] || set -- -x "$(rpm -qa --qf '%{NAME},' | sed 's/,$//')" "$@"
dnf -y "$verb" "$@"
keep_brought
loud
found "$names" "$names"
printf '%s\\n' --
[ ! -e "$brought" ] || cat "$brought"
`,
};
