# shellcheck shell=bash
# What makes a sandbox the same one over every reset: its addresses, its fsid, its ssh keys, one password.

readonly IDENTITY=$STATE/identity

# Last byte of a node's address; the machine itself is .1.
address_byte() {
  case $1 in
    ceph1) echo 2 ;; mon1) echo 11 ;; ctl1) echo 12 ;; vol1) echo 13 ;;
    gateway) echo 1 ;; ctl1-back) echo 129 ;; cmp2-back) echo 130 ;;
    cmp*) echo $((13 + ${1#cmp})) ;;
    *) die "no address for '$1'" ;;
  esac
}
subnet_stem() { cat "$IDENTITY/subnet"; }
address_of() { printf '%s.%s' "$(subnet_stem)" "$(address_byte "$1")"; }

identity_need() {
  [[ -d $IDENTITY ]] && return
  install -d -m 0700 "$STATE"
  rm -rf "$IDENTITY.new"
  install -d -m 0700 "$IDENTITY.new"
  choose_subnet >"$IDENTITY.new/subnet"
  printf '%s %s\n' "$(hosts_suite)" "$(ceph_suite)" >"$IDENTITY.new/suites"
  cat /proc/sys/kernel/random/uuid >"$IDENTITY.new/fsid"
  ssh-keygen -q -t ed25519 -N '' -C "sandbox-$NAME" -f "$IDENTITY.new/key"
  (umask 077 && head -c 15 /dev/urandom | base64 >"$IDENTITY.new/pwops-password")
  local host
  for host in "${HOSTS[@]}"; do make_host_keys "$IDENTITY.new/$host" "$host"; done
  mv "$IDENTITY.new" "$IDENTITY"
}

make_host_keys() {
  local dir=$1 host=$2 type
  install -d -m 0700 "$dir"
  for type in rsa ecdsa ed25519; do
    ssh-keygen -q -t "$type" -N '' -C "root@$host" -f "$dir/ssh_host_${type}_key"
  done
  tr -d - </proc/sys/kernel/random/uuid >"$dir/machine-id"
}

# The first three bytes of a /24 that nothing on this machine knows of, derived from the name so that it stays put.
choose_subnet() {
  local stem try hash
  if [[ -n ${SANDBOX_SUBNET:-} ]]; then
    [[ $SANDBOX_SUBNET =~ ^([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})\.0/24$ ]] ||
      die "SANDBOX_SUBNET '$SANDBOX_SUBNET': give a /24, such as 10.200.7.0/24"
    printf '%s\n' "${BASH_REMATCH[1]}"
    return
  fi
  for try in {0..49}; do
    hash=$(printf '%s' "$STATE $try" | sha256sum)
    stem=10.$((128 + 0x${hash:0:2} % 112)).$((0x${hash:2:2}))
    subnet_is_free "$stem" && printf '%s\n' "$stem" && return
  done
  die "no free /24 found in 10.128.0.0-10.239.255.255; set SANDBOX_SUBNET"
}

# Free: no route of this machine but the default one touches it, and no other sandbox that is down has it.
subnet_is_free() {
  local stem=$1 file
  [[ -z $(ip -4 route show table all root "$stem.0/24") ]] || return 1
  [[ -z $(ip -4 route show table all match "$stem.0/24" | grep -v '^default') ]] || return 1
  for file in "$STATE_ROOT"/*/identity/subnet; do
    [[ ! -e $file || $(<"$file") != "$stem" ]] || return 1
  done
}

# Everything a stranger needs to log in, made anew by each `up`: it is derived from the identity alone.
write_access_files() {
  access_ssh_config >"$STATE/ssh_config.new" && mv "$STATE/ssh_config.new" "$STATE/ssh_config"
  access_json >"$STATE/sandbox.json.new" && mv "$STATE/sandbox.json.new" "$STATE/sandbox.json"
  [[ -s $STATE/known_hosts ]] && return
  local host type address
  for host in "${HOSTS[@]}"; do
    address=$(address_of "$host")
    [[ $host != cmp2 ]] || address=$address,$(address_of cmp2-back)
    for type in rsa ecdsa ed25519; do
      printf '%s,%s %s\n' "$host" "$address" "$(cut -d' ' -f1,2 "$IDENTITY/$host/ssh_host_${type}_key.pub")"
    done
  done >"$STATE/known_hosts.new"
  ssh-keygen -q -H -f "$STATE/known_hosts.new" >/dev/null 2>&1
  rm -f "$STATE/known_hosts.new.old"
  mv "$STATE/known_hosts.new" "$STATE/known_hosts"
}

access_ssh_config() {
  local host
  for host in "${HOSTS[@]}"; do
    printf 'Host %s\n  HostName %s\n\n' "$host" "$(address_of "$host")"
  done
  printf '# Only ctl1 has a way to this address.\nHost cmp2-jump\n  HostName %s\n  ProxyJump ctl1\n\n' "$(address_of cmp2-back)"
  printf 'Host %s cmp2-jump\n  User ops\n  IdentityFile %s\n  IdentitiesOnly yes\n' "${HOSTS[*]}" "$IDENTITY/key"
  printf '  UserKnownHostsFile %s\n  StrictHostKeyChecking yes\n' "$STATE/known_hosts"
}

mon_host() { printf '[v2:%s:3300/0,v1:%s:6789/0]' "$(address_of ceph1)" "$(address_of ceph1)"; }

access_json() {
  local host comma=''
  printf '{\n  "name": "%s",\n  "fsid": "%s",\n  "sshConfig": "%s",\n  "knownHosts": "%s",\n  "key": "%s",\n' \
    "$NAME" "$(<"$IDENTITY/fsid")" "$STATE/ssh_config" "$STATE/known_hosts" "$IDENTITY/key"
  printf '  "suite": "%s",\n  "cephSuite": "%s",\n' "$(hosts_suite)" "$(ceph_suite)"
  printf '  "openstackRelease": "%s",\n' "$(suite_openstack)"
  printf '  "monHost": "%s",\n  "pwopsPasswordFile": "%s",\n  "hosts": {' "$(mon_host)" "$IDENTITY/pwops-password"
  for host in "${HOSTS[@]}"; do
    printf '%s\n    "%s": { "address": "%s" }' "$comma" "$host" "$(address_of "$host")"
    comma=,
  done
  printf '\n  }\n}\n'
}

print_env() {
  local host
  need_made
  printf "SANDBOX_NAME='%s'\nSANDBOX_STATE_DIR='%s'\nSANDBOX_FSID='%s'\n" "$NAME" "$STATE" "$(<"$IDENTITY/fsid")"
  printf "SANDBOX_SSH_CONFIG='%s'\nSANDBOX_KNOWN_HOSTS='%s'\nSANDBOX_KEY='%s'\n" \
    "$STATE/ssh_config" "$STATE/known_hosts" "$IDENTITY/key"
  printf "SANDBOX_SUITE='%s'\nSANDBOX_CEPH_SUITE='%s'\n" "$(hosts_suite)" "$(ceph_suite)"
  printf "SANDBOX_MON_HOST='%s'\nSANDBOX_PWOPS_PASSWORD_FILE='%s'\n" "$(mon_host)" "$IDENTITY/pwops-password"
  for host in "${HOSTS[@]}"; do printf "SANDBOX_HOST_ADDR_%s='%s'\n" "$host" "$(address_of "$host")"; done
}
