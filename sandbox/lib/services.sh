# shellcheck shell=bash
# The services themselves, as the distribution packages them, on the hosts of a sandbox that has real ones (SANDBOX_SERVICES=real): a
# layer above OpenStack's code, the same on every host; which of them run is said host by host.

readonly SERVICES_PACKAGES=(
  keystone glance-api rabbitmq-server cinder-api cinder-scheduler cinder-volume cinder-backup nova-common
  libvirt-daemon-system libvirt-clients qemu-system-x86 qemu-block-extra
)

# The trees of a sandbox with real services, top first; it keeps them as it keeps the others.
readonly SERVICES_FILE=$STATE/services

services_id() { extra_id "$1" services openstack.sh image-service.sh services.sh services.py catalogue.py; }

services_units() {
  case $1 in
    ctl1) echo rabbitmq-server keystone glance-api ;;
    vol1) echo cinder-api cinder-scheduler cinder-volume cinder-backup ;;
    cmp*) echo libvirtd nova-compute ;;
  esac
}

layer_services() {
  local root=$1 link
  openstack_apt "$root" "${SERVICES_PACKAGES[@]}" && services_offer "$root" qemu-block-extra || return
  # Nothing of these starts by itself.
  while read -r link; do rm "$root/etc/systemd/system/$link" || return; done < <(
    cd "${root%/root-services}/services/etc/systemd/system" && find . -path '*.wants/*' -type l
  )
  # They come with Cinder's code, start by themselves in some releases, and want iSCSI of a kernel that has none.
  ln -sf /dev/null "$root/etc/systemd/system/iscsid.service" && ln -sf /dev/null "$root/etc/systemd/system/open-iscsi.service" || return
  # It would want placement and an API of Nova's; a guest needs libvirt and what Nova's code writes.
  stand_in "$root" nova nova-compute && rm "$root/etc/systemd/system/multi-user.target.wants/nova-compute.service" &&
    chroot "$root" adduser --quiet nova libvirt &&
    cp "$SANDBOX_LIB"/{services,catalogue}.py "$root/tmp/" && chroot "$root" python3 -B /tmp/services.py && rm "$root"/tmp/{services,catalogue}.py
}

# services_offer ROOT PACKAGE: has it in a repository of the host's own and not installed, as on a host that nobody has prepared for Ceph. What
# it needs stays.
services_offer() {
  chroot "$1" sh -euc '
    mkdir /srv/packages
    cp /var/cache/apt/archives/"$1"_*.deb "/srv/packages/$1.deb"
    dpkg --purge "$1"
    cd /srv/packages
    { dpkg-deb --field "$1.deb"
      printf "Filename: ./%s\nSize: %s\nSHA256: %s\n" "$1.deb" "$(stat -c %s "$1.deb")" "$(sha256sum "$1.deb" | cut -d " " -f 1)"
    } >Packages
    echo "deb [trusted=yes] file:/srv/packages ./" >/etc/apt/sources.list.d/packages.list
    apt-get -q update -o Dir::Etc::sourcelist=sources.list.d/packages.list -o Dir::Etc::sourceparts=-
  ' offer "$2"
}

services_wanted() {
  local there=stand-in
  [[ ! -e $SERVICES_FILE ]] || there=real
  printf '%s' "${SANDBOX_SERVICES:-$there}"
}

# What the environment asks for must be what the sandbox has.
services_kept() {
  [[ $(services_wanted) =~ ^(real|stand-in)$ ]] || die "SANDBOX_SERVICES '$SANDBOX_SERVICES': it is real or stand-in"
  [[ -d $STATE/nodes ]] || return 0
  [[ $(services_wanted) == "$(SANDBOX_SERVICES='' services_wanted)" ]] ||
    die "'$NAME' has other services than SANDBOX_SERVICES=$SANDBOX_SERVICES; take another SANDBOX_NAME, or, where nothing in it is wanted any more, run: SANDBOX_NAME=$NAME SANDBOX_SERVICES=$SANDBOX_SERVICES sandbox/sandbox reset"
}

# services_choose: its trees, before it has hosts; these stay on them.
services_choose() {
  local lower services
  if [[ -d $STATE/nodes ]]; then
    [[ ! -e $SERVICES_FILE ]] || lower=$(<"$SERVICES_FILE")
    [[ -z ${lower-} || -e ${lower%%/services:*}/complete ]] || die "its trees are gone from $CACHE; run: sandbox reset"
  elif [[ $(services_wanted) == real ]]; then
    lower=$(code_lower)
    services=$(services_id "$(hosts_suite)")
    tree_made "$services" _build-openstack "services:$lower"
    printf '%s/services:%s\n' "$(tree_path "$services")" "$lower" >"$SERVICES_FILE"
  else
    rm -f "$SERVICES_FILE"
  fi
}

# Several processes share Cinder's SQLite file. One that reads first and then writes is refused where another writes; one that locks at
# its beginning waits. Keystone would wait for itself, so this is for Cinder's host alone.
services_wait_for_locks() {
  local file=/usr/lib/python3/dist-packages/oslo_db/sqlalchemy/engines.py
  grep -q '("BEGIN")' "$1$file" && sed -i 's/("BEGIN")/("BEGIN IMMEDIATE")/' "$1$file" &&
    chroot "$1" python3 -m py_compile "$file"
}

# services_enable NODE ROOT
services_enable() {
  local units
  [[ -e $SERVICES_FILE ]] || return 0
  [[ $1 != vol1 ]] || services_wait_for_locks "$2"
  # Some versions of eventlet want a name server when they are loaded.
  echo nameserver 127.0.0.1 >"$2/etc/resolv.conf"
  read -r -a units <<<"$(services_units "$1")"
  ((${#units[@]} == 0)) || SYSTEMCTL_SKIP_SYSV=1 chroot "$2" systemctl --quiet enable "${units[@]}"
}

# services_wait HOST: until what it serves answers.
services_wait() {
  local port
  [[ -e $SERVICES_FILE ]] || return 0
  case $1 in
    ctl1) set -- "$1" 5672 5000 9292 ;;
    vol1) set -- "$1" 8776 ;;
    *) return 0 ;;
  esac
  for port in "${@:2}"; do wait_until 120 port_answers "$(address_of "$1")" "$port" || node_gave_up "$1" "nothing listens on $port"; done
}
port_answers() { timeout 2 "$BASH" -c ': <>"/dev/tcp/$1/$2"' port "$1" "$2" 2>/dev/null; }
