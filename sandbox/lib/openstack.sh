# shellcheck shell=bash
# OpenStack's own code as the distribution packages it, in a tree of its own above the hosts' base: built when it is first wanted. Its
# programs judge what we write (oslo-config-validator, the services' own readers), and Keystone and Glance run from it. Above it is a
# second one with the services themselves, for hosts that have real ones (services.sh).

# What a release has of these.
readonly CODE_PACKAGES=(python3-nova python3-cinder python3-glance python3-glance-store python3-keystone)

code_id() { extra_id "$1" code openstack.sh image-service.sh; }

# The tree of a layer that lies above others, which the second argument names as LAYER:DIRECTORY[:DIRECTORY…].
openstack_build() {
  local dir=$1 layer=${2%%:*} suite=${1##*/.building-}
  suite_load "${suite%%-*}"
  mkdir "$dir/base" "$dir/mnt"
  # Alone a lower directory is no overlay, so there is an empty one below.
  mount -t overlay overlay -o "lowerdir=${2#*:}:$dir/mnt" "$dir/base"
  extra_build "$dir" "${suite%%-*}" "$layer" "OpenStack's $layer" "60-200 s"
  umount "$dir/base"
}

# openstack_unpin ROOT: Glance's code wants libraries of the release that it is from, and then all of OpenStack is.
openstack_unpin() {
  local pin
  for pin in "$1"/etc/apt/preferences.d/sandbox-*; do
    [[ ! -e $pin ]] || sed -i 's/^Pin-Priority: .*/Pin-Priority: 500/' "$pin"
  done
}

# openstack_apt ROOT PACKAGE…: installs what the release has of these.
openstack_apt() {
  local root=$1 python=/usr/lib/python3/dist-packages
  shift
  # Nothing of a tree counts until it is complete, so nothing must be on the disk before. The projects' tests are half of their files.
  printf '%s\n' force-unsafe-io "path-exclude=$python/"{nova,cinder,glance,keystone}/tests/'*' >"$root/etc/dpkg/dpkg.cfg.d/99build" &&
    extra_open "$root" && suite_glance "$root" before && openstack_unpin "$root" || return
  # Compiling all at once takes a fraction of what it takes package by package.
  mv "$root/usr/bin/py3compile" "$root/usr/bin/py3compile.real" && ln -s /bin/true "$root/usr/bin/py3compile" &&
    extra_install "$root" "$@" &&
    mv "$root/usr/bin/py3compile.real" "$root/usr/bin/py3compile" || return
  # Some packages have files that are not for this Python.
  chroot "$root" python3 -m compileall -q "$python" >/dev/null || true
  suite_glance "$root" after && extra_close "$root" && rm "$root/etc/dpkg/dpkg.cfg.d/99build"
}

layer_code() { openstack_apt "$1" "${CODE_PACKAGES[@]}" && image_service_prepare "$1"; }

# code_lower: makes sure that the tree is there; its directories, top first.
code_lower() {
  local base code
  base=$(tree_id "$(hosts_suite)")
  code=$(code_id "$(hosts_suite)")
  tree_need "$base"
  base=$(tree_path "$base")/base
  tree_made "$code" _build-openstack "code:$base"
  printf '%s/code:%s' "$(tree_path "$code")" "$base"
}

# run_in_code COMMAND…: in a throw-away copy of that tree, without a network; standard streams pass through.
run_in_code() {
  local lower
  lower=$(code_lower) || exit
  run_in_tree "${lower%%/code:*}/mnt" "$lower" "$@"
}
