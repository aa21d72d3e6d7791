/** A repository of packages that a host makes for itself, for the real APT. */
import { on, type HostName } from "./hosts";

export interface MadePackage {
  readonly name: string;
  readonly version: string;
  readonly depends?: string;
  /** Whether it brings a service, and starts it. */
  readonly starts?: boolean;
}

const START = "#!/bin/sh\\nset -e\\nsystemctl daemon-reload\\ndeb-systemd-invoke start %s.service\\n";
const UNIT = "[Service]\\nExecStart=/bin/sleep 100000\\n[Install]\\nWantedBy=multi-user.target\\n";

const makeText = ({ name, version, depends, starts = false }: MadePackage): string => {
  const control = `Package: ${name}\\nVersion: ${version}\\nArchitecture: all\\nMaintainer: T <t@example.org>\\nDescription: test\\n`;
  const service = `mkdir -p ${name}/lib/systemd/system
    printf '${UNIT}' >${name}/lib/systemd/system/${name}.service
    printf '${START}' ${name} >${name}/DEBIAN/postinst
    chmod 755 ${name}/DEBIAN/postinst`;
  return `mkdir -p ${name}/DEBIAN
    printf '${control}${depends === undefined ? "" : `Depends: ${depends}\\n`}' >${name}/DEBIAN/control
    ${starts ? service : ""}
    dpkg-deb -Zgzip --root-owner-group -b ${name} ${name}.deb >/dev/null
    { cat ${name}/DEBIAN/control; echo "Filename: ./${name}.deb"; echo "Size: $(stat -c %s ${name}.deb)"
      echo "SHA256: $(sha256sum ${name}.deb | cut -d ' ' -f 1)"; echo; } >>Packages`;
};

const listOf = (name: string): string => `/etc/apt/sources.list.d/${name}.list`;

/** Makes it under /srv, and has the host's indices know it. */
export const makeRepository = (
  host: HostName,
  name: string,
  packages: readonly MadePackage[],
): Promise<string> =>
  on(
    host,
    `set -e; rm -rf /srv/${name}; mkdir -p /srv/${name}; cd /srv/${name}
    ${packages.map(makeText).join("\n")}
    echo "deb [trusted=yes] file:/srv/${name} ./" >${listOf(name)}
    apt-get -q update -o Dir::Etc::sourcelist=${listOf(name)} -o Dir::Etc::sourceparts=/dev/null -o APT::Get::List-Cleanup=0`,
  );

/** Takes it away, and its packages, what needs others first. */
export const removeRepository = (
  host: HostName,
  name: string,
  packages: readonly string[],
): Promise<string> =>
  on(
    host,
    `dpkg --purge ${packages.join(" ")} || true; rm -rf /srv/${name} ${listOf(name)} /var/lib/apt/lists/*${name}*; systemctl daemon-reload`,
  );
