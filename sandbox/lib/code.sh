# shellcheck shell=bash
# OpenStack's own code as the distribution packages it, in a tree of its own above the hosts' base: built when it is first wanted,
# and by no host. Its programs judge what we write (oslo-config-validator, the services' own readers).

# What a release has of these; forky has no Glance at times.
readonly CODE_PACKAGES=(python3-nova python3-cinder python3-glance python3-glance-store)

code_id() {
  printf '%s-code-' "$1"
  { tree_id "$1" && cat "$SANDBOX_LIB/code.sh"; } | sha256sum | cut -c1-16
}

code_build() {
  local dir=$1
  ln -s "$2/base" "$dir/base"
  apt_options >"$dir/apt.conf"
  step "building the tree of OpenStack's own code: ${CODE_PACKAGES[*]}" "60-150 s, once"
  build_layer "$dir" code >"$dir/build.log" 2>&1 || build_failed "$dir" "" "${2##*/}"
  step_done
  mkdir "$dir/mnt"
}

layer_code() {
  local root=$1 package there=()
  cp "${root%/root-code}/apt.conf" "$root/etc/apt/apt.conf.d/99machine" &&
    layer_apt "$root" update || return
  for package in "${CODE_PACKAGES[@]}"; do
    if chroot "$root" apt-cache show "$package" >/dev/null 2>&1; then there+=("$package"); fi
  done
  layer_apt "$root" install -y --no-install-recommends "${there[@]}" &&
    rm -rf "$root"/var/lib/apt/lists/* "$root/etc/apt/apt.conf.d/99machine"
}

# run_in_code COMMAND…: in a throw-away copy of that tree, without a network; standard streams pass through.
run_in_code() {
  local base code
  base=$(tree_id "$(hosts_suite)")
  code=$(code_id "$(hosts_suite)")
  tree_need "$base"
  tree_made "$code" _build-code "$(tree_path "$base")"
  run_in_tree "$(tree_path "$base")/mnt" "$(tree_path "$code")/code:$(tree_path "$base")/base" "$@"
}
