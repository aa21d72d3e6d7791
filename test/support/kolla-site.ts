/**
 * A compute host as Kolla-Ansible leaves it, with the services' stand-ins in real containers of podman, run by units of systemd's. Each copies what it
 * reads at its start, and gives it to its own user, as Kolla's containers do; libvirt is the real one.
 */
import { execOn, renewHost } from "./sandbox";

const IMAGE = "localhost/ceph/ceph:sandbox";

export const onKolla = (text: string): Promise<string> => execOn("cmp1", "sh", "-c", text);

/** `$1` user, `$2` the service's file; then what runs. It ends at once where its file says so, as a service does that cannot use it. */
const START = `#!/bin/sh
set -e
user=$1 conf=$2 from=/var/lib/kolla/config_files
shift 2
mkdir -p /etc/ceph
rm -f /etc/ceph/*
for file in $from/*.conf $from/*.keyring $from/ceph/*; do
  [ ! -f "$file" ] || [ "\${file##*/}" = "\${conf##*/}" ] || install -m 0600 -o "$user" -g "$user" "$file" /etc/ceph/
done
if [ -n "$conf" ]; then
  install -D -m 0600 -o "$user" -g "$user" "$from/\${conf##*/}" "$conf"
  if grep -q '^broken' "$conf"; then echo 'no such pool: broken; key = AQBhunter2hunter2hunter2hunter2hunter2=='; exit 1; fi
fi
exec "$@"
`;

const STAND_IN = "setpriv --reuid $user --regid $user --clear-groups sleep infinity";

/** Name, directory below /etc/kolla, user, file, what runs. */
const CONTAINERS = [
  ["glance_api", "glance-api", "glance", "/etc/glance/glance-api.conf", STAND_IN],
  ["cinder_volume", "cinder-volume", "cinder", "/etc/cinder/cinder.conf", STAND_IN],
  ["nova_compute", "nova-compute", "nova", "/etc/nova/nova.conf", STAND_IN],
  ["nova_libvirt", "nova-libvirt", "nova", "", "libvirtd"],
] as const;

/** Those that stand for services of OpenStack. */
export const SERVICES = CONTAINERS.slice(0, 3).map(([name]) => name);

const made = ([name, directory, user, conf, program]: (typeof CONTAINERS)[number]): string => `
  mkdir -p /etc/kolla/${directory}/ceph
  ${conf === "" ? "" : `printf '[DEFAULT]\\ndebug = false\\n' >/etc/kolla/${directory}/${conf.split("/").at(-1) ?? ""}`}
  chmod 0660 /etc/kolla/${directory}/*.conf 2>/dev/null || true
  podman create --name ${name} -v /etc/kolla/${directory}:/var/lib/kolla/config_files:ro -v /srv/start:/start:ro \\
    ${IMAGE} /bin/sh /start ${user} '${conf}' ${program.replaceAll("$user", user)} >/dev/null
  cat >/etc/systemd/system/kolla-${name}-container.service <<UNIT
[Unit]
Description=podman ${name}
StartLimitIntervalSec=120
StartLimitBurst=10

[Service]
Restart=always
RestartSec=1
ExecStart=/usr/bin/podman start -a ${name}
ExecStop=/usr/bin/podman stop ${name} -t 2

[Install]
WantedBy=multi-user.target
UNIT`;

/** The host made anew, with everything running. */
export const makeKollaHost = async (): Promise<void> => {
  await renewHost("cmp1", "containers");
  await onKolla(`cat >/srv/start <<'START'\n${START}START\n${CONTAINERS.map(made).join("\n")}
    systemctl daemon-reload
    systemctl start ${CONTAINERS.map(([name]) => `kolla-${name}-container`).join(" ")}
    for try in $(seq 60); do podman exec nova_libvirt virsh secret-list >/dev/null 2>&1 && break; sleep 1; done
    podman exec nova_libvirt virsh secret-list >/dev/null`);
};

/** How often each container was begun since it was made. */
export const starts = async (): Promise<Readonly<Record<string, number>>> => {
  const all = SERVICES.map(async (name): Promise<[string, number]> => [
    name,
    Number(
      await onKolla(`grep -c '"Name":"${name}","Status":"start"' /run/libpod/events/events.log || true`),
    ),
  ]);
  return Object.fromEntries(await Promise.all(all));
};

/** Containers that were begun anew while `work` ran, once for each time. */
export const begunBy = async (work: () => Promise<unknown>): Promise<string[]> => {
  const before = await starts();
  await work();
  const after = await starts();
  return SERVICES.flatMap((name) => Array<string>((after[name] ?? 0) - (before[name] ?? 0)).fill(name));
};
