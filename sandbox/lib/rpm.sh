# shellcheck shell=bash
# rpm and dnf as the distribution packages them, in a tree of their own above the hosts' base: built when they are first wanted, and put
# onto a running host, which from then on has them in APT's place.

# What a release has of these; bookworm has no dnf5.
readonly RPM_PACKAGES=(rpm dnf dnf5 createrepo-c)

rpm_id() {
  printf '%s-rpm-' "$1"
  { tree_id "$1" && cat "$SANDBOX_LIB/rpm.sh"; } | sha256sum | cut -c1-16
}

rpm_build() {
  local dir=$1
  ln -s "$2/base" "$dir/base"
  apt_options >"$dir/apt.conf"
  step "building the tree of ${RPM_PACKAGES[*]}" "20-60 s, once"
  build_layer "$dir" rpm >"$dir/build.log" 2>&1 || build_failed "$dir" "" "${2##*/}"
  step_done
  mkdir "$dir/mnt"
}

layer_rpm() {
  local root=$1 package there=()
  cp "${root%/root-rpm}/apt.conf" "$root/etc/apt/apt.conf.d/99machine" &&
    layer_apt "$root" update || return
  for package in "${RPM_PACKAGES[@]}"; do
    if chroot "$root" apt-cache show "$package" >/dev/null 2>&1; then there+=("$package"); fi
  done
  layer_apt "$root" install -y --no-install-recommends "${there[@]}" &&
    rm -rf "$root"/var/lib/apt/lists/* "$root/etc/apt/apt.conf.d/99machine"
}

# rpm_host HOST: a host of Debian, with rpm and dnf in the place of dpkg and APT, until a reset.
rpm_host() {
  local suite base tree
  need_host "$1"
  need_made
  suite=$(hosts_suite)
  base=$(tree_id "$suite")
  tree=$(rpm_id "$suite")
  tree_need "$base"
  tree_made "$tree" _build-rpm "$(tree_path "$base")"
  # Device files are what overlayfs makes of a file that is gone.
  (cd "$(tree_path "$tree")/rpm" && find . \( -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/cache -o -path ./var/log \
    -o -path ./run -o -path ./tmp \) -prune -o \( -type f -o -type l \) -print0 | tar -c --null -T - -f -) |
    node_exec "$1" tar -C / -x -f - --keep-directory-symlink
  node_exec "$1" sh -euc 'for name in apt-get dpkg-query; do
    [ ! -e "/usr/bin/$name" ] || mv "/usr/bin/$name" "/usr/bin/$name.away"
  done'
}
