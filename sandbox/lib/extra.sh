# shellcheck shell=bash
# Layers above the hosts' trees that not every sandbox has, each in a tree of its own: built when it is first wanted.

# extra_id SUITE LAYER SCRIPT…: what these say is the recipe, beside this file.
extra_id() {
  local suite=$1 layer=$2
  shift 2
  printf '%s-%s-' "$suite" "$layer"
  { tree_id "$suite" && cat "$SANDBOX_LIB/extra.sh" "${@/#/$SANDBOX_LIB/}"; } | sha256sum | cut -c1-16
}

# extra_build DIR SUITE LAYER WHAT TIME: the layer, above what DIR has as its base.
extra_build() {
  local dir=$1 suite=$2 layer=$3
  apt_options >"$dir/apt.conf"
  step "building the tree of $4" "$5, once"
  build_layer "$dir" "$layer" >"$dir/build.log" 2>&1 || build_failed "$dir" "" "$suite"
  step_done
}

# The indices of the layer's root, by the machine's own way to its packages, until extra_close.
extra_open() {
  cp "${1%/root-*}/apt.conf" "$1/etc/apt/apt.conf.d/99machine" && layer_apt "$1" update
}
extra_close() { rm -rf "$1"/var/lib/apt/lists/* "$1/etc/apt/apt.conf.d/99machine"; }

# extra_install ROOT PACKAGE…: what the release has of these.
extra_install() {
  local root=$1 package there=()
  shift
  for package; do
    if chroot "$root" apt-cache show "$package" >/dev/null 2>&1; then there+=("$package"); fi
  done
  layer_apt "$root" install -y --no-install-recommends "${there[@]}"
}
