/**
 * A stand-in for systemctl and journalctl that keeps units as files of a directory: state, number of the run, whether it is enabled. When a unit
 * began is the time of its file. Prints as systemd 252 does.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { uptime } from "node:os";
import { join } from "node:path";

const SYSTEMCTL = String.raw`#!/bin/sh
dir=$(dirname "$0")
verb=$1
for name in "$@"; do :; done
file=$dir/units/$name
[ "$verb" != list-unit-files ] || { ls "$dir/units" | sed 's/$/ enabled enabled/'; exit; }
if [ ! -e "$file" ]; then
  [ "$verb" = show ] || { echo "Failed to $verb $name: Unit $name not found." >&2; exit 5; }
  printf 'LoadState=not-found\nActiveState=inactive\nSubState=dead\n'; exit
fi
read -r active number enabled load reload <"$file"
put() { echo "$active $number $enabled $load $reload" >"$file"; }
became() {
  [ ! -e "$dir/limits/$name" ] || { active=failed; put; return 1; }
  if [ -e "$dir/fails/$name" ]; then active=failed; else active=active; fi; number=$((number + 1)); put; [ "$active" = active ]
}
case $verb in
  show)
    echo "LoadState=$load"; echo "ActiveState=$active"; echo "SubState=running"; echo "UnitFileState=$enabled"; echo Type=simple
    echo "CanReload=$reload"; echo NRestarts=0
    if [ -e "$dir/old" ] && [ "$active" != inactive ]; then
      case " $* " in *" --timestamp="*) echo "systemctl: unrecognized option '--timestamp=us'" >&2; exit 1 ;; esac
      echo "ExecMainPID=$number"; echo "ExecMainStartTimestamp=$(TZ=UTC date -r "$file" '+%a %F %T UTC')"
      date -r "$file" +%s.%N | awk -v booted="$(cat "$dir/old")" '{ printf "ExecMainStartTimestampMonotonic=%.0f\n", ($1 - booted) * 1000000 }'
      exit
    fi
    [ "$active" = inactive ] || { echo "InvocationID=$number"; echo "ExecMainStartTimestamp=$(TZ=UTC date -r "$file" '+%a %F %T.%N UTC')"; } ;;
  restart) became || { echo "Job for $name failed." >&2; exit 1; } ;;
  start) [ "$active" = active ] || became ;;
  stop) active=inactive; put ;;
  reset-failed) rm -f "$dir/limits/$name" ;;
  reload) [ "$reload" = yes ] || exit 1; touch "$dir/reloads"; echo "$name" >>"$dir/reloads" ;;
  enable) touch -r "$file" "$dir/time"; enabled=enabled; put; touch -r "$dir/time" "$file"; rm "$dir/time" ;;
  disable) touch -r "$file" "$dir/time"; enabled=disabled; put; touch -r "$dir/time" "$file"; rm "$dir/time" ;;
  *) exit 9 ;;
esac
`;

const JOURNALCTL = `#!/bin/sh
cat "$(dirname "$0")/journal" 2>/dev/null
`;

export interface FakeSystemctl {
  /** To be put before PATH. */
  readonly bin: string;
  /** A unit that runs since long ago, unless another state is given. */
  unit(name: string, state?: { active?: string; enabled?: string; load?: string; reload?: string }): void;
  /** How often it was begun. */
  runs(name: string): number;
  state(name: string): string;
  /** From now on it fails when it is started, or does not. */
  fails(name: string, does?: boolean): void;
  /** It was started too often: it is not started again until that is forgotten. */
  limit(name: string): void;
  /** From now on it is systemd 219, of CentOS 7: whole seconds, and no InvocationID. */
  becomeOld(): void;
  reloads(): string;
  journal(text: string): void;
}

/** Long before anything that a test writes. */
export const LONG_AGO = new Date("2020-01-01T00:00:00Z");
export const LONGER_AGO = new Date("2019-01-01T00:00:00Z");

/** Puts the stand-in into a directory. */
export const fakeSystemctl = (dir: string): FakeSystemctl => {
  for (const part of ["units", "fails", "limits"]) mkdirSync(join(dir, part), { recursive: true });
  writeFileSync(join(dir, "systemctl"), SYSTEMCTL, { mode: 0o755 });
  writeFileSync(join(dir, "journalctl"), JOURNALCTL, { mode: 0o755 });
  const file = (name: string) => join(dir, "units", `${name}.service`);
  const words = (name: string) => readFileSync(file(name), "utf8").trim().split(" ");
  return {
    bin: dir,
    unit(name, { active = "active", enabled = "enabled", load = "loaded", reload = "no" } = {}) {
      writeFileSync(file(name), `${active} 1 ${enabled} ${load} ${reload}\n`);
      utimesSync(file(name), LONG_AGO, LONG_AGO);
    },
    runs: (name) => Number(words(name)[1]),
    state: (name) => words(name).slice(0, 3).join(" "),
    fails: (name, does = true) =>
      does
        ? writeFileSync(join(dir, "fails", `${name}.service`), "")
        : rmSync(join(dir, "fails", `${name}.service`), { force: true }),
    limit: (name) => writeFileSync(join(dir, "limits", `${name}.service`), ""),
    becomeOld: () => writeFileSync(join(dir, "old"), String(Date.now() / 1000 - uptime())),
    reloads: () => (existsSync(join(dir, "reloads")) ? readFileSync(join(dir, "reloads"), "utf8") : ""),
    journal: (text) => writeFileSync(join(dir, "journal"), text),
  };
};
