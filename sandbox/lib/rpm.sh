# shellcheck shell=bash
# rpm and dnf as the distribution packages them, in a tree of their own above the hosts' base: built when they are first wanted, and put
# onto a running host, which from then on has them in APT's place.

# What a release has of these; bookworm has no dnf5.
readonly RPM_PACKAGES=(rpm dnf dnf5 createrepo-c)

rpm_id() { extra_id "$1" rpm rpm.sh; }

rpm_build() {
  ln -s "$2/base" "$1/base"
  extra_build "$1" "${2##*/}" rpm "${RPM_PACKAGES[*]}" "20-60 s"
  mkdir "$1/mnt"
}

layer_rpm() { extra_open "$1" && extra_install "$1" "${RPM_PACKAGES[@]}" && extra_close "$1"; }

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
  node_add "$1" "$(tree_path "$tree")/rpm"
  node_exec "$1" sh -euc 'for name in apt-get dpkg-query; do
    [ ! -e "/usr/bin/$name" ] || mv "/usr/bin/$name" "/usr/bin/$name.away"
  done'
}
