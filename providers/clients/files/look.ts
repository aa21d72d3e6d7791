/**
 * The remote half of the files client that looks: a constant program for a POSIX shell with GNU coreutils. What varies comes as arguments
 * (public: paths) or on standard input (a hash).
 */
import type { Program } from "../../remote/machine.js";
import { OPEN, TOOLS, withPipe } from "./open.js";

/**
 * - `walk` goes from the root to the path by itself and follows a link only where nobody but root (or the login itself) could change it: a
 *   service that owns its /etc/<service> must not send the superuser to another file.
 * - The working directory pins the parent, so that a directory swapped for a link in between leads nowhere.
 * - The name of the record (`key`) comes with the request for the path as given, and is made here where a link leads elsewhere.
 * - `machine` tells one machine from another whatever it is called: containers share a kernel's boot id, clones a machine id.
 * - `look` opens the file once: what it tells of a file is all of one descriptor; of a directory, of one system call.
 */
export const LOOK = `${OPEN}
keyed=
if [ "$me" = 0 ]; then home=/var/lib/pulumi-ceph-openstack
else home=\${XDG_STATE_HOME:-$HOME/.local/state}/pulumi-ceph-openstack; fi
machine() {
  for file in /proc/sys/kernel/random/boot_id /etc/machine-id /proc/sys/kernel/hostname; do
    fact=
    { IFS= read -r fact <"$file"; } 2>/dev/null || :
    printf %s/ "$fact"
  done
  stat -c %d:%i / || :
}
trusted() {
  both=$(stat -c %u:%a -- "$1" "$2") || return 1
  case $both in "0:"* | "$me:"*) ;; *) return 1 ;; esac
  both=\${both#*
}
  alone "$both" || { alone "\${both%%:*}:0" && [ $((0\${both#*:} & 01000)) != 0 ]; }
}
walk() {
  case $1 in /*) rest=\${1#/}; real= ;; *) rest=; real=$1 ;; esac
  hops=0
  while [ -n "$rest" ]; do
    part=\${rest%%/*}
    case $rest in */*) rest=\${rest#*/} ;; *) rest= ;; esac
    case $part in '' | .) continue ;; ..) real=\${real%/*}; continue ;; esac
    if [ -L "$real/$part" ]; then
      hops=$((hops + 1))
      [ "$hops" -le 40 ] || stop 76 "$1: too many symbolic links"
      trusted "$real/$part" "\${real:-/}" ||
        stop 76 "$real/$part is a symbolic link, and not root alone decides what it and its directory are"
      target=$(readlink -- "$real/$part"; echo .)
      target=\${target%??}
      case $target in /*) real= ;; esac
      rest=\${target#/}\${rest:+/$rest}
    else
      [ -e "$real/$part" ] || [ ! -d "\${real:-/}" ] || [ -x "\${real:-/}" ] || stop 13 "\${real:-/}: permission denied"
      real=$real/$part
    fi
  done
  case $1 in /*) real=\${real:-/} ;; esac
  [ "$real" = "$keyed" ] || { key=$(printf %s "$real" | sha256sum); key=\${key%% *} keyed=$real; }
  dir=\${real%/*}
  dir=\${dir:-/}
  name=\${real##*/}
}
content() {
  if ! pin "./$name"; then
    { [ -f "./$name" ] && [ ! -L "./$name" ]; } || stop 75 "$real changed while it was looked at"
    stop 1 "$real cannot be read"
  fi
  case $facts in "regular "*) ;; *) stop 75 "$real changed while it was looked at" ;; esac
  kind=file
  named
  exec 4<"/proc/$held/fd/0"
  unpin
  if [ -n "$1" ]; then
    hash=$(sha256sum <&4)
    hash=\${hash%% *}
  fi
  [ -n "$hash" ] && [ "$hash" = "$1" ] || show=yes
}
look() {
  walk "$1"
  kind=absent facts= hash= above= record= group= show=no
  case $1 in
    /*)
      if [ -d "$dir" ]; then
        enter
        above=yes
        if facts=$(stat -c %F/%h/%u/%U/%g/%G/%a -- "./$name" 2>/dev/null); then
          case $facts in
            directory/*) kind=directory ;;
            "regular "*) content "$2" ;;
            *) kind=other facts= ;;
          esac
          facts=\${facts#*/*/}
        elif [ -L "./$name" ] || [ -e "./$name" ]; then stop 75 "$real changed while it was looked at"
        fi
      fi
      ;;
    *) kind=none ;;
  esac
  [ ! -f "$home/$key" ] || record=$(base64 -w 0 <"$home/$key")
  [ -z "$3" ] || group=$(id -gn -- "$3" 2>/dev/null) || group=
  printf '%s\\0' 1 "$real" "$kind" "$facts" "$hash" "$above" "$record" "$group" "$show" "$(machine)"
  [ "$show" = no ] || cat </proc/self/fd/4
}
`;

/** One look: `$1` path, `$2` the user whose login group is asked for, or empty. On stdin: the hash of content that need not be sent, and the record's name. */
export const LOOK_PROGRAM: Program = {
  name: "files-look",
  text: withPipe(`${TOOLS}${LOOK}IFS= read -r known\nIFS= read -r key\nkeyed=$1\nlook "$1" "$known" "$2"\n`),
};
