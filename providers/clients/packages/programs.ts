/** The remote half of the packages client: constant programs for a POSIX shell, over dpkg and APT, or rpm and dnf. */
import type { Program } from "../../remote/machine.js";

/** A host with neither. */
export const NO_MANAGER = 65;

/** A host whose packages can be looked at, and not changed: dnf's. */
export const LOOKS_ONLY = 66;

const MANAGER = `
set -u
if command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then manager=apt
elif command -v rpm >/dev/null 2>&1 && command -v dnf >/dev/null 2>&1; then manager=dnf
else exit ${NO_MANAGER}; fi
`;

/** Rows of name, state in dpkg's letters, version. Names hold no blanks and no patterns. */
const FOUND = `
set -f
found() {
  [ -n "$1$2" ] || return 0
  if [ "$manager" = apt ]; then
    dpkg-query -W -f '\${Package}\\t\${db:Status-Abbrev}\\t\${Version}\\n' $1 2>/dev/null || [ $? = 1 ]
  else
    rpm -q --qf '%{NAME}\\tii\\t%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\\n' $2 || :
  fi
}
`;

/** \`$1\` name of the record, \`$2\` names for APT, \`$3\` names for dnf, each divided by blanks. */
export const LOOK: Program = {
  name: "packages-look",
  text: `${MANAGER}${FOUND}
home=/var/lib/pulumi-ceph-openstack
[ "$(id -u)" = 0 ] || home=\${XDG_STATE_HOME:-$HOME/.local/state}/pulumi-ceph-openstack
recorded=
[ ! -e "$home/$1" ] || recorded=yes
printf '%s\\n%s\\n' "$manager" "$recorded"
found "$2" "$3"
`,
};

/** Every version that the host's own indices offer, newest first, in rows of name and version. */
export const OFFERS: Program = {
  name: "packages-offers",
  text: `${MANAGER}
[ "$manager" = apt ] || exit ${LOOKS_ONLY}
apt-cache madison "$@" | while read -r name _ version _; do printf '%s\\t%s\\n' "$name" "$version"; done
`,
};

/**
 * What would be done; nothing is. \`$1\` is \`install\` or \`remove\`. What is recommended is not taken along: nothing is to be there but what was
 * asked for.
 */
export const PLAN: Program = {
  name: "packages-plan",
  text: `${MANAGER}
verb=$1
shift
[ "$manager" = apt ] || exit ${LOOKS_ONLY}
exec apt-get -q --simulate --no-install-recommends -o APT::Get::AutomaticRemove=false "$verb" "$@" </dev/null
`,
};

/**
 * Nothing is started or restarted while packages are set up: with SYSTEMD_OFFLINE systemctl passes such orders over, so that nothing has to be
 * put on the host (a policy-rc.d) that a cut would leave there, and the operator's own one stays in force. needrestart is told to rest.
 * @see https://systemd.io/ENVIRONMENT/
 */
const QUIET = `
export DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1 SYSTEMD_OFFLINE=1
loud() {
  code=$?
  unset SYSTEMD_OFFLINE
  [ ! -d /run/systemd/system ] || systemctl daemon-reload >/dev/null 2>&1 || :
  [ "$code" = 0 ] || exit "$code"
}
`;

/** \`$1\` verb, \`$2\` seconds to wait for a lock, \`$3\` names to look at in the end. Left to its own end where the connection goes: a half-done one is worse than a late one. */
export const CHANGE: Program = {
  name: "packages-change",
  outlives: true,
  text: `${MANAGER}${FOUND}${QUIET}
verb=$1 seconds=$2 names=$3
shift 3
[ "$manager" = apt ] || exit ${LOOKS_ONLY}
[ "$verb" = remove ] || set -- --no-remove --no-upgrade "$@"
apt-get -y -q --no-install-recommends -o DPkg::Lock::Timeout="$seconds" -o Dpkg::Use-Pty=0 -o APT::Get::AutomaticRemove=false \\
  -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$verb" "$@" </dev/null >&2
loud
found "$names" "$names"
`,
};

/** Names of packages that dpkg left half-way. Triggers that are due (`t`, `W`) are everybody's: each installation leaves them with man-db and libc-bin. */
export const HALF_WAY: Program = {
  name: "packages-half-way",
  text: `dpkg-query -W -f '\${db:Status-Abbrev}\\t\${Package}\\n' | while read -r state name; do
  case $state in ?[itWcn]) ;; *) echo "$name" ;; esac
done
`,
};

/** Ends what a killed installation left half-way. */
export const CONFIGURE: Program = {
  name: "packages-configure",
  outlives: true,
  text: `${QUIET}
dpkg --force-confdef --force-confold --configure -a </dev/null >&2
loud
`,
};

/** What a change that runs is at: who has a lock, or how much was fetched. */
export const WATCH: Program = {
  name: "packages-watch",
  text: `
for lock in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/cache/apt/archives/lock; do
  inode=$(stat -c %i "$lock" 2>/dev/null) || continue
  while read -r _ kind _ _ pid place _; do
    case $kind/$place in POSIX/*:"$inode") ;; *) continue ;; esac
    name=
    { IFS= read -r name <"/proc/$pid/comm"; } 2>/dev/null || :
    case $name in apt-get) ;; *) printf 'lock\\t%s\\t%s\\t%s\\n' "$lock" "$pid" "$name"; exit 0 ;; esac
  done </proc/locks
done
size=$(du -sk /var/cache/apt/archives /var/cache/dnf 2>/dev/null | { all=0; while read -r one _; do all=$((all + one)); done; echo "$all"; })
printf 'fetched\\t%s\\n' "$size"
`,
};
