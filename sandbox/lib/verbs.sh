# shellcheck shell=bash
# What the command line offers.

verb_up() {
  local started=$EPOCHREALTIME
  check_machine
  lock_sandbox
  suites_kept
  services_kept
  if [[ -e $CLUSTER/configured ]] && everything_is_up; then
    say "sandbox $NAME: already up"
    return
  fi
  install_tools
  identity_need
  trees_choose
  write_access_files
  install -d -m 0700 "$STATE/log"
  start_all
  say "sandbox $NAME: up after $(seconds_since "$started") s. Log in with: ssh -F $STATE/ssh_config cmp1"
}

# A sandbox stays on the trees it was made from; a reset moves it to those of today's recipe.
trees_choose() {
  # Of before the cluster could have trees of its own.
  [[ ! -e $STATE/tree || -e $STATE/ceph-tree ]] || cp "$STATE/tree" "$STATE/ceph-tree"
  tree_choose tree "$(tree_id "$(hosts_suite)")"
  tree_choose ceph-tree "$(tree_id "$(ceph_suite)")"
  services_choose
}
tree_choose() {
  local file=$STATE/$1 wanted=$2
  if [[ -e $file && $(<"$file") != "$wanted" ]]; then
    if [[ -e $(tree_path "$(<"$file")")/complete ]]; then
      say "sandbox $NAME: it runs on trees of an older recipe; 'sandbox reset' renews them"
      return
    fi
    die "its trees are gone from $CACHE and the recipe has changed; run: sandbox reset"
  fi
  tree_need "$wanted"
  printf '%s\n' "$wanted" >"$file"
}
# Another recipe may bring another Ceph, which must not start on an older one's stores.
trees_forget_old() {
  if [[ ! -e $STATE/tree || ! -e $STATE/ceph-tree || $(<"$STATE/tree") != "$(tree_id "$(hosts_suite)")" ||
    $(<"$STATE/ceph-tree") != "$(tree_id "$(ceph_suite)")" ]]; then
    rm -rf --one-file-system "$STATE/tree" "$STATE/ceph-tree" "$CLUSTER/seed"
  fi
}

start_all() {
  local host pids=() pid
  cluster_seed_need
  cluster_data_need
  step "starting the cluster and ${#HOSTS[@]} hosts" "10-20 s for a new cluster, else 5-10 s"
  raise_inotify
  network_up
  for host in "${NODES[@]}"; do
    node_prepare "$host"
    node_start "$host"
  done
  cluster_configure
  for host in "${HOSTS[@]}"; do host_wait "$host" & pids+=($!); done
  cluster_wait
  for pid in "${pids[@]}"; do wait "$pid" || exit 1; done
  step_done
}

everything_is_up() {
  local host
  network_is_up || return 1
  for host in "${HOSTS[@]}"; do cable_is_in "$host" && host_is_up "$host" || return 1; done
  cluster_is_up
}

verb_status() {
  local host health state all=0
  [[ -e $IDENTITY/fsid ]] || { echo "$NAME: does not exist" && return 1; }
  health=$(cluster_health)
  printf '%-8s %-16s %s\n' NODE ADDRESS STATE
  printf '%-8s %-16s %s\n' "$CLUSTER_NODE" "$(address_of "$CLUSTER_NODE")" "$health"
  [[ $health == HEALTH_*" ${#OSDS[@]} up ${#OSDS[@]} in"* ]] || all=1
  for host in "${HOSTS[@]}"; do
    state=up
    if ! node_runs "$host"; then
      state=down
    elif ! cable_is_in "$host"; then
      state='running, cable out'
    elif ! ssh_answers "$(address_of "$host")"; then
      state='running, no ssh'
    fi
    [[ $state == up ]] || all=1
    printf '%-8s %-16s %s\n' "$host" "$(address_of "$host")" "$state"
  done
  return "$all"
}

verb_reset() {
  local started=$EPOCHREALTIME node
  check_machine
  need_made
  lock_sandbox
  suites_kept
  install_tools
  step "taking away cluster data and hosts" "1-2 s"
  nodes_kill "${NODES[@]}"
  network_down
  rm -f "$CLUSTER/configured"
  rm -rf --one-file-system "$STATE/nodes" "$CLUSTER/data"
  step_done
  trees_forget_old
  trees_choose
  write_access_files
  start_all
  say "sandbox $NAME: pristine after $(seconds_since "$started") s"
}

verb_down() {
  check_machine
  lock_sandbox
  step "shutting down" "3-5 s"
  nodes_stop "${HOSTS[@]}"
  nodes_stop "$CLUSTER_NODE"
  network_down
  step_done
}

verb_crash() {
  check_machine
  lock_sandbox
  nodes_kill "${NODES[@]}"
  network_down
}

verb_destroy() {
  check_machine
  lock_sandbox
  nodes_kill "${NODES[@]}"
  network_down
  rm -rf --one-file-system "$STATE"
  rm -f "$STATE_ROOT/.$NAME.lock"
  rmdir "$STATE_ROOT" 2>/dev/null || true
  say "sandbox $NAME: gone. The trees for the next one stay in $CACHE."
}

verb_reboot_host() {
  need_host "$1"
  need_made
  local before started=$EPOCHREALTIME
  before=$(node_leader_pid "$1") || die "$1 does not run"
  node_exec "$1" systemctl reboot
  wait_until 30 all_gone "$before" || die "$1 does not go down"
  host_wait "$1"
  say "sandbox $NAME: $1 is up again after $(seconds_since "$started") s"
}

verb_cable() {
  [[ $2 == "$CLUSTER_NODE" ]] || need_host "$2"
  need_made
  cable "$2" "$1"
}
