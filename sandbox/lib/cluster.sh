# shellcheck shell=bash
# The Ceph cluster: one monitor, one manager, three OSDs (bluestore on sparse files) under the distribution's own units.

readonly CLUSTER=$STATE/cluster
readonly OSDS=(0 1 2)
# Sparse: the space is taken when something is written.
readonly OSD_BYTES=$((16 << 30))

# Keys and stores before their first start. A reset goes back to this, so keys and fsid stay the same.
cluster_seed_need() {
  [[ -d $CLUSTER/seed ]] && return
  step "making the cluster's keys, monitor store and OSDs" "5 s, once"
  rm -rf --one-file-system "$CLUSTER/seed.new"
  install -d -m 0700 "$CLUSTER"
  mkdir -p "$CLUSTER"/seed.new/{upper,work,root,data,keys}
  unshare --mount --propagation slave "$BASH" -euo pipefail "$SANDBOX_SELF" _seed "$CLUSTER/seed.new" \
    >"$STATE/log/seed.log" 2>&1 || { tail -n 25 "$STATE/log/seed.log" >&2 && die "the cluster could not be made"; }
  rm -rf "$CLUSTER"/seed.new/{upper,work,root}
  mv "$CLUSTER/seed.new" "$CLUSTER/seed"
  step_done
}

# In a mount namespace of its own.
cluster_seed() {
  local dir=$1 root=$1/root
  mount -t overlay overlay -o "lowerdir=$(node_lower ceph1),upperdir=$dir/upper,workdir=$dir/work" "$root"
  cp -a "$root/var/lib/ceph/." "$dir/data/"
  chown --reference="$root/var/lib/ceph" "$dir/data"
  chmod --reference="$root/var/lib/ceph" "$dir/data"
  mount --bind "$dir/data" "$root/var/lib/ceph"
  mount --bind /dev "$root/dev"
  mount -t proc proc "$root/proc"
  cluster_conf >"$root/etc/ceph/ceph.conf"
  local old=
  ! cluster_has_older_clients || old=yes
  mkdir "$root/seed"
  mount --bind "$dir/keys" "$root/seed"
  chroot "$root" /bin/bash -euc "$(declare -f seed_monitor seed_osd)"'
    umask 077
    seed_monitor "$1" "$2" "$3"
    shift 3
    bytes=$1
    shift
    for osd; do seed_osd "$osd" "$bytes" & pids+=($!); done
    for pid in "${pids[@]}"; do wait "$pid"; done
    chown -R ceph:ceph /var/lib/ceph/mon /var/lib/ceph/mgr /var/lib/ceph/osd
  ' seed "$(<"$IDENTITY/fsid")" "$(mon_host | sed 's:/0::g')" "$old" "$OSD_BYTES" "${OSDS[@]}"
}

# Ceph 20 makes keys that nothing before it can read. A cluster that was upgraded still has and makes the others.
cluster_has_older_clients() {
  local hosts cluster
  hosts=$(ceph_major mon1) cluster=$(ceph_major "$CLUSTER_NODE")
  ((cluster >= 20 && hosts < 20))
}
ceph_major() {
  local version
  version=$(chroot "$(node_tree "$1")/base" dpkg-query -W -f '${Version}' ceph-common)
  printf '%s' "${version%%.*}"
}

# These two run inside the tree.
seed_monitor() {
  local ciphers=() client=()
  [[ -z $3 ]] || ciphers=(--auth-allowed-ciphers aes,aes256k --auth-preferred-cipher aes) client=(--key-type aes)
  cd /seed || return
  ceph-authtool -C mon.keyring --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool -C admin.keyring --gen-key "${client[@]}" -n client.admin \
    --cap mon 'allow *' --cap mgr 'allow *' --cap osd 'allow *' --cap mds 'allow *'
  mkdir -p /var/lib/ceph/mgr/ceph-ceph1
  ceph-authtool -C /var/lib/ceph/mgr/ceph-ceph1/keyring --gen-key -n mgr.ceph1 \
    --cap mon 'allow profile mgr' --cap osd 'allow *' --cap mds 'allow *'
  ceph-authtool mon.keyring --import-keyring admin.keyring
  ceph-authtool mon.keyring --import-keyring /var/lib/ceph/mgr/ceph-ceph1/keyring
  monmaptool --create --fsid "$1" "${ciphers[@]}" --addv ceph1 "$2" monmap
  mkdir -p /var/lib/ceph/mon/ceph-ceph1
  ceph-mon --mkfs -i ceph1 --no-mon-config --fsid "$1" --monmap monmap --keyring mon.keyring
  touch /var/lib/ceph/mon/ceph-ceph1/done
}

seed_osd() {
  local dir=/var/lib/ceph/osd/ceph-$1 uuid
  uuid=$(cat /proc/sys/kernel/random/uuid)
  mkdir -p "$dir"
  ceph-authtool -C "$dir/keyring" --gen-key -n "osd.$1"
  ceph-osd --mkfs -i "$1" --no-mon-config --osd-uuid "$uuid" --monmap /seed/monmap \
    --osd_objectstore bluestore --bluestore_block_size "$2" --osd_data "$dir"
  printf '%s %s %s\n' "$1" "$uuid" "$(ceph-authtool -p -n "osd.$1" "$dir/keyring")" >"/seed/osd.$1"
}

# Identity and addresses only: a line in a configuration file beats `ceph config set`.
cluster_conf() {
  printf '[global]\nfsid = %s\nmon_host = %s\n' "$(<"$IDENTITY/fsid")" "$(mon_host)"
}

cluster_fill_node() {
  local root=$1
  tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
  cluster_fill_admin "$root"
  # A daemon's address ends in a nonce, by default its process id. Process ids repeat from boot to boot here, and a daemon
  # that comes back under its old address after a power loss leaves its peers waiting for ever (Messenger::get_pid_nonce).
  echo CEPH_USE_RANDOM_NONCE=1 >>"$root/etc/default/ceph"
  ln -sf /dev/null "$root/etc/systemd/system/ssh.service"
  chroot "$root" systemctl --quiet enable ceph-mon@ceph1.service ceph-mon.target ceph.target
}

cluster_fill_admin() {
  cluster_conf >"$1/etc/ceph/ceph.conf"
  chmod 0644 "$1/etc/ceph/ceph.conf"
  install -m 0600 "$CLUSTER/seed/keys/admin.keyring" "$1/etc/ceph/ceph.client.admin.keyring"
}

# The data of a cluster that was never told about its OSDs is of no use: it begins again from the seed.
cluster_data_need() {
  [[ -e $CLUSTER/configured ]] && return
  nodes_kill ceph1
  rm -rf --one-file-system "$CLUSTER/data" "$CLUSTER/data.new" "$(node_dir ceph1)"
  cp -a --sparse=always "$CLUSTER/seed/data" "$CLUSTER/data.new"
  mv "$CLUSTER/data.new" "$CLUSTER/data"
}

cluster_daemons_run() {
  node_exec ceph1 systemctl is-active --quiet ceph-mon@ceph1 ceph-mgr@ceph1 "${OSDS[@]/#/ceph-osd@}" 2>/dev/null
}
cluster_is_booted() { node_exec ceph1 systemctl is-active --quiet ceph-mon@ceph1.service 2>/dev/null; }

# First start: tell the monitor about OSDs and settings, then start the other daemons, for good.
cluster_configure() {
  [[ -e $CLUSTER/configured ]] && return
  wait_until 60 cluster_is_booted || node_gave_up ceph1 "its monitor does not start"
  cat "$CLUSTER"/seed/keys/osd.* | cluster_python configure
  node_exec ceph1 systemctl --quiet enable --now ceph-mgr.target ceph-osd.target ceph-mgr@ceph1 "${OSDS[@]/#/ceph-osd@}" ||
    node_gave_up ceph1 "its daemons do not start"
  cluster_python wait-pristine "${#OSDS[@]}" || node_gave_up ceph1 "the cluster does not become pristine"
  touch "$CLUSTER/configured"
}

# One line: what ceph says, or 'down'.
cluster_health() {
  { node_runs ceph1 && cluster_daemons_run && cluster_python health 2>/dev/null; } || echo down
}
# Up is what works; a warning about somebody's pool is their business.
cluster_is_up() { [[ $(cluster_health) == HEALTH_*" ${#OSDS[@]} up ${#OSDS[@]} in"* ]]; }

cluster_wait() {
  wait_until 60 cluster_is_booted || node_gave_up ceph1 "its monitor does not start"
  cluster_python wait "${#OSDS[@]}" || node_gave_up ceph1 "the cluster does not come up"
}

# One process, one connection, many commands: the ceph tool costs a quarter of a second a call. librados may abort where a
# daemon answers after its time limit, as on a busy machine, and Ceph 14's crash; what waits may wait again.
cluster_python() {
  local program code try input=''
  program=$(<"$SANDBOX_LIB/cluster.py")
  # Each try must have it.
  [[ $1 != configure ]] || input=$(cat)
  for try in 1 2 3; do
    code=0
    node_exec ceph1 timeout 240 /usr/bin/python3 -c "$program" "$@" <<<"$input" || code=$?
    ((code == ABORTED || code == CRASHED)) || break
  done
  return "$code"
}
readonly ABORTED=134 CRASHED=139
