# shellcheck shell=bash
# A real Keystone and a real Glance on this machine's loopback, out of the tree of OpenStack's code, and by no host.

# Databases, keys and the administrator, once for all: they take most of the time of a first start. The packages may have the projects'
# management programs under no name.
image_service_prepare() {
  local root=$1
  install -d "$root"/var/lib/image-service/{images,staging} &&
    od -An -N8 -tx1 /dev/urandom | tr -d ' \n' >"$root/var/lib/image-service/password" &&
    chroot "$root" sh -euc '
      cd /var/lib/image-service
      # Nothing to do for a release that has none of them.
      python3 -c "import glance, keystone" 2>/dev/null || exit 0
      printf "[database]\nconnection = sqlite:///$PWD/glance.db\n" >glance.conf
      printf "[%s]\n%s\n" \
        database "connection = sqlite:///$PWD/keystone.db" \
        fernet_tokens "key_repository = $PWD/fernet-keys" \
        credential "key_repository = $PWD/credential-keys" \
        identity "password_hash_rounds = 4" >keystone.conf
      manage() {
        python3 -c "
import importlib, sys
project = sys.argv.pop(1)
sys.argv = [project + \"-manage\", \"--config-file\", project + \".conf\", *sys.argv[1:]]
sys.exit(importlib.import_module(project + \".cmd.manage\").main())" "$@"
      }
      manage glance db_sync
      manage keystone fernet_setup --keystone-user root --keystone-group root
      manage keystone credential_setup --keystone-user root --keystone-group root
      manage keystone db_sync
      manage keystone bootstrap --bootstrap-password "$(cat password)"
    '
}

# run_image_service: Keystone and Glance until standard input ends; the first line of standard output says where they are, in JSON.
# On this machine's own loopback, because that is where the provider's process is; everything ends with this process.
run_image_service() {
  local lower
  lower=$(code_lower) || exit
  exec unshare --mount --pid --fork --kill-child --propagation slave "$BASH" -euc '
    mnt=$1 lower=$2 lib=$3
    mount -t tmpfs tmpfs "$mnt"
    mkdir "$mnt/upper" "$mnt/work" "$mnt/root"
    mount -t overlay overlay -o "lowerdir=$lower,upperdir=$mnt/upper,workdir=$mnt/work" "$mnt/root"
    mount --bind /dev "$mnt/root/dev"
    mount -t proc proc "$mnt/root/proc"
    mount -t tmpfs tmpfs "$mnt/root/tmp"
    cp "$lib"/image-service.py "$lib"/catalogue.py "$mnt/root/"
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
      chroot "$mnt/root" python3 /image-service.py
  ' image-service "${lower%%/code:*}/mnt" "$lower" "$SANDBOX_LIB"
}
