# shellcheck shell=bash
# QEMU with its RBD driver, and libvirt's own storage pools on RBD, as the distribution packages them, in a tree of their own above that of
# computes: built when they are first wanted, and put onto a running compute host.

readonly GUESTS_PACKAGES=(qemu-system-x86 qemu-block-extra libvirt-daemon-driver-storage-rbd)

guests_id() { extra_id "$1" guests openstack.sh guests.sh; }

layer_guests() {
  extra_open "$1" && extra_install "$1" "${GUESTS_PACKAGES[@]}" && extra_close "$1" || return
  # A host here may not make groups of cgroup v1.
  echo 'cgroup_controllers = []' >>"$1/etc/libvirt/qemu.conf"
}

# guest_host HOST: a compute that can run guests on RBD, until a reset.
guest_host() {
  local suite base tree
  [[ $1 == cmp* ]] || die "guests run on a compute host, and '$1' is none"
  need_host "$1"
  need_made
  suite=$(hosts_suite)
  base=$(tree_id "$suite")
  tree=$(guests_id "$suite")
  tree_need "$base"
  base=$(tree_path "$base")
  tree_made "$tree" _build-openstack "guests:$base/nova:$base/base"
  node_add "$1" "$(tree_path "$tree")/guests"
  # It looks once, when it starts, for the kinds of pools that it has.
  node_exec "$1" systemctl restart libvirtd.service
}
