/** The remote half of the packages client over dpkg and APT, and what it shares with dnf's: constant programs for a POSIX shell. */
import type { Program } from "../../remote/machine.js";

/** A host with neither. */
export const NO_MANAGER = 65;

/** Another installer held a lock for too long. */
export const LOCKED = 66;

const MANAGER = `
set -u
if command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then manager=apt
elif command -v rpm >/dev/null 2>&1 && { command -v dnf || command -v dnf5; } >/dev/null 2>&1; then manager=dnf
else exit ${NO_MANAGER}; fi
`;

/** Rows of name, state in dpkg's letters, version. Names hold no blanks and no patterns. */
export const FOUND = `
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

export const HOME = `
home=/var/lib/pulumi-ceph-openstack
[ "$(id -u)" = 0 ] || home=\${XDG_STATE_HOME:-$HOME/.local/state}/pulumi-ceph-openstack
`;

/**
 * What installations of ours have brought, by what the manager itself says that it does, which it does under its lock: somebody else may
 * have brought a package while ours waited for it. The names lie on the host until they are in the record, so that a cut loses none; `$out`
 * is what an installation printed, and is left where it was killed. Of dnf the table of a transaction that was begun.
 */
export const BROUGHT = `
brought=$home/packages-brought
out=$brought.$$
apt_brought() { sed -n '/^Unpacking .*) over (/d; s/^Unpacking \\([^ :]*\\)[: ].*/\\1/p' "$1"; }
dnf_brought() {
  grep -q '^Running transaction$' "$1" || return 0
  ! grep -q 'transaction lock' "$1" || return 0
  section=
  while IFS= read -r line; do
    case $line in
      Installing*:) section=yes ;;
      ' '[!' ']*) [ -z "$section" ] || { line=\${line# }; printf '%s\\n' "\${line%% *}"; } ;;
      ' '*) ;;
      *) section= ;;
    esac
  done <"$1"
}
# Not what an installation that runs is printing.
forget_brought() {
  rm -f "$brought"
  for one in "$brought".*; do [ -d "/proc/\${one##*.}" ] || rm -f "$one"; done
}
begin_brought() {
  [ -d "$home" ] || ( umask 077; mkdir -p "$home" )
  [ "$1" != anew ] || ( set +f; forget_brought )
}
keep_brought() {
  "\${manager}_brought" "$out" >>"$brought"
  cat "$out" >&2
  rm -f "$out"
  [ -s "$brought" ] || rm -f "$brought"
}
`;

/** `$1` name of the record, `$2` names for APT, `$3` names for dnf, each divided by blanks. */
export const LOOK: Program = {
  name: "packages-look",
  text: `${MANAGER}${FOUND}${HOME}
recorded=
[ ! -e "$home/$1" ] || recorded=yes
printf '%s\\n%s\\n' "$manager" "$recorded"
found "$2" "$3"
`,
};

/** Every version that the host's own indices offer, newest first, in rows of name and version. */
export const APT_OFFERS: Program = {
  name: "packages-offers",
  text: `
shift
apt-cache madison "$@" | while read -r name _ version _; do printf '%s\\t%s\\n' "$name" "$version"; done
`,
};

/**
 * What would be done; nothing is. `$1` is `install` or `remove`; `$2` is dnf's. What is recommended is not taken along: nothing is to be
 * there but what was asked for.
 */
export const APT_PLAN: Program = {
  name: "packages-plan",
  text: `
verb=$1
shift 2
exec apt-get -q --simulate --no-install-recommends -o APT::Get::AutomaticRemove=false "$verb" "$@" </dev/null
`,
};

/**
 * Nothing is started or restarted while packages are set up: with SYSTEMD_OFFLINE systemctl passes such orders over, so that nothing has to be
 * put on the host (a policy-rc.d) that a cut would leave there, and the operator's own one stays in force. needrestart is told to rest.
 * By the last variable what runs here is known from the work of others.
 * @see https://systemd.io/ENVIRONMENT/
 */
export const QUIET = `
export PULUMI_CEPH_OPENSTACK=packages DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1 SYSTEMD_OFFLINE=1
loud() {
  unset SYSTEMD_OFFLINE
  [ ! -d /run/systemd/system ] || systemctl daemon-reload >/dev/null 2>&1 || :
  [ "$code" = 0 ] || exit "$code"
}
`;

/**
 * `$1` verb, `$2` seconds to wait for a lock, `$3` names to look at in the end, `$4` `anew` where nothing is left of an earlier one. Left to
 * its own end where the connection goes: a half-done one is worse than a late one. What it brought follows what was found.
 */
export const APT_CHANGE: Program = {
  name: "packages-change",
  outlives: true,
  text: `set -u
manager=apt
${FOUND}${HOME}${BROUGHT}${QUIET}
verb=$1 seconds=$2 names=$3
begin_brought "$4"
shift 4
[ "$verb" = remove ] || set -- --no-remove --no-upgrade "$@"
code=0
apt-get -y -q --no-install-recommends -o DPkg::Lock::Timeout="$seconds" -o Dpkg::Use-Pty=0 -o APT::Get::AutomaticRemove=false \\
  -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$verb" "$@" </dev/null >"$out" 2>&1 || code=$?
keep_brought
loud
found "$names" "$names"
printf '%s\\n' --
[ ! -e "$brought" ] || cat "$brought"
`,
};

/** What installations brought that are not in the record yet, those that were killed too. */
export const BROUGHT_YET: Program = {
  name: "packages-brought",
  text: `${MANAGER}${HOME}${BROUGHT}
[ ! -e "$brought" ] || cat "$brought"
for out in "$brought".*; do [ ! -e "$out" ] || "\${manager}_brought" "$out"; done
`,
};

/** It is in the record. */
export const FORGET_BROUGHT: Program = {
  name: "packages-forget-brought",
  text: `${HOME}${BROUGHT}
forget_brought
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
code=0
dpkg --force-confdef --force-confold --configure -a </dev/null >&2 || code=$?
loud
`,
};
