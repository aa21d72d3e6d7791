/**
 * Stand-ins for rpm and dnf 4.14 over the packages of the APT stand-in, with dnf's texts and exit codes as they were seen. `packages/holder`
 * holds the process id of another installer that has dnf's lock; it is gone when `packages/arrives` names what that one installs.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const HEAD = String.raw`#!/bin/sh
dir=$(dirname "$0")/../packages
echo "$(basename "$0") $*" >>"$dir/log"
`;

const RPM = String.raw`[ "$1" != -qa ] || { ls "$dir/installed" | tr '\n' ','; exit 0; }
code=0
for name; do
  case $name in -* | *%*) continue ;; esac
  if [ -e "$dir/installed/$name" ]; then printf '%s\tii\t%s\n' "$name" "$(cat "$dir/installed/$name")"
  else echo "package $name is not installed"; code=1; fi
done
exit $code
`;

const DNF = String.raw`simulate= verb= specs= hidden=
while [ $# -gt 0 ]; do
  case $1 in
    --assumeno) simulate=yes ;;
    -x) hidden=,$2,; shift ;;
    --qf) shift ;;
    -*) ;;
    install | remove | repoquery) verb=$1 ;;
    *) specs="$specs $1" ;;
  esac
  shift
done
if [ "$verb" = repoquery ]; then
  for name in $specs; do sed "s/^\([^ ]*\).*/$name \1/" "$dir/offered/$name" 2>/dev/null; done
  exit 0
fi
[ ! -e "$dir/fails" ] || { cat "$dir/fails" >&2; exit 1; }
if [ -e "$dir/arrives" ] && [ -z "$simulate" ]; then
  echo "RPMDB already locked by 241"
  while read -r name version; do echo "$version" >"$dir/installed/$name"; done <"$dir/arrives"
  rm "$dir/arrives"
  exit 200
fi
new= gone= upgraded=
for spec in $specs; do
  if [ "$verb" = install ]; then
    name=$spec
    [ -e "$dir/offered/$name" ] || name=$(printf %s "$spec" | sed 's/-[0-9].*//')
    [ -e "$dir/offered/$name" ] || { echo "No match for argument: $spec"; echo "Error: Unable to find a match: $spec" >&2; exit 1; }
    [ ! -e "$dir/installed/$name" ] || { echo "Package $name is already installed."; continue; }
    version=$(printf %s "$spec" | sed "s/^$name-*//")
    [ -n "$version" ] || version=$(head -n 1 "$dir/offered/$name" | sed 's/ .*//')
    for other in $(grep "^$version" "$dir/offered/$name" | head -n 1 | cut -s -d ' ' -f 2-); do
      case $other in
        *=*)
          case $hidden in *,"$(printf %s "$other" | sed 's/=.*//')",*) echo "Error: is filtered out by exclude filtering" >&2; exit 1 ;; esac
          upgraded="$upgraded $other" ;;
        *) [ -e "$dir/installed/$other" ] || new="$new $other=$(head -n 1 "$dir/offered/$other" | sed 's/ .*//')" ;;
      esac
    done
    new="$new $name=$version"
  elif [ -e "$dir/installed/$spec" ]; then
    gone="$gone $spec"
    for other in $(ls "$dir/installed"); do
      ! grep -qs "^$(cat "$dir/installed/$other") .*$spec" "$dir/offered/$other" || gone="$gone $other"
    done
  fi
done
[ -n "$new$gone" ] || { echo "Dependencies resolved."; echo "Nothing to do."; exit 0; }
table() {
  [ -n "$2" ] || return 0
  echo "$1:"
  for one in $2; do printf ' %-20s noarch %s test 5.4 k\n' "$(echo "$one" | sed 's/=.*//')" "$(echo "$one" | sed 's/.*=//')"; done
}
echo "Dependencies resolved."
table Installing "$new"
table Upgrading "$upgraded"
table Removing "$gone"
printf '\nTransaction Summary\n'
[ -z "$simulate" ] || { echo "Operation aborted." >&2; exit 1; }
echo "Running transaction"
for one in $new; do echo "$one" | sed 's/.*=//' >"$dir/installed/$(echo "$one" | sed 's/=.*//')"; done
for one in $gone; do rm -f "$dir/installed/$one"; done
echo "Complete!"
`;

export interface FakeDnf {
  /** Another installer has the lock when ours comes, and brings this before it lets go. */
  arrive(name: string, version: string): void;
  hasArrived(): boolean;
}

/** Puts the stand-ins beside those of APT. */
export const fakeDnf = (root: string): FakeDnf => {
  const bin = join(root, "bin");
  mkdirSync(bin, { recursive: true });
  for (const [name, text] of Object.entries({ rpm: RPM, dnf: DNF }))
    writeFileSync(join(bin, name), HEAD + text, { mode: 0o755 });
  for (const name of ["dpkg-query", "apt-get", "apt-cache"]) rmSync(join(bin, name), { force: true });
  const file = join(root, "packages", "arrives");
  return {
    arrive: (name, version) => writeFileSync(file, `${name} ${version}\n`),
    hasArrived: () => !existsSync(file),
  };
};
