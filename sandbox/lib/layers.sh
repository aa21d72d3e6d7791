# shellcheck shell=bash
# What the trees hold beside their packages. Nothing here belongs to one sandbox: keys and names come later.

# Login users of every host: name, shell, what sudo gives.
readonly LOGINS=(
  "ops /bin/bash nopasswd"
  "pwops /bin/bash password"
  "nosudo /bin/bash none"
  "cshops /bin/tcsh nopasswd"
  "fishops /usr/bin/fish nopasswd"
  "noisy /bin/bash nopasswd"
)

base_users() {
  local root=$1 line name shell sudo
  for line in "${LOGINS[@]}"; do
    read -r name shell sudo <<<"$line"
    chroot "$root" useradd --create-home --shell "$shell" "$name" || return
    case $sudo in
      nopasswd) printf '%s ALL=(ALL:ALL) NOPASSWD: ALL\n' "$name" ;;
      password) printf '%s ALL=(ALL:ALL) ALL\n' "$name" ;;
      none) continue ;;
    esac >"$root/etc/sudoers.d/$name"
    chmod 0440 "$root/etc/sudoers.d/$name"
  done
  # A profile that prints is what breaks tools that parse a login's output.
  local file
  for file in .bashrc .profile; do
    sed -i "1i echo \"noisy: $file says hello\"" "$root/home/noisy/$file" || return
  done
}

base_system() {
  local root=$1
  # Host keys are made per sandbox and stay over a reset.
  rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/hostname" "$root/etc/resolv.conf"
  # A first boot would apply presets; the sandbox gives every host a machine id of its own.
  : >"$root/etc/machine-id"
  # Jobs of the calendar would change files in the middle of a comparison.
  ln -sf /dev/null "$root/etc/systemd/system/apt-daily.timer"
  ln -sf /dev/null "$root/etc/systemd/system/apt-daily-upgrade.timer"
  ln -sf /dev/null "$root/etc/systemd/system/dpkg-db-backup.timer"
  ln -sf /dev/null "$root/etc/systemd/system/e2scrub_all.timer"
  ln -sf /dev/null "$root/etc/systemd/system/fstrim.timer"
}

layer_ceph() {
  layer_apt "$1" install -y --no-install-recommends ceph-mon ceph-mgr ceph-osd || return
  # Debian's units give up after five starts in half an hour, which a day of tests reaches.
  local unit
  for unit in ceph-mon ceph-mgr ceph-osd; do
    mkdir -p "$1/etc/systemd/system/$unit@.service.d"
    printf '[Unit]\nStartLimitIntervalSec=0\n\n[Service]\nRestartSec=1\n' >"$1/etc/systemd/system/$unit@.service.d/sandbox.conf"
  done
  # It comes with ceph-osd and wants to load kernel modules.
  ln -sf /dev/null "$1/etc/systemd/system/nvmf-autoconnect.service"
  # The first CRUSH rule is made at the monitor's first start: replicas on OSDs, since all are on one node. As an
  # argument, because no configuration file here holds more than identity and addresses.
  {
    echo 'ExecStart='
    sed -n 's/^ExecStart=.*/& --osd_crush_chooseleaf_type 0/p' "$1/lib/systemd/system/ceph-mon@.service"
  } >>"$1/etc/systemd/system/ceph-mon@.service.d/sandbox.conf" && suite_ceph "$1"
}

layer_glance() {
  suite_glance "$1" before && openstack_service "$1" glance 64062 /bin/sh glance-api.conf glance-cache.conf glance-manage.conf \
    glance-scrubber.conf glance-api-paste.ini glance-image-import.conf schema-image.json \
    property-protections-policies.conf property-protections-roles.conf ovf-metadata.json glance-swift.conf &&
    suite_glance "$1" after &&
    install -d -o 64062 -g 64062 "$1/var/lib/glance/images" "$1/var/lib/glance/image-cache" &&
    stand_in "$1" glance glance-api
}

layer_cinder() {
  openstack_service "$1" cinder 64061 /bin/false cinder.conf api-paste.ini logging.conf &&
    install -d -o 64061 -g 64061 "$1/var/lib/cinder/cache" "$1/var/lib/cinder/volumes" &&
    chmod 0440 "$1"/etc/sudoers.d/* &&
    stand_in "$1" cinder cinder-volume && stand_in "$1" cinder cinder-backup
}

layer_nova() {
  layer_apt "$1" install -y --no-install-recommends libvirt-daemon-system libvirt-clients &&
    openstack_service "$1" nova 64060 /bin/sh nova.conf api-paste.ini logging.conf &&
    chmod 0755 "$1/var/lib/nova" && chroot "$1" adduser --quiet nova libvirt &&
    stand_in "$1" nova nova-compute
}

# openstack_service ROOT NAME UID SHELL FILE…: the user and the stock configuration files as the postinst of
# Debian's NAME-common makes them (pkgos_adduser, pkgos_var_user_group and pkgos_write_new_conf of openstack-pkg-tools),
# without the Python code, which nobody needs here. A release has not all of these files; the first one it must have.
openstack_service() {
  local root=$1 name=$2 uid=$3 shell=$4
  shift 4
  chroot "$root" addgroup --quiet --system --gid "$uid" "$name" &&
    chroot "$root" adduser --quiet --system --home "/var/lib/$name" --no-create-home --disabled-password \
      --shell "$shell" --uid "$uid" --ingroup "$name" "$name" || return
  chroot "$root" sh -euc '
    mkdir /tmp/deb && chmod 0777 /tmp/deb && cd /tmp/deb
    apt-get -q download "$1-common"
    dpkg-deb -x "$1"-common_*.deb tree
    for part in "etc/$1" "usr/share/$1-common" etc/sudoers.d; do
      [ ! -d "tree/$part" ] || { mkdir -p "/$part" && cp -a "tree/$part/." "/$part/"; }
    done
    cd / && rm -rf /tmp/deb
  ' fetch "$name" || return
  install -d -m 0750 -o "$uid" -g "$uid" "$root/etc/$name" "$root/var/lib/$name" &&
    install -d -m 0750 -o "$uid" -g adm "$root/var/log/$name" || return
  local file
  [[ -e $root/usr/share/$name-common/$1 ]] || return
  for file; do
    [[ -e $root/usr/share/$name-common/$file ]] || continue
    install -m 0640 -o root -g "$uid" "$root/usr/share/$name-common/$file" "$root/etc/$name/$file" || return
  done
}

# stand_in ROOT USER UNIT: a service of that name which runs and reads nothing.
stand_in() {
  local root=$1 user=$2 unit=$3
  cat >"$root/lib/systemd/system/$unit.service" <<UNIT || return
[Unit]
Description=Stand-in for $unit

[Service]
Type=simple
User=$user
Group=$user
ExecStart=/bin/sleep infinity
Restart=on-failure

[Install]
WantedBy=multi-user.target
UNIT
  chroot "$root" systemctl --quiet enable "$unit.service"
}
