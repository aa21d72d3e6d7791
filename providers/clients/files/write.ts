/**
 * The remote half of the files client that writes: a constant program for a POSIX shell with GNU coreutils. What varies comes as arguments
 * (public: paths, owners, modes) or on standard input (hashes, records, content).
 */
import type { Program } from "../../remote/machine.js";
import { LOOK } from "./look.js";

/**
 * - The temporary file is made by O_EXCL with a random name and from then on reached by its open descriptor alone: in a directory that
 *   belongs to a service, a name can be swapped for a link.
 * - A directory is entered before it is given away, and what was entered must be what stands there, not what a link leads to.
 * - A dotfile whose name does not end in `.conf`: services read `*.conf` in some of these directories.
 * - A lock file may be removed by its holder; who gets the lock checks that the file is still the one of that name.
 * - What a killed run left is removed under the lock: its process is gone.
 */
const WRITE = `
path=$1 expected=$2 action=$3 owner=$4 mode=$5 asked=$6
tmp= bare= locked=
# The lock goes last: what is removed after it may be the next holder's.
clean() {
  rm -f -- \${tmp:+"$tmp"} \${bare:+"$bare"}
  [ -z "$locked" ] || { rm -f -- "$entry.first" "$entry.second" "$lockfile" "$lockfile.pid"; rmdir -- "$home" 2>/dev/null || :; }
}
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM
grab() {
  mkdir -p -m 700 -- "$home" || return 1
  if command -v flock >/dev/null; then
    { command exec 9>>"$lockfile"; } 2>/dev/null || return 1
    flock -n 9 && [ "$lockfile" -ef /proc/self/fd/9 ]
  else
    ! ln -s "$$" "$lockfile.pid" 2>/dev/null || return 0
    holder=$(readlink -- "$lockfile.pid") || return 1
    [ -d "/proc/$holder" ] || rm -f -- "$lockfile.pid"
    return 1
  fi
}
lock() {
  tries=0
  until grab; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || stop 77 "$lockfile is held by another run"
    sleep 0.05
  done
  locked=yes
}
take() { case $1 in keep | drop) taken=. ;; *) taken=$(head -c "$1" && echo .) ;; esac; }
keep() {
  case $1 in
    keep) ;;
    drop) rm -f -- "$entry" ;;
    *) mv -f -T -- "$2" "$entry" ;;
  esac
}
dress() {
  [ -z "$owner" ] || chown -- "$owner" "$1"
  # Five digits: with fewer, chmod of coreutils lets a directory keep its set-group-ID bit.
  [ -z "$mode" ] || chmod -- "0$mode" "$1"
}
# The rights of the file that was there go to an empty file: the content must not lie under them before its own are set, not for an instant.
inherit() {
  bare=$tmp
  tmp=$tmp.dressed
  set -C
  exec 4>"$tmp"
  set +C
  cp --attributes-only --preserve=all --no-preserve=timestamps -- "./$name" /proc/self/fd/4
  dress /proc/self/fd/4
  cat </proc/self/fd/3 >&4
  exec 3>&4 4>&-
  rm -f -- "$bare"
  bare=
}
sweep() {
  for left in "./.$name.pco."*; do
    pid=\${left#"./.$name.pco."}
    [ -d "/proc/\${pid%%.*}" ] || rm -f -- "$left"
  done
}
place() {
  if errors=$(mv -f -T -- "$tmp" "./$name" 2>&1); then tmp=; return 0; fi
  case $errors in *"resource busy"*) ;; *) stop 1 "$errors" ;; esac
  exec 5<>"./$name"
  { [ ! -L "./$name" ] && [ "./$name" -ef /proc/self/fd/5 ]; } || stop 75 "$real changed"
  cat </proc/self/fd/3 >/proc/self/fd/5
  dress /proc/self/fd/5
  sync /proc/self/fd/5
}
folder() {
  [ -d "./$name" ] || mkdir -- "./$name"
  exec 6<.
  (
    cd -P -- "./$name"
    [ "$(stat -c %d:%i .)" = "$(stat -c %d:%i "/proc/self/fd/6/$name")" ] || stop 75 "$real changed"
    dress .
    ! command -v selinuxenabled >/dev/null || ! selinuxenabled || restorecon -- .
  )
}
found() {
  if [ -L "./$name" ]; then echo link
  elif [ -d "./$name" ]; then echo directory
  elif [ -e "./$name" ]; then sha256sum <"./$name"
  fi
}
unchanged() {
  walk "$path"
  [ "$real" = "$expected" ] || return 1
  case $path in /*)
    if [ -d "$dir" ]; then
      [ "$dir" -ef . ] || return 1
      now=$(found)
      [ "\${now%% *}" = "$old" ] || return 1
    else [ -z "$old" ] || return 1; fi ;;
  esac
  recorded=
  [ ! -e "$entry" ] || recorded=$(sha256sum <"$entry")
  [ "\${recorded%% *}" = "$oldrecord" ]
}
# Record and content take their time to reach the disk: a person may have saved the file meanwhile.
still() {
  case $path in /*) now=$(found); [ "\${now%% *}" = "$old" ] ;; esac
}
commit() {
  case $action in write | remove) sweep ;; esac
  if [ "$action" = write ]; then
    if [ -e "./$name" ]; then inherit; else dress /proc/self/fd/3; fi
  fi
  set --
  case $size1 in keep | drop) ;; *) printf %s "\${first%.}" >"$entry.first"; set -- "$entry.first" ;; esac
  case $size2 in keep | drop) ;; *) printf %s "\${second%.}" >"$entry.second"; set -- "$@" "$entry.second" ;; esac
  [ "$action" != write ] || set -- "$@" /proc/self/fd/3
  [ $# = 0 ] || sync "$@"
  keep "$size1" "$entry.first"
  still || { code=75; return; }
  case $action in
    write) place ;;
    remove) rm -f -- "./$name" ;;
    mkdir) folder ;;
    rmdir) rmdir -- "./$name" 2>/dev/null || [ -d "./$name" ] ;;
  esac
  keep "$size2" "$entry.second"
  case $action in keep) sync "$home" ;; *) sync . "$home" ;; esac
}
IFS= read -r key
keyed=$path
IFS= read -r old
IFS= read -r oldrecord
IFS= read -r size1
IFS= read -r size2
IFS= read -r size
IFS= read -r new
take "$size1"; first=$taken
take "$size2"; second=$taken
walk "$path"
entry=$home/$key
lockfile=$entry.lock
if [ -d "$dir" ]; then cd -P -- "$dir"
else
  case $action in write | mkdir) stop 79 "$dir is not there" ;; esac
fi
if [ "$action" = write ]; then
  random=$(mktemp -u XXXXXXXXXXXX)
  tmp=./.$name.pco.$$.$random
  set -C
  exec 3>"$tmp"
  set +C
  head -c "$size" >&3
  arrived=$(sha256sum </proc/self/fd/3)
  [ "\${arrived%% *}" = "$new" ] || stop 78 "the content did not arrive whole"
fi
IFS= read -r end || :
[ "$end" = end ] || stop 78 "the input did not arrive whole"
lock
code=0
if unchanged; then commit; else code=75; fi
[ -z "$tmp" ] || rm -f -- "$tmp"
tmp=
look "$path" "$new" "$asked"
exit "$code"
`;

/** Compare, write, look again, in one. `$1` path, `$2` its real path as looked at, `$3` action, `$4` owner, `$5` mode, `$6` as `$2` above. */
export const WRITE_PROGRAM: Program = { name: "files-write", text: `${LOOK}${WRITE}` };
