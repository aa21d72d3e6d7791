# shellcheck shell=bash
# A bridge in a network namespace of its own (no firewall of the machine looks at its traffic), one veth and one
# namespace per node, one veth to the machine. No default route anywhere: nothing can leave.

readonly SWITCH=$PREFIX-switch
node_netns() { printf '%s-%s' "$PREFIX" "$1"; }
has_netns() { [[ -e /run/netns/$1 ]] && ip netns exec "$1" true 2>/dev/null; }

network_up() {
  network_is_up && return
  # Half a network is left by a run that was cut or by a hand. It is made anew, and nodes on the old one are of no use.
  nodes_kill "${NODES[@]}"
  network_down
  local stem node
  stem=$(subnet_stem)
  ip netns add "$SWITCH"
  ip -n "$SWITCH" link add lan type bridge
  ip -n "$SWITCH" link set lan up
  ip link add "$PREFIX" type veth peer name uplink netns "$SWITCH"
  ip -n "$SWITCH" link set uplink master lan up
  ip addr add "$stem.1/25" dev "$PREFIX"
  ip link set "$PREFIX" up
  # What the veth does not serve must not go out by the machine's default route.
  ip route replace unreachable "$stem.0/24" metric 4278198272
  for node in "${NODES[@]}"; do
    ip netns add "$(node_netns "$node")"
    ip -n "$(node_netns "$node")" link set lo up
    plug "$SWITCH" "$node" "$(node_netns "$node")" eth0 "$stem.$(address_byte "$node")/25"
    ip -n "$SWITCH" link set "$node" master lan up
  done
  # The way behind the jump host.
  plug "$(node_netns ctl1)" eth1 "$(node_netns cmp2)" eth1 "$stem.$(address_byte cmp2-back)/25"
  ip -n "$(node_netns ctl1)" addr add "$stem.$(address_byte ctl1-back)/25" dev eth1
  ip -n "$(node_netns ctl1)" link set eth1 up
}

# plug NETNS LINK PEER_NETNS PEER_LINK PEER_ADDRESS
plug() {
  ip -n "$1" link add "$2" type veth peer name "$4" netns "$3"
  ip -n "$3" addr add "$5" dev "$4"
  ip -n "$3" link set "$4" up
}

# The back way is made last, so that its address tells a whole network from half of one.
network_is_up() {
  local node
  has_netns "$SWITCH" && [[ -e /sys/class/net/$PREFIX ]] || return 1
  for node in "${NODES[@]}"; do has_netns "$(node_netns "$node")" || return 1; done
  [[ -n $(ip -n "$(node_netns ctl1)" -4 -o addr show dev eth1 up 2>/dev/null) ]]
}

network_down() {
  local node ns
  ip link delete "$PREFIX" 2>/dev/null || true
  [[ ! -e $IDENTITY/subnet ]] || ip route delete unreachable "$(subnet_stem).0/24" metric 4278198272 2>/dev/null || true
  for node in switch "${NODES[@]}"; do
    ns=$(node_netns "$node")
    [[ ! -e /run/netns/$ns ]] || ip netns delete "$ns" 2>/dev/null || rm -f "/run/netns/$ns"
  done
}

# The cable of a node: out and in again.
cable() { ip -n "$SWITCH" link set "$1" "$2"; }
cable_is_in() { ip -n "$SWITCH" -o link show "$1" 2>/dev/null | grep -q '[<,]UP[,>]'; }
