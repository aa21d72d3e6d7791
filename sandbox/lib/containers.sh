# shellcheck shell=bash
# Hosts with podman, cephadm and an image: a tree of its own above the hosts' base, built when it is first wanted. The image is made of the
# trees that the hosts and the cluster run on; no registry is asked.

readonly CONTAINER_PACKAGES=(podman crun catatonit cephadm)
# What images of Ceph are called; cephadm takes what has a label of Ceph's.
readonly CONTAINER_IMAGE=localhost/ceph/ceph:sandbox
# In the images that Kolla builds the services' users have these numbers, on every host.
readonly CONTAINER_USERS=("glance 42415" "cinder 42407" "nova 42436")

containers_id() { extra_id "$1" containers containers.sh; }

containers_build() {
  ln -s "$2/base" "$1/base"
  mkdir "$1/store"
  extra_build "$1" "${2##*/}" containers "${CONTAINER_PACKAGES[*]}, and an image" "30-80 s"
}

layer_containers() {
  local root=$1 dir=${1%/root-containers}
  extra_open "$root" &&
    layer_apt "$root" install -y --no-install-recommends "${CONTAINER_PACKAGES[@]}" &&
    containers_conf "$root" && containers_quiet "$root" &&
    containers_image "$root" "$dir" &&
    extra_close "$root" && rm -rf "$root"/var/lib/containers/*
}

# A host here has no cgroup controllers to give, and one network.
containers_conf() {
  mkdir -p "$1/etc/containers" "$1/usr/share/containers/store" &&
    printf '[containers]\ncgroups = "disabled"\nnetns = "host"\nlog_driver = "k8s-file"\n\n[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\nruntime = "crun"\n' \
      >"$1/etc/containers/containers.conf" &&
    printf '[storage]\ndriver = "overlay"\ngraphroot = "/var/lib/containers/storage"\nrunroot = "/run/containers/storage"\n\n[storage.options]\nadditionalimagestores = ["/usr/share/containers/store"]\n' \
      >"$1/etc/containers/storage.conf"
}

# What the packages would start at boot: a host of the sandbox has what it needs and no more. cephadm shows its containers the directory of
# udev, which nothing makes where there are no devices.
containers_quiet() {
  local unit
  echo 'd /run/udev 0755 root root' >"$1/etc/tmpfiles.d/sandbox-udev.conf" || return
  for unit in podman.service podman.socket podman-restart.service podman-auto-update.service podman-auto-update.timer \
    lvm2-monitor.service lvm2-lvmpolld.socket blk-availability.service dm-event.socket; do
    ln -sf /dev/null "$1/etc/systemd/system/$unit" || return
  done
}

# containers_image ROOT DIR: Ceph's daemons, its tools and libvirt in one image, with the services' users.
containers_image() {
  local root=$1 dir=$2 image=$2/root-image trees line name number
  trees=$(readlink -f "$dir/base") && trees=${trees%/base} &&
    mkdir "$image" "$dir/image" "$dir/work-image" &&
    mount -t overlay overlay -o "lowerdir=$trees/nova:$trees/ceph:$trees/base,upperdir=$dir/image,workdir=$dir/work-image" "$image" || return
  for line in "${CONTAINER_USERS[@]}"; do
    read -r name number <<<"$line"
    chroot "$image" sh -euc '
      getent passwd "$1" >/dev/null || { addgroup --quiet --system "$1"; adduser --quiet --system --no-create-home --ingroup "$1" "$1"; }
      groupmod -g "$2" "$1" && usermod -u "$2" "$1"' user "$name" "$number" || return
  done
  # Podman looks at the cgroups of the machine before it does anything.
  mount --rbind --make-rslave /sys "$root/sys" && mount --bind "$dir/store" "$root/usr/share/containers/store" &&
    tar -C "$image" --one-file-system -c . | chroot "$root" podman --root /usr/share/containers/store --storage-driver overlay import --quiet \
      --change LABEL=ceph=True --change CMD=/bin/bash - "$CONTAINER_IMAGE" &&
    umount "$root/usr/share/containers/store" && umount -R "$root/sys" && umount "$image" && rmdir "$image" && rm -rf "$dir/image" "$dir/work-image"
}

# Of a host with containers: the tree of its engine, and what the engine keeps, which must not lie on an overlay.
host_containers() { printf '%s.containers' "$(node_dir "$1")"; }

# host_engine HOST: the engine's tree, where the host has it.
host_engine() {
  local made
  made=$(host_containers "$1")/tree
  [[ ! -e $made ]] || tree_path "$(<"$made")"
}

# verb_renew_host HOST [containers]: the host as after a reset, with an engine for containers or without; the others and the cluster stay.
verb_renew_host() {
  local host=${1-} kind=${2-} started=$EPOCHREALTIME made
  need_host "$host"
  [[ $kind == '' || $kind == containers ]] || die "'$kind': a host is renewed plain, or with 'containers'"
  check_machine
  need_made
  lock_sandbox
  made=$(host_containers "$host")
  [[ $kind == '' ]] || tree_made "$(containers_id "$(hosts_suite)")" _build-containers "$(tree_path "$(tree_id "$(hosts_suite)")")"
  nodes_kill "$host"
  rm -rf --one-file-system "$(node_dir "$host")" "$made"
  if [[ $kind == containers ]]; then
    install -d -m 0700 "$made" "$made/data"
    containers_id "$(hosts_suite)" >"$made/tree"
  fi
  node_prepare "$host"
  node_start "$host"
  host_wait "$host"
  say "sandbox $NAME: $host is new after $(seconds_since "$started") s"
}
