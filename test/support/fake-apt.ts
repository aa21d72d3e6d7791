/**
 * Stand-ins for dpkg-query, apt-get and apt-cache that keep packages as files of a directory, with the texts and exit codes of APT 2.6 and
 * dpkg 1.21. They note their command lines in `log`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const HEAD = String.raw`#!/bin/sh
dir=$(dirname "$0")/../packages
tool=$(basename "$0")
case $tool in apt-get) case " $* " in *" --simulate "*) tool=simulate ;; esac ;; esac
echo "$tool $*" >>"$dir/log"
`;

const DPKG_QUERY = String.raw`shift 2
code=0
for name; do
  if [ -e "$dir/installed/$name" ]; then printf '%s\tii \t%s\n' "$name" "$(cat "$dir/installed/$name")"
  elif [ -e "$dir/broken/$name" ]; then printf '%s\tiF \t%s\n' "$name" "$(cat "$dir/broken/$name")"
  else echo "dpkg-query: no packages found matching $name" >&2; code=1; fi
done
exit $code
`;

const APT_GET = String.raw`simulate= verb= specs=
for word; do
  case $word in
    --simulate) simulate=yes ;;
    -* | *::*) ;;
    install | remove) verb=$word ;;
    *) specs="$specs $word" ;;
  esac
done
unset word
plan() {
  name=$(printf %s "$1" | sed 's/=.*//')
  [ -e "$dir/offered/$name" ] || { echo "E: Unable to locate package $name" >&2; exit 100; }
  version=$(printf %s "$1" | sed -n 's/.*=//p')
  [ -n "$version" ] || version=$(head -n 1 "$dir/offered/$name" | sed 's/ .*//')
  line=$(grep "^$version" "$dir/offered/$name")
  for other in $(printf %s "$line" | cut -s -d ' ' -f 2-); do
    [ -e "$dir/installed/$other" ] || ( plan "$other" ) || exit
  done
  old=
  [ ! -e "$dir/installed/$name" ] || old=" [$(cat "$dir/installed/$name")]"
  [ "$old" = " [$version]" ] || echo "Inst $name$old ($version test [all])"
}
needing() {
  echo "Remv $1 [$(cat "$dir/installed/$1")]"
  for other in $(ls "$dir/installed"); do
    grep -qs "^$(cat "$dir/installed/$other") .*$1" "$dir/offered/$other" && needing "$other"
  done
}
[ ! -e "$dir/fails" ] || { cat "$dir/fails" >&2; exit 100; }
all=
for spec in $specs; do
  if [ "$verb" = install ]; then some=$(plan "$spec") || exit
  else some=; [ ! -e "$dir/installed/$spec" ] || some=$(needing "$spec"); fi
  all="$all$some
"
done
if [ -n "$simulate" ]; then printf %s "$all" | sort -u; exit 0; fi
printf %s "$all" | sort -u | while read -r what name rest; do
  if [ "$what" = Remv ]; then rm -f "$dir/installed/$name"
  elif [ ! -e "$dir/installed/$name" ]; then
    rm -f "$dir/broken/$name"; printf '%s\n' "$rest" | sed 's/.*(\([^ ]*\) .*/\1/' >"$dir/installed/$name"
    echo "Unpacking $name ($(cat "$dir/installed/$name")) ..."
  fi
done
`;

const APT_CACHE = String.raw`shift
for name; do sed "s/^\([^ ]*\).*/ $name | \1 | file:test/" "$dir/offered/$name" 2>/dev/null; done
exit 0
`;

export interface FakeApt {
  /** What the indices have: the newest first, each followed by what it depends on. */
  offer(name: string, ...versions: readonly string[]): void;
  /** Clients of Ceph 16.2.15 and 18.2.4, of which librbd1 is installed. */
  offerCeph(): void;
  put(name: string, version: string): void;
  /** Unpacked, and not configured. */
  breakOff(name: string): void;
  take(name: string): void;
  /** What every apt-get says from now on; empty: nothing. */
  failWith(text: string): void;
  installed(): string[];
  version(name: string): string;
  /** Command lines so far; looks and simulations left out where `isWrite`. */
  ran(isWrite?: boolean): string[];
}

/** Puts the stand-ins into `bin` below a root, which is in front of the search path of a fake host. */
export const fakeApt = (root: string): FakeApt => {
  const path = (...parts: string[]) => join(root, "packages", ...parts);
  for (const part of ["offered", "installed", "broken"]) mkdirSync(path(part), { recursive: true });
  mkdirSync(join(root, "bin"), { recursive: true });
  const tools = { "dpkg-query": DPKG_QUERY, "apt-get": APT_GET, "apt-cache": APT_CACHE };
  for (const [name, text] of Object.entries(tools))
    writeFileSync(join(root, "bin", name), HEAD + text, { mode: 0o755 });
  const offer: FakeApt["offer"] = (name, ...versions) =>
    writeFileSync(path("offered", name), `${versions.join("\n")}\n`);
  const put: FakeApt["put"] = (name, version) => writeFileSync(path("installed", name), `${version}\n`);
  return {
    offer,
    offerCeph: () => {
      offer("python3-rbd", "18.2.4 librbd1", "16.2.15 librbd1");
      offer("python3-rados", "18.2.4", "16.2.15");
      offer("ceph-common", "18.2.4", "16.2.15");
      put("librbd1", "16.2.15");
    },
    put,
    breakOff: (name) => writeFileSync(path("broken", name), "1\n"),
    take: (name) => rmSync(path("installed", name)),
    failWith: (text) => (text === "" ? rmSync(path("fails")) : writeFileSync(path("fails"), `${text}\n`)),
    installed: () => readdirSync(path("installed")).sort(),
    version: (name) => readFileSync(path("installed", name), "utf8").trim(),
    ran: (isWrite = false) =>
      (existsSync(path("log")) ? readFileSync(path("log"), "utf8") : "")
        .split("\n")
        .filter((line) => line !== "" && (!isWrite || line.startsWith("apt-get "))),
  };
};
