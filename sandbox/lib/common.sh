# shellcheck shell=bash
# Names, paths, messages and locks that every part of the sandbox shares.

# The cluster's own node runs the daemons; nobody logs in there. The others are the hosts of a site.
readonly CLUSTER_NODE=ceph1
NAME=${SANDBOX_NAME:-default}
STATE_ROOT=${SANDBOX_STATE:-/var/lib/ceph-openstack-sandbox}
CACHE=${SANDBOX_CACHE:-/var/cache/ceph-openstack-sandbox}
STATE=$STATE_ROOT/$NAME
# As many compute hosts as the sandbox was made with; of one that is not made yet, as wanted.
computes() {
  local made=("$STATE"/identity/cmp*)
  if [[ -d ${made[0]} ]]; then echo "${#made[@]}"; else echo "${SANDBOX_COMPUTES:-2}"; fi
}
mapfile -t HOSTS < <(printf '%s\n' mon1 ctl1 vol1 && seq -f 'cmp%.0f' "$(computes)" 2>/dev/null)
readonly HOSTS NODES=("$CLUSTER_NODE" "${HOSTS[@]}")
# Interface names end at 15 bytes, so machines, namespaces and links carry a hash of the whole path instead of the name.
TAG=$(printf %s "$STATE" | sha256sum | cut -c1-6)
PREFIX=cos-$TAG

# Exit code of a sandbox that cannot run on this machine (EX_UNAVAILABLE of sysexits.h).
readonly EXIT_UNAVAILABLE=69

say() { printf '%s\n' "$*" >&2; }
die() {
  say "sandbox: $*"
  exit 1
}
unavailable() {
  say "sandbox: $*, so the sandbox cannot run on this machine; point the example at hosts of your own instead."
  exit "$EXIT_UNAVAILABLE"
}

STEP_STARTED=
# step TEXT [USUAL]: announces a step that takes a while, and how long it usually takes.
step() {
  STEP_STARTED=$EPOCHREALTIME
  say "sandbox $NAME: $1${2:+ (usually $2)} …"
}
step_done() {
  say "sandbox $NAME:   done in $(seconds_since "$STEP_STARTED") s"
}
seconds_since() {
  awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'
}

check_name() {
  [[ $NAME =~ ^[a-z0-9][a-z0-9-]{0,30}$ ]] ||
    die "SANDBOX_NAME '$NAME': use 1 to 31 of a-z, 0-9 and '-', beginning with a letter or digit"
  [[ ${SANDBOX_COMPUTES:-2} =~ ^([2-9]|[1-9][0-9])$ ]] || die "SANDBOX_COMPUTES '$SANDBOX_COMPUTES': 2 to 99 compute hosts"
  local path
  for path in "$STATE_ROOT" "$CACHE"; do
    [[ $path =~ ^/[A-Za-z0-9._/-]+$ ]] || die "'$path': give an absolute path of letters, digits, '.', '_' and '-'"
  done
}

is_host() {
  local host
  for host in "${HOSTS[@]}"; do [[ $host == "${1-}" ]] && return 0; done
  return 1
}
need_host() { is_host "${1-}" || die "'${1-}' is no host of the sandbox; they are: ${HOSTS[*]}"; }
need_made() { [[ -e $STATE/identity/fsid ]] || die "'$NAME' does not exist; run: sandbox up"; }

# One change at a time per sandbox. Children keep the lock, so that a killed run's leftovers end before the next one
# begins; only nodes, which outlive the script, must not inherit descriptor 9.
lock_sandbox() {
  install -d -m 0700 "$STATE_ROOT"
  exec 9>"$STATE_ROOT/.$NAME.lock"
  flock -n 9 && return
  say "sandbox $NAME: another run is at work, waiting for it (up to 10 minutes) …"
  flock -w 600 9 || die "the other run has not ended after 10 minutes"
}

# wait_until SECONDS COMMAND…: tries every 0.1 s; longer on a machine under load, where each try takes its time.
wait_until() {
  local tries=$(($1 * 10))
  shift
  while ! "$@"; do
    ((tries-- > 0)) || return 1
    sleep 0.1
  done
}

# True where systemd manages this machine: it then owns the cgroup tree.
machine_has_systemd() { [[ -d /run/systemd/system ]]; }
