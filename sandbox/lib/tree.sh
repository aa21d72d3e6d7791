# shellcheck shell=bash
# The root file systems that hosts share, built from the distribution's packages and kept in the cache:
# base (every host), and one layer above it per role. They are read-only lower layers of overlays.

readonly BASE_PACKAGES=(
  systemd-sysv dbus libpam-systemd openssh-server sudo adduser iproute2 procps less
  ceph-common python3 python3-rados python3-rbd python3-oslo.config
  tcsh fish e2fsprogs acl attr util-linux
)
readonly LAYERS=(ceph glance cinder nova)

# tree_id SUITE: a tree is good for one recipe: these scripts, the release and the architecture.
tree_id() {
  local own=$SANDBOX_LIB/suites/$1.sh
  [[ -e $own ]] || own=
  printf '%s-' "$1"
  { uname -m && cat "$SANDBOX_LIB"/tree.sh "$SANDBOX_LIB"/layers.sh ${own:+"$own"}; } | sha256sum | cut -c1-16
}

tree_path() { printf '%s/trees/%s' "$CACHE" "$1"; }

# tree_need ID: makes sure that the trees of this recipe are there.
tree_need() { tree_made "$1" _build "${1%-*}"; }

# tree_made ID STEP ARGUMENT: makes a tree that is not there by a step of this program, which gets the directory and the argument.
tree_made() {
  local path
  path=$(tree_path "$1")
  [[ -e $path/complete ]] && return
  install -d -m 0755 "$CACHE/trees"
  (
    exec 8>"$CACHE/trees/.lock"
    flock -n 8 || { say "sandbox $NAME: another run is building the trees, waiting …" && flock 8; }
    [[ -e $path/complete ]] && exit 0
    # Under the lock whatever is unfinished belongs to a run that was cut.
    rm -rf --one-file-system "$CACHE"/trees/.building-* "$path"
    local building=$CACHE/trees/.building-$1
    mkdir "$building"
    # Mounts of the build vanish with its namespace, however it ends.
    unshare --mount --propagation slave "$BASH" -euo pipefail "$SANDBOX_SELF" "$2" "$building" "$3"
    touch "$building/complete"
    mv "$building" "$path"
  )
}

# Proxies and the like of the machine's apt.
apt_options() {
  apt-config dump | grep -E '^Acquire::(http|https|ftp|Retries|Check-[A-Za-z-]+|Languages)\b.*"..*"' || true
}

tree_build() {
  local dir=$1 suite=$2 options=$1/apt.conf
  suite_load "$suite"
  apt_options >"$options"
  suite_sources "$suite" >"$dir/apt.sources"
  # The name tells mmdebstrap the format.
  grep -q '^Types:' "$dir/apt.sources" || mv "$dir/apt.sources" "$dir/apt.list"
  step "building the hosts' base tree of $suite" "45-120 s, once"
  build_base "$dir" "$suite" "$dir"/apt.[sl]* >"$dir/build.log" 2>&1 || build_failed "$dir" "" "$suite"
  step_done
  step "building the layers above it: ${LAYERS[*]}" "20-60 s, once"
  local layer pids=() failed=''
  for layer in "${LAYERS[@]}"; do
    build_layer "$dir" "$layer" >"$dir/build-$layer.log" 2>&1 &
    pids+=($!)
  done
  for layer in "${LAYERS[@]}"; do
    wait "${pids[0]}" || failed=$layer
    pids=("${pids[@]:1}")
  done
  [[ -z $failed ]] || build_failed "$dir" "-$failed" "$suite"
  step_done
  rm -rf "$dir"/base/var/lib/apt/lists/* "$dir"/base/var/cache/apt/* "$dir/base/etc/apt/apt.conf.d/99mmdebstrap"
  mkdir "$dir/mnt"
}

build_failed() {
  local log=$1/build$2.log
  tail -n 25 "$log" >&2
  if grep -qE "does not have a Release file|404 +Not Found" "$log"; then
    unavailable "this machine's package sources do not serve the release '$3' (the lines above say which file is missing)"
  elif grep -qE "NO_PUBKEY|not signed" "$log"; then
    unavailable "this machine lacks the archive keys of '$3' (a newer debian-archive-keyring has them)"
  fi
  die "the tree could not be built; the lines above are the end of the log"
}

# Called on the left of ||, where bash ignores errexit: so every step is chained.
build_base() {
  local dir=$1 release=$2 sources=$3
  mmdebstrap --mode=root --variant=minbase --include="$(IFS=, && echo "${BASE_PACKAGES[*]}")" \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --aptopt="$dir/apt.conf" --skip=cleanup/apt "$release" "$dir/base" ${sources:+"$sources"} &&
    base_users "$dir/base" && base_system "$dir/base"
}

build_layer() {
  local dir=$1 layer=$2 root=$1/root-$2
  mkdir -p "$dir/$layer" "$dir/work-$layer" "$root" &&
    mount -t overlay overlay -o "lowerdir=$dir/base,upperdir=$dir/$layer,workdir=$dir/work-$layer" "$root" &&
    mount --bind /dev "$root/dev" && mount -t proc proc "$root/proc" &&
    cp -L /etc/resolv.conf "$root/etc/resolv.conf" &&
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod 0755 "$root/usr/sbin/policy-rc.d" &&
    "layer_$layer" "$root" &&
    rm -f "$root/usr/sbin/policy-rc.d" && clean_apt "$root" && chmod 0755 "$root" &&
    umount -R "$root" && rm -rf "$dir/work-$layer" && rmdir "$root"
}

clean_apt() { rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/var/cache/apt/*.bin "$1"/var/log/apt "$1"/etc/resolv.conf; }

# layer_apt ROOT COMMAND…: apt-get inside the tree.
layer_apt() {
  local root=$1
  shift
  chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q "$@"
}

# run_in_base COMMAND…: in a throw-away copy of the base tree, without a network; standard streams pass through.
run_in_base() {
  local id path
  id=$(tree_id "$(hosts_suite)")
  tree_need "$id"
  path=$(tree_path "$id")
  run_in_tree "$path/mnt" "$path/base" "$@"
}

# run_in_tree MOUNT-POINT LOWER-DIRECTORIES COMMAND…
run_in_tree() {
  exec unshare --mount --net --propagation slave "$BASH" -euc '
    mnt=$1 lower=$2
    shift 2
    mount -t tmpfs tmpfs "$mnt"
    mkdir "$mnt/upper" "$mnt/work" "$mnt/root"
    mount -t overlay overlay -o "lowerdir=$lower,upperdir=$mnt/upper,workdir=$mnt/work" "$mnt/root"
    mount --bind /dev "$mnt/root/dev"
    mount -t proc proc "$mnt/root/proc"
    mount -t tmpfs tmpfs "$mnt/root/tmp"
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
      chroot "$mnt/root" "$@"
  ' run-in-tree "$@"
}
