/**
 * The remote half of the files client that writes: a constant program for a POSIX shell with GNU coreutils. What varies comes as arguments
 * (public: paths, owners, modes) or on standard input (hashes, records, content).
 */
import type { Program } from "../../remote/machine.js";
import { LOCK } from "./lock.js";
import { LOOK } from "./look.js";
import { withPipe } from "./open.js";
import { TEMPORARY } from "./temporary.js";

/**
 * - The target is opened once; what is compared, whose rights are taken, and what is written in place, is that descriptor.
 * - A directory is entered before it is given away, and what was entered must be what stands there, not what a link leads to.
 */
const WRITE = `${TEMPORARY}${LOCK}
path=$1 expected=$2 action=$3 owner=$4 mode=$5 asked=$6
tmp= bare= locked= safe=
# By pattern: mktemp may have made one whose name it was killed before it said. The lock goes last: what is removed after it may be the next holder's.
clean() {
  [ -z "$safe" ] || rm -f -- "$safe/.$name.pco.$self."* || :
  [ -z "$locked" ] || { rm -f -- "$entry.first" "$entry.second" "$lockfile" "$lockfile.pid"; rmdir -- "$home" 2>/dev/null || :; }
}
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM
take() { case $1 in keep | drop) taken=. ;; *) taken=$(head -c "$1" && echo .) ;; esac; }
keep() {
  case $1 in
    keep) ;;
    drop) rm -f -- "$entry" ;;
    *) mv -f -T -- "$2" "$entry" ;;
  esac
}
# The shell does not say why it could not write.
save() { printf %s "$1" 2>/dev/null >"$2" || printf %s "$1" | cat >"$2"; }
dress() {
  [ -z "$owner" ] || chown -- "$owner" "$1"
  # Five digits: with fewer, chmod of coreutils lets a directory keep its set-group-ID bit.
  [ -z "$mode" ] || chmod -- "0$mode" "$1"
}
# A file that was not there takes from its directory what it would have got in it.
adopt() {
  [ "$safe" = . ] || ! [ -g . ] || chown -- ":$(stat -c %g .)" /proc/self/fd/3
  [ "$safe" = . ] || ! command -v selinuxenabled >/dev/null || ! selinuxenabled || chcon --reference=. -- /proc/self/fd/3
  dress /proc/self/fd/3
}
# The rights of the file that was there go to an empty file: the content must not lie under them before its own are set, not for an instant.
# Extended attributes do not: capabilities are among them.
inherit() {
  bare=$tmp
  fresh
  cp --attributes-only --preserve=all --no-preserve=timestamps,xattr -- /proc/self/fd/4 /proc/self/fd/5
  ! { [ -u /proc/self/fd/5 ] || [ -g /proc/self/fd/5 ] || [ -k /proc/self/fd/5 ]; } || chmod a-st /proc/self/fd/5
  dress /proc/self/fd/5
  cat </proc/self/fd/3 >&5
  # Other rights are no other content: whoever tells by the time of a file that its reader has to restart must not be told so.
  [ "$new" != "$old" ] || touch -r /proc/self/fd/4 -- /proc/self/fd/5
  exec 3<&5 5>&-
  rm -f -- "$bare"
  bare=
}
put() {
  if [ -n "$inplace" ]; then
    exec 5<>/proc/self/fd/4
    dress /proc/self/fd/5
    [ "$new" = "$old" ] || {
      cat </proc/self/fd/3 >&5
      truncate -s "$size" -- /proc/self/fd/5
    }
    sync /proc/self/fd/5
    return
  fi
  error=$(mv -f -T -- "$tmp" "./$name" 2>&1) || { [ ! -d "./$name" ] || stop 75 "$real changed"; stop 1 "$error"; }
  tmp=
  { [ ! -L "./$name" ] && [ "./$name" -ef /proc/self/fd/3 ]; } || stop 75 "$real changed"
}
folder() {
  [ -d "./$name" ] || mkdir -- "./$name"
  exec 5<.
  (
    cd -P -- "./$name"
    [ "$(stat -c %d:%i .)" = "$(stat -c %d:%i "/proc/self/fd/5/$name")" ] || stop 75 "$real changed"
    dress .
    ! command -v selinuxenabled >/dev/null || ! selinuxenabled || restorecon -- .
  )
}
# Sets what stands there; a file is open on 4 after it.
standing() {
  now=
  if [ -L "./$name" ]; then now=link
  elif [ -d "./$name" ]; then now=directory
  elif [ -e "./$name" ]; then
    now=other
    pin "./$name" || return 0
    case $facts in "regular "*) named && exec 4<"/proc/$held/fd/0" && now=file ;; esac
    unpin
    [ "$now" != file ] || { now=$(sha256sum <&4); now=\${now%% *}; }
  fi
}
unchanged() {
  walk "$path"
  [ "$real" = "$expected" ] || return 1
  case $path in /*)
    if [ -d "$dir" ]; then
      [ "$dir" -ef . ] || return 1
      standing
      [ "$now" = "$old" ] || return 1
    else [ -z "$old" ] || return 1; fi ;;
  esac
  recorded=
  [ ! -f "$entry" ] || recorded=$(sha256sum <"$entry")
  [ "\${recorded%% *}" = "$oldrecord" ]
}
# Record and content take their time to reach the disk: a person may have saved the file meanwhile.
still() {
  case $path in /*) ;; *) return 0 ;; esac
  case $old in
    '') [ ! -e "./$name" ] && [ ! -L "./$name" ] ;;
    directory) [ -d "./$name" ] && [ ! -L "./$name" ] ;;
    *)
      [ ! -L "./$name" ] && [ "./$name" -ef /proc/self/fd/4 ] || return 1
      now=$(sha256sum </proc/self/fd/4)
      [ "\${now%% *}" = "$old" ]
      ;;
  esac
}
# What not even root can change is refused before anything is.
able() {
  [ "$action" = keep ] || [ -n "$inplace" ] || [ -w . ] ||
    { error=$(mktemp ./.pco.XXXXXXXXXXXX 2>&1) && rm -f -- "$error"; } || fixed "$dir"
  case $old in '' | directory) return 0 ;; esac
  [ "$action" = keep ] || [ -w /proc/self/fd/4 ] || { error=$( (: >>/proc/self/fd/4) 2>&1); } || fixed "$real"
}
fixed() { case $error in *"not permitted"* | *"Read-only"*) stop 83 "$1: \${error##*: }" ;; esac; }
commit() {
  inplace=
  case $action in write | remove) sweep ;; esac
  if [ "$action" = write ] && [ -n "$old" ]; then
    mounted 4
    [ "$mount" = "\${here%%/*}" ] || inplace=yes
  fi
  able
  if [ "$action" = write ] && [ -z "$inplace" ]; then
    if [ -n "$old" ]; then inherit; else adopt; fi
  fi
  set --
  case $size1 in keep | drop) ;; *) save "\${first%.}" "$entry.first"; set -- "$entry.first" ;; esac
  case $size2 in keep | drop) ;; *) save "\${second%.}" "$entry.second"; set -- "$@" "$entry.second" ;; esac
  [ "$action" != write ] || set -- "$@" /proc/self/fd/3
  [ $# = 0 ] || sync "$@"
  keep "$size1" "$entry.first"
  still || { code=75; return; }
  case $action in
    write) put ;;
    remove) rm -f -- "./$name" ;;
    mkdir) folder ;;
    rmdir) rmdir -- "./$name" 2>/dev/null || [ -d "./$name" ] ;;
  esac
  keep "$size2" "$entry.second"
  case $action in keep) sync "$home" ;; *) sync . "$home" ;; esac
}
born self
self=$born
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
if [ -d "$dir" ]; then enter
else
  case $action in write | mkdir) stop 79 "$dir is not there" ;; esac
fi
case $action in write | remove) [ ! -d "$dir" ] || haven ;; esac
if [ "$action" = write ]; then
  fresh
  exec 3<&5 5>&-
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
export const WRITE_PROGRAM: Program = { name: "files-write", text: withPipe(`${LOOK}${WRITE}`) };
