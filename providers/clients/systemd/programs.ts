/**
 * The remote half of the client for services: constant programs for a POSIX shell with GNU coreutils, systemd's own tools, and those of docker
 * or podman where a container is meant. What varies comes as arguments, all of them public.
 */
import type { Program } from "../../remote/machine.js";

/** Nothing there runs units: no systemd that the host was booted with, no such container engine. */
export const NO_ENGINE = 67;

const COMMON = `
set -u
LC_ALL=C TZ=UTC SYSTEMD_PAGER= SYSTEMD_COLORS=0
export LC_ALL TZ SYSTEMD_PAGER SYSTEMD_COLORS
unit=$1
case $unit in docker:* | podman:*) engine=\${unit%%:*} name=\${unit#*:} ;; *) engine=systemd name=$unit ;; esac
`;

/**
 * One look: properties, when it was, which boot, units with other names where it is not there, guests, and the files that it reads.
 * `$2`: `guests` or nothing; `$3`: how many paths follow; after them the words that start virsh.
 * - Timestamps with their fractions where this systemctl can print them (from 247 on); else they are whole seconds, and the monotonic ones, of
 *   which the host's uptime says when they were, have the fraction.
 * - Guests are counted by virsh; where it is not there, or does not answer, by processes of QEMU (those of containers are seen too).
 * - Files above one MiB are told by their hash.
 * - podman knows \`.Id\` in just this form; \`{{json .Id}}\` it does not.
 */
export const LOOK_PROGRAM: Program = {
  name: "service-look",
  text: `${COMMON}
wants=$2 count=$3
shift 3
now=$(date +%s.%N) up=
{ read -r up _ </proc/uptime; } 2>/dev/null || :
boot=
{ IFS= read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null || :
similar= facts=
gone() {
  code=$?
  if [ "$engine" = systemd ]; then [ -d /run/systemd/system ] || exit ${NO_ENGINE}
  else command -v "$engine" >/dev/null 2>&1 || exit ${NO_ENGINE}; fi
  exit "$code"
}
if [ "$engine" = systemd ]; then
  show() {
    systemctl show "$@" -p LoadState -p ActiveState -p SubState -p UnitFileState -p InvocationID -p Type -p CanReload \\
      -p ExecMainStartTimestamp -p InactiveExitTimestamp -p ExecMainPID \\
      -p ExecMainStartTimestampMonotonic -p InactiveExitTimestampMonotonic -- "$name"
  }
  facts=$(show --timestamp=us 2>/dev/null) || facts=$(show) || gone
  case $facts in *LoadState=not-found*)
    similar=$(systemctl list-unit-files --type=service --no-legend --no-pager | cut -d ' ' -f 1) || exit ;;
  esac
else
  names=$("$engine" ps -a --format '{{.Names}}') || gone
  if printf '%s\\n' "$names" | grep -qxF -- "$name"; then
    facts=$("$engine" inspect --type container --format '{"id":"{{.Id}}","state":{{json .State}}}' "$name") || exit
  else
    similar=$names
  fi
fi
printf '%s\\0' "$now $up" "$boot" "$facts" "$similar"
one() {
  if [ -f "$1" ]; then
    stamps=$(stat -L -c '%.9Y %.9Z %s' -- "$1") || exit
    if [ "\${stamps##* }" -gt 1048576 ]; then kind=hash content=$(sha256sum <"$1") || exit
    else kind=file content=$(base64 -w 0 <"$1") || exit
    fi
    printf '%s\\0' "$1" "$kind" "$stamps" "$content"
  else
    printf '%s\\0' "$1" absent '' ''
  fi
}
while [ "$count" -gt 0 ]; do
  if [ -d "$1" ]; then
    printf '%s\\0' "$1" directory "$(stat -L -c '%.9Y %.9Z 0' -- "$1")" ''
    for file in "$1"/*; do [ ! -f "$file" ] || one "$file"; done
  else
    one "$1"
  fi
  printf '%s\\0' '' '' '' ''
  shift
  count=$((count - 1))
done
guests=
if [ "$wants" = guests ]; then
  if list=$(timeout 10 "$@" list --name </dev/null 2>/dev/null); then
    guests=$(printf '%s\\n' "$list" | grep -c .) || :
  else
    guests=0
    for comm in /proc/[0-9]*/comm; do
      { IFS= read -r comm <"$comm"; } 2>/dev/null || continue
      case $comm in qemu-system* | qemu-kvm*) guests=$((guests + 1)) ;; esac
    done
  fi
fi
printf '%s' "$guests"
`,
};

/**
 * Tells the unit to do something: `$2` what, `$3` the seconds that it may take; then the words of a command of the user's own. One that was started too
 * often in short time is not started by systemd, not by hand either, until that is forgotten. It goes on where the connection goes: podman and commands of
 * users stop first and start then, and what does not run is not started by the next run.
 */
export const ACT_PROGRAM: Program = {
  name: "service-act",
  outlives: true,
  text: `${COMMON}
verb=$2 seconds=$3
shift 3
within() { timeout -k 5 "$seconds" "$@" </dev/null >&2; }
if [ "$verb" = command ]; then within "$@"
elif [ "$engine" = systemd ]; then
  case $verb in start | restart) systemctl reset-failed -- "$name" </dev/null >/dev/null 2>&1 || : ;; esac
  within systemctl "$verb" -- "$name"
elif [ "$verb" = reload ]; then within "$engine" kill --signal HUP "$name"
else within "$engine" "$verb" "$name"
fi
`,
};

/**
 * Waits until the unit is active, has been so for `$2` seconds under one invocation, and the probe is content; at most `$3` seconds.
 * `$4` tells the probe, its words follow. Prints a verdict, what was seen, and the end of the journal.
 * - A service of Type=simple is "active" as soon as it was forked: only that it stays so says something.
 * - One that has restarted itself three times will not settle: nobody waits longer for it.
 * - podman before version 4 has no \`.State.Health\`, and fails where it is asked for: so that is asked for alone.
 */
export const WATCH_PROGRAM: Program = {
  name: "service-watch",
  text: `${COMMON}
steady=$(($2 * 100)) late=$(($3 * 100)) probe=$4
shift 4
clock() { IFS=' .' read -r whole part _ </proc/uptime; now=$((whole * 100 + 1\${part} - 100)); }
state() {
  active= sub= id= again= health=
  if [ "$engine" = systemd ]; then
    while IFS='=' read -r key value; do
      case $key in
        ActiveState) active=$value ;;
        SubState) sub=$value ;;
        InvocationID) [ -z "$value" ] || id=$value ;;
        ExecMainStartTimestampMonotonic) [ -n "$id" ] || id=$value ;;
        NRestarts) again=$value ;;
      esac
    done <<END
$(systemctl show -p ActiveState -p SubState -p InvocationID -p NRestarts -p ExecMainStartTimestampMonotonic -- "$name")
END
  else
    read -r active again id <<END
$("$engine" inspect --type container --format '{{.State.Status}} {{.RestartCount}} {{json .State.StartedAt}}' "$name")
END
    health=$("$engine" inspect --type container --format '{{if .State.Health}}{{.State.Health.Status}}{{end}}' "$name" 2>/dev/null) || health=
    sub=$active
    case $active/$health in
      running/starting) active=activating sub="running, and its health check has not passed yet" ;;
      running/unhealthy) active=activating sub="running, and its health check fails" ;;
      running/*) active=active ;;
      restarting/*) active=activating ;;
      *) active=inactive ;;
    esac
  fi
}
python() { timeout 10 python3 -c "$@" </dev/null; }
tried() {
  case $probe in
    none) ;;
    tcp)
      if command -v bash >/dev/null; then timeout 5 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" </dev/null
      else python 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)' "$1" "$2"
      fi ;;
    http)
      if command -v curl >/dev/null; then curl -fsS -m 5 -o /dev/null -- "$1" </dev/null
      else python 'import sys, urllib.request, urllib.error
try: urllib.request.urlopen(sys.argv[1], timeout=5)
except urllib.error.HTTPError as e: e.code < 400 or sys.exit("HTTP %d" % e.code)' "$1"
      fi ;;
    command) timeout 30 "$@" </dev/null ;;
  esac
}
tell() {
  if [ "$verdict" != healthy ]; then
    log=$(if [ "$engine" = systemd ]; then journalctl -u "$name" -n 15 --no-pager -o cat 2>&1
    else "$engine" logs --tail 15 "$name" 2>&1
    fi | cut -b 1-4000)
  fi
  printf '%s\\0' "$verdict" "$seen" "\${log-}"
  exit 0
}
clock
end=$((now + late)) first= since=$now times=0 said=
while :; do
  state
  clock
  seen="$active ($sub)"
  case $active in
    active | reloading)
      if [ "$id/$again" != "$first" ]; then
        [ -z "$first" ] || times=$((times + 1))
        first=$id/$again since=$now
      fi
      if [ $((now - since)) -ge "$steady" ]; then
        if said=$(tried "$@" 2>&1 >/dev/null); then verdict=healthy; tell; fi
      fi ;;
    failed) verdict=failed; tell ;;
    inactive) verdict=stopped; tell ;;
  esac
  if [ "$times" -ge 3 ]; then verdict=loops; tell; fi
  if [ "$now" -ge "$end" ]; then
    verdict=late
    [ -z "$said" ] || { verdict=probe; seen=$said; }
    tell
  fi
  sleep 0.2
done
`,
};
