# shellcheck shell=bash
# A small cluster beside the sandbox's own, of any name, on the cluster's node: monitors under the addresses that are asked for, and OSDs in
# memory where they are wanted. It is there in seconds, and gone with the node.

verb_monitors() {
  local verb=${1-} name=${2-}
  shift 2 || true
  need_made
  [[ $name =~ ^[a-z][a-z0-9]{1,20}$ && $name != ceph ]] || die "'$name' is no name for a cluster beside 'ceph': a-z, 0-9"
  case $verb in
    up) monitors_up "$name" "$@" ;;
    start) monitors_run "$name" second_start "${1:?which}" ;;
    move) monitors_move "$name" "$@" ;;
    osds) monitors_run "$name" second_osds "${1:?how many}" "$(address_of "$CLUSTER_NODE")" ;;
    osd) monitors_run "$name" second_osd_start "${1:?which}" "$(address_of "$CLUSTER_NODE")" ;;
    stretch) monitors_run "$name" second_stretch "$@" >&2 ;;
    down) monitors_down "$name" ;;
    *) die "monitors $verb: it is up, start, move, osds, osd, stretch or down" ;;
  esac
}

# monitors_run NAME FUNCTION ARGUMENT…: on the cluster's node.
monitors_run() {
  node_exec "$CLUSTER_NODE" "$BASH" -euo pipefail -c "$(declare -f second_monitor second_start second_up second_move second_wait second_osds second_osd_start second_stretch second_ceph)"'
    cluster=$1 dir=/var/lib/$1 conf=/etc/ceph/$1.conf
    shift
    "$@"
  ' second "$@"
}

# monitors_up NAME ID=ADDRESSES…: prints the fsid, and makes mon1 its admin host.
monitors_up() {
  local name=$1 pair old=
  shift
  for pair; do monitors_address "${pair#*=}"; done
  ! cluster_has_older_clients || old=yes
  monitors_run "$name" second_up "$(</proc/sys/kernel/random/uuid)" "$old" "$@" >&2
  local file
  for file in "$name.conf" "$name.client.admin.keyring"; do
    node_exec "$CLUSTER_NODE" cat "/etc/ceph/$file" | node_exec mon1 sh -c 'umask 077; cat >"$1"' write "/etc/ceph/$file"
  done
  node_exec "$CLUSTER_NODE" ceph --cluster "$name" fsid
}

# A monitor moves as Ceph's handbook says: it is taken out, and comes back empty under its new address.
monitors_move() {
  monitors_address "${2#*=}"
  monitors_run "$1" second_move "${2%%=*}" "${2#*=}"
}

monitors_down() {
  local node
  node_exec "$CLUSTER_NODE" sh -c 'systemctl stop "$1-*" || true; systemctl reset-failed "$1-*" 2>/dev/null || true
    rm -rf "/var/lib/$1" "/etc/ceph/$1.conf" "/etc/ceph/$1".client.*' down "$1"
  node_exec mon1 sh -c 'rm -f "/etc/ceph/$1.conf" "/etc/ceph/$1".client.*' down "$1"
}

# The addresses of a monitor, on the cluster's node; with the first of IPv6 all nodes get one: fd00:c05::BYTE.
monitors_address() {
  local address node
  for address in $(grep -oE '\[fd00:c05::[0-9a-f]+\]|[0-9]+(\.[0-9]+){3}' <<<"$1" | tr -d '[]' | sort -u); do
    if [[ $address == *:* ]]; then
      for node in "${NODES[@]}"; do
        ip -n "$(node_netns "$node")" addr replace "fd00:c05::$(address_byte "$node")/64" dev eth0 nodad
      done
      ip -n "$(node_netns "$CLUSTER_NODE")" addr replace "$address/64" dev eth0 nodad
    elif [[ $address != "$(address_of "$CLUSTER_NODE")" ]]; then
      ip -n "$(node_netns "$CLUSTER_NODE")" addr replace "$address/25" dev eth0
    fi
  done
}

# These run on the cluster's node, with $cluster, $dir and $conf.
second_ceph() { ceph --cluster "$cluster" --connect-timeout 20 "$@"; }

second_up() {
  local fsid=$1 old=$2 pair maps=() ciphers=() client=()
  shift 2
  [[ -z $old ]] || ciphers=(--auth-allowed-ciphers aes,aes256k --auth-preferred-cipher aes) client=(--key-type aes)
  mkdir -p "$dir"
  for pair; do maps+=(--addv "${pair%%=*}" "${pair#*=}"); done
  printf '[global]\nfsid = %s\nmon_host = %s\n' "$fsid" "$(IFS=' ' && echo "${*#*=}")" >"$conf"
  ! grep -q '\[fd' "$conf" || printf 'ms_bind_ipv4 = false\nms_bind_ipv6 = true\n' >>"$conf"
  monmaptool --create --fsid "$fsid" "${ciphers[@]}" "${maps[@]}" "$dir/monmap"
  ceph-authtool -C "$dir/keyring" --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool -C "/etc/ceph/$cluster.client.admin.keyring" --gen-key "${client[@]}" -n client.admin \
    --cap mon 'allow *' --cap mgr 'allow *' --cap osd 'allow *' --cap mds 'allow *'
  ceph-authtool "$dir/keyring" --import-keyring "/etc/ceph/$cluster.client.admin.keyring"
  for pair; do second_monitor "${pair%%=*}"; done
  second_wait "$#"
  second_ceph config set global mon_warn_on_pool_no_redundancy false
  second_ceph config set mon auth_allow_insecure_global_id_reclaim false
}

# second_monitor ID: an empty one of the map in $dir, under the addresses that it has there.
second_monitor() {
  rm -rf "${dir:?}/$1"
  mkdir -p "$dir/$1"
  ceph-mon --mkfs --cluster "$cluster" -i "$1" --mon-data "$dir/$1" --no-mon-config --monmap "$dir/monmap" --keyring "$dir/keyring"
  second_start "$1"
}

# As a unit of its own, which ends with it.
second_start() {
  systemctl reset-failed "$cluster-mon-$1" 2>/dev/null || true
  systemd-run --quiet --unit "$cluster-mon-$1" /usr/bin/ceph-mon -f --cluster "$cluster" -i "$1" --mon-data "$dir/$1" \
    --osd_crush_chooseleaf_type 0 --mon_data_avail_crit 0 --mon_data_avail_warn 1
}

second_wait() {
  local try
  for try in {1..60}; do
    [[ $(second_ceph quorum_status -f json 2>/dev/null | grep -o '"quorum_names":\[[^]]*\]' | grep -o '"[a-z0-9]*"[],]' | wc -l) != "$1" ]] ||
      return 0
    sleep 0.3
  done
  echo "there is no quorum of $1" >&2
  return 1
}

second_move() {
  local quorum
  systemctl stop "$cluster-mon-$1"
  second_ceph mon rm "$1"
  second_ceph mon getmap -o "$dir/monmap" >/dev/null
  quorum=$(monmaptool --print "$dir/monmap" | grep -c '^[0-9]*: ')
  monmaptool --addv "$1" "$2" "$dir/monmap" >/dev/null
  second_monitor "$1"
  second_wait "$((quorum + 1))"
}

# second_osds N ADDRESS: in memory; where in the CRUSH map they are is said by whoever wants it.
second_osds() {
  local osd uuid
  for ((osd = 0; osd < $1; osd++)); do
    uuid=$(</proc/sys/kernel/random/uuid)
    mkdir -p "$dir/osd$osd"
    ceph-authtool -C "$dir/osd$osd/keyring" --gen-key -n "osd.$osd" --cap mon 'allow profile osd' --cap mgr 'allow profile osd' --cap osd 'allow *'
    second_ceph osd new "$uuid" "$osd" >/dev/null
    second_ceph auth import -i "$dir/osd$osd/keyring" 2>/dev/null
    second_ceph mon getmap -o "$dir/monmap" >/dev/null
    ceph-osd --mkfs --cluster "$cluster" -i "$osd" --no-mon-config --osd-uuid "$uuid" --monmap "$dir/monmap" \
      --osd_objectstore memstore --osd_data "$dir/osd$osd"
    second_osd_start "$osd" "$2"
  done
}

# second_osd_start ID ADDRESS: as a unit of its own, which ends with it.
second_osd_start() {
  systemctl reset-failed "$cluster-osd-$1" 2>/dev/null || true
  systemd-run --quiet --unit "$cluster-osd-$1" /usr/bin/ceph-osd -f --cluster "$cluster" -i "$1" --osd_objectstore memstore \
    --memstore_device_bytes 268435456 --osd_data "$dir/osd$1" --osd_crush_update_on_start=false --public_addr "$2" --cluster_addr "$2"
}

# second_stretch MONITOR=DATACENTER…: the third monitor is the tiebreaker; the OSDs lie in the first two datacenters by turns, each on a host of its own.
# Two copies in each, by a rule called stretch_rule, as Ceph's handbook has it.
second_stretch() {
  local pair osd place places=("${@#*=}")
  second_ceph mon set election_strategy connectivity
  for pair; do second_ceph mon set_location "${pair%%=*}" "datacenter=${pair#*=}"; done
  for osd in $(second_ceph osd ls); do
    place=${places[osd % 2]}
    second_ceph osd crush set "$osd" 1 root=default "datacenter=$place" "host=$place-$osd"
  done
  second_ceph osd getcrushmap -o "$dir/crush"
  crushtool -d "$dir/crush" -o "$dir/crush.txt"
  printf '%s\n' 'rule stretch_rule {' 'id 1' 'type replicated' 'min_size 1' 'max_size 10' 'step take default' 'step choose firstn 0 type datacenter' \
    'step chooseleaf firstn 2 type host' 'step emit' '}' >>"$dir/crush.txt"
  crushtool -c "$dir/crush.txt" -o "$dir/crush"
  second_ceph osd setcrushmap -i "$dir/crush"
  second_ceph mon enable_stretch_mode "${3%%=*}" stretch_rule datacenter
}
