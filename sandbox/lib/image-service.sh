# shellcheck shell=bash
# A real Keystone and a real Glance on this machine's loopback, as the distribution packages them, in a tree of their own above the
# hosts' base: built when it is first wanted, and by no host.

readonly IMAGE_SERVICE_PACKAGES=(python3-keystone python3-glance)

image_service_id() {
  printf '%s-images-' "$1"
  { tree_id "$1" && cat "$SANDBOX_LIB/image-service.sh"; } | sha256sum | cut -c1-16
}

image_service_build() {
  local dir=$1
  ln -s "$2/base" "$dir/base"
  apt_options >"$dir/apt.conf"
  step "building the tree of Keystone and Glance" "60-150 s, once"
  build_layer "$dir" images >"$dir/build.log" 2>&1 || build_failed "$dir" "" "${2##*/}"
  step_done
  mkdir "$dir/mnt"
}

layer_images() {
  local root=$1
  cp "${root%/root-images}/apt.conf" "$root/etc/apt/apt.conf.d/99machine" &&
    layer_apt "$root" update &&
    layer_apt "$root" install -y --no-install-recommends "${IMAGE_SERVICE_PACKAGES[@]}" &&
    image_service_prepare "$root" &&
    rm -rf "$root"/var/lib/apt/lists/* "$root/etc/apt/apt.conf.d/99machine"
}

# Databases, keys and the administrator, once for all: they take most of the time of a first start. The packages may have the projects'
# management programs under no name.
image_service_prepare() {
  local root=$1
  mkdir -p "$root/etc/keystone" "$root/etc/glance" "$root/var/lib/glance-images/staging" &&
    od -An -N8 -tx1 /dev/urandom | tr -d ' \n' >"$root/etc/keystone/admin-password" &&
    printf '[database]\nconnection = sqlite:////var/lib/glance.db\n' >"$root/etc/glance/glance-api.conf" &&
    printf '[%s]\n%s\n' \
      database 'connection = sqlite:////var/lib/keystone.db' \
      fernet_tokens 'key_repository = /etc/keystone/fernet-keys' \
      credential 'key_repository = /etc/keystone/credential-keys' \
      identity 'password_hash_rounds = 4' >"$root/etc/keystone/keystone.conf" &&
    chroot "$root" sh -euc '
      manage() {
        python3 -c "
import importlib, sys
project = sys.argv.pop(1)
sys.argv[0] = project + \"-manage\"
sys.exit(importlib.import_module(project + \".cmd.manage\").main())" "$@"
      }
      manage glance db_sync
      manage keystone fernet_setup --keystone-user root --keystone-group root
      manage keystone credential_setup --keystone-user root --keystone-group root
      manage keystone db_sync
      manage keystone bootstrap --bootstrap-password "$(cat /etc/keystone/admin-password)"
    '
}

# run_image_service: Keystone and Glance until standard input ends; the first line of standard output says where they are, in JSON.
# On this machine's own loopback, because that is where the provider's process is; everything ends with this process.
run_image_service() {
  local base images
  base=$(tree_id "$(hosts_suite)")
  images=$(image_service_id "$(hosts_suite)")
  tree_need "$base"
  tree_made "$images" _build-images "$(tree_path "$base")"
  base=$(tree_path "$base")
  images=$(tree_path "$images")
  exec unshare --mount --pid --fork --kill-child --propagation slave "$BASH" -euc '
    mnt=$1 lower=$2 program=$3
    mount -t tmpfs tmpfs "$mnt"
    mkdir "$mnt/upper" "$mnt/work" "$mnt/root"
    mount -t overlay overlay -o "lowerdir=$lower,upperdir=$mnt/upper,workdir=$mnt/work" "$mnt/root"
    mount --bind /dev "$mnt/root/dev"
    mount -t proc proc "$mnt/root/proc"
    mount -t tmpfs tmpfs "$mnt/root/tmp"
    cp "$program" "$mnt/root/image-service.py"
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
      chroot "$mnt/root" python3 /image-service.py
  ' image-service "$images/mnt" "$images/images:$base/base" "$SANDBOX_LIB/image-service.py"
}
