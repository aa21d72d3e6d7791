# shellcheck shell=bash
# One node: an overlay above the shared trees, booted by systemd-nspawn with systemd as its first process.

node_dir() { printf '%s/nodes/%s' "$STATE" "$1"; }
node_machine() { printf '%s-%s' "$PREFIX" "$1"; }

# node_tree NODE: the trees that it is made of.
node_tree() {
  local file=tree
  [[ $1 != "$CLUSTER_NODE" ]] || file=ceph-tree
  tree_path "$(<"$STATE/$file")"
}

# Trees below a node, top first. An engine for containers lies below a role's layer: each has files of users of its own, and the role's count.
node_lower() {
  local tree engine layer=
  tree=$(node_tree "$1") engine=$(host_engine "$1")
  if [[ -e $SERVICES_FILE && -n $(services_units "$1") ]]; then
    cat "$SERVICES_FILE"
    return
  fi
  case $1 in
    ceph1) layer=ceph ;;
    ctl1) layer=glance ;;
    vol1) layer=cinder ;;
    cmp*) layer=nova ;;
  esac
  echo "${layer:+$tree/$layer:}${engine:+$engine/containers:}$tree/base"
}

# systemd knows no cgroup v1 since 258; on a machine that has both nspawn must be told to give it v2.
node_needs_unified() {
  local version
  version=$(chroot "$(node_tree "$1")/base" dpkg-query -W -f '${Version}' systemd)
  ((${version%%[!0-9]*} >= 258))
}

# Processes are found by what they are, never by a file that a crash leaves behind.
node_supervisor_pid() { pgrep -f "^[^ ]*bash [^ ]*/boot-node .* $(node_machine "$1")\$" || true; }
node_nspawn_pid() { pgrep -f "^systemd-nspawn .*--machine=$(node_machine "$1") " || true; }
# The node's first process, once it is systemd.
node_leader_pid() {
  local nspawn leader
  nspawn=$(node_nspawn_pid "$1")
  [[ -n $nspawn ]] || return 1
  leader=$(pgrep -o -P "${nspawn%%$'\n'*}" systemd) && printf '%s' "$leader"
}
# Every process that has these nodes' root mounted, inside and outside, whoever of them is left: where nspawn alone was
# killed, its child lives on.
nodes_pids() {
  local node patterns=()
  for node in "$@"; do
    patterns+=(-e "upperdir=$(node_dir "$node")/upper,")
    node_supervisor_pid "$node"
  done
  grep -lsF "${patterns[@]}" /proc/[0-9]*/mountinfo | cut -d/ -f3 || true
}
node_runs() { [[ -n $(node_nspawn_pid "$1") ]]; }

# node_exec NODE COMMAND…: as root inside, not by ssh.
node_exec() {
  local leader
  leader=$(node_leader_pid "$1") || die "$1 does not run"
  shift
  nsenter -t "$leader" -m -u -i -n -p -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root "$@"
}

# node_add NODE DIRECTORY: puts what a layer's packages brought onto a running node. The package manager there is not told.
node_add() {
  # Device files are what overlayfs makes of a file that is gone.
  (cd "$2" && find . \( -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/cache -o -path ./var/log \
    -o -path ./run -o -path ./tmp \) -prune -o \( -type f -o -type l \) -print0 | tar -c --null -T - -f -) |
    node_exec "$1" tar -C / -x -f - --keep-directory-symlink
}

# Writes the node's own files, once; an interrupted run leaves nothing that counts.
node_prepare() {
  local dir
  dir=$(node_dir "$1")
  [[ -d $dir ]] && return
  rm -rf --one-file-system "$dir.new"
  mkdir -p "$dir.new/upper" "$dir.new/work" "$dir.new/root"
  chmod 0755 "$dir.new/upper"
  unshare --mount --propagation slave "$BASH" -euo pipefail "$SANDBOX_SELF" _prepare "$1" "$dir.new"
  mv "$dir.new" "$dir"
}

# In a mount namespace of its own.
node_fill() {
  local node=$1 dir=$2 root=$2/root other
  mount -t overlay overlay -o "lowerdir=$(node_lower "$node"),upperdir=$dir/upper,workdir=$dir/work" "$root"
  # systemctl of trixie asks for it.
  mount -t proc proc "$root/proc"
  echo "$node" >"$root/etc/hostname"
  {
    printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$node"
    for other in "${NODES[@]}"; do
      [[ $other == "$node" ]] || printf '%s %s\n' "$(address_of "$other")" "$other"
    done
  } >"$root/etc/hosts"
  if [[ $node == "$CLUSTER_NODE" ]]; then
    cluster_fill_node "$root"
  else
    host_fill "$node" "$root"
    services_enable "$node" "$root"
  fi
}

host_fill() {
  local host=$1 root=$2 home user
  install -m 0444 "$IDENTITY/$host/machine-id" "$root/etc/machine-id"
  install -m 0600 "$IDENTITY/$host"/ssh_host_*_key "$root/etc/ssh/"
  install -m 0644 "$IDENTITY/$host"/ssh_host_*_key.pub "$root/etc/ssh/"
  for home in "$root/root" "$root"/home/*; do
    user=${home##*/}
    install -d -m 0700 "$home/.ssh"
    install -m 0600 "$IDENTITY/key.pub" "$home/.ssh/authorized_keys"
    chroot "$root" chown -R "$user:" "/${home#"$root/"}/.ssh"
  done
  printf 'pwops:%s\n' "$(<"$IDENTITY/pwops-password")" | chroot "$root" chpasswd
  if [[ $host == mon1 ]]; then cluster_fill_admin "$root"; fi
}

node_start() {
  local node=$1 binds=() engine
  node_runs "$node" && return
  nodes_kill "$node"
  [[ $node != "$CLUSTER_NODE" ]] || binds=("--bind=$STATE/cluster/data:/var/lib/ceph")
  engine=$(host_engine "$node")
  # An engine gives each container a keyring of the kernel's, as it may on any host but this kind.
  [[ -z $engine ]] || binds=("--bind=$(host_containers "$node")/data:/var/lib/containers"
    "--bind-ro=$engine/store:/usr/share/containers/store" "--system-call-filter=@keyring")
  install -d -m 0700 "$STATE/log"
  local unified=()
  ! node_needs_unified "$node" || unified=(SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1)
  # A session of its own: the node lives on when the caller's terminal and shell are gone.
  setsid --fork nohup env "${unified[@]}" "$BASH" "$SANDBOX_LIB/boot-node" "$(node_dir "$node")" "$(node_lower "$node")" \
    "/run/netns/$(node_netns "$node")" "$node" "${binds[@]}" "$(node_machine "$node")" \
    </dev/null >"$STATE/log/$node.log" 2>&1 8>&- 9>&-
}

ssh_answers() {
  local banner
  banner=$(timeout 2 "$BASH" -c 'exec 3<>"/dev/tcp/$1/22" && read -r line <&3 && printf %s "$line"' banner "$1" 2>/dev/null)
  [[ $banner == SSH-2.0-* ]]
}
node_is_running() { [[ $(node_exec "$1" systemctl is-system-running 2>/dev/null) == running ]]; }
host_is_up() { node_runs "$1" && ssh_answers "$(address_of "$1")"; }

host_wait() {
  wait_until 60 host_is_up "$1" || node_gave_up "$1" "its sshd does not answer"
  wait_until 60 node_is_running "$1" || node_gave_up "$1" "its systemd is not 'running'"
  services_wait "$1"
}
node_gave_up() {
  tail -n 20 "$STATE/log/$1.log" >&2
  ! node_runs "$1" || node_exec "$1" systemctl --no-pager --failed >&2 || true
  ! grep -q 'inotify object: Too many open files' "$STATE/log/$1.log" ||
    die "$1: its systemd got no inotify instance ($INOTIFY_INSTANCES: $(<"$INOTIFY_INSTANCES")); raise that, or take other sandboxes away"
  die "$1: $2; the log is $STATE/log/$1.log"
}

# Asks every node to power off, all at once, and waits.
nodes_stop() {
  local node pid pids=()
  for node in "$@"; do
    pid=$(node_nspawn_pid "$node")
    [[ -z $pid ]] || { kill -TERM "$pid" 2>/dev/null && pids+=("$pid"); } || true
  done
  wait_until 25 all_gone "${pids[@]}" || true
  nodes_kill "$@"
}

# Power loss: every process of these nodes at once.
nodes_kill() {
  local node pids=()
  mapfile -t pids < <(nodes_pids "$@")
  ((${#pids[@]} == 0)) || kill -KILL "${pids[@]}" 2>/dev/null || true
  wait_until 20 all_gone "${pids[@]}" || die "processes ${pids[*]} do not end"
  for node in "$@"; do node_cgroups_remove "$node"; done
}

all_gone() {
  local pid
  for pid; do [[ ! -e /proc/$pid ]] || return 1; done
}

node_cgroups_remove() {
  local root dir
  while read -r root; do
    dir=$root/$(node_machine "$1")
    [[ ! -d $dir ]] || find "$dir" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done < <(cgroup_roots)
}
