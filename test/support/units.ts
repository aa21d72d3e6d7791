/** Units of systemd's that write down each start and each reload of theirs. */
import { dirname } from "node:path";
import { on, type HostName } from "./hosts";
import { COUNTS } from "./world";

const text = (name: string): string =>
  [
    "[Service]",
    `ExecStart=/bin/sh -c 'echo >>${COUNTS}/${name}.starts; exec sleep infinity'`,
    `ExecReload=/bin/sh -c 'echo >>${COUNTS}/${name}.reloads'`,
    "[Install]",
    "WantedBy=multi-user.target",
  ].join("\n");

const pathOf = (name: string): string => `/etc/systemd/system/${name}.service`;

export const makeUnits = (host: HostName, names: readonly string[]): Promise<string> =>
  on(
    host,
    `set -e; mkdir -p ${COUNTS}
    ${names.map((name) => `cat >${pathOf(name)} <<'END'\n${text(name)}\nEND`).join("\n")}
    systemctl daemon-reload; systemctl start ${names.join(" ")}`,
  );

export const removeUnits = (host: HostName, names: readonly string[]): Promise<string> =>
  on(
    host,
    `systemctl disable --now ${names.join(" ")} || true; rm -rf ${names.map(pathOf).join(" ")} ${COUNTS}; systemctl daemon-reload; systemctl reset-failed`,
  );

const STAYS = "/run/systemd/system/libvirtd.service.d/stays.conf";

/** libvirtd ends when nobody has asked it for two minutes and begins when somebody does, which is nobody's restart: from here on it stays. */
export const keepLibvirtd = (host: HostName): Promise<string> =>
  on(
    host,
    `mkdir -p ${dirname(STAYS)}; printf '[Service]\nEnvironment=LIBVIRTD_ARGS=\n' >${STAYS}; systemctl daemon-reload; systemctl restart libvirtd`,
  );

export const leaveLibvirtd = (host: HostName): Promise<string> =>
  on(host, `rm -rf ${dirname(STAYS)}; systemctl daemon-reload; systemctl restart libvirtd`);
