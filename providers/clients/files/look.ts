/**
 * The remote half of the files client that looks: a constant program for a POSIX shell with GNU coreutils. What varies comes as arguments
 * (public: paths) or on standard input (a hash).
 */
import type { Program } from "../../remote/machine.js";

/** Exit codes of the programs whose meaning the client knows; standard error says the same in words. */
export const EXIT = {
  /** Something changed in between; a fresh look was printed. */
  again: 75,
  /** A symbolic link, or the directory that it is in, that root does not own. */
  link: 76,
  /** The lock was not free in time. */
  locked: 77,
  /** Standard input did not arrive as announced; nothing was touched. */
  truncated: 78,
  /** The directory that the file is to be in is not there. */
  directory: 79,
} as const;

/**
 * - `walk` goes from the root to the path by itself and follows a link only where root (or the login itself) owns both the link and its
 *   directory: a service that owns its /etc/<service> must not send the superuser to another file.
 * - The working directory pins the parent, so that a directory swapped for a link in between leads nowhere.
 * - The name of the record (`key`) comes with the request for the path as given, and is made here where a link leads elsewhere.
 * - `machine` tells one machine from another whatever it is called: containers share a kernel's boot id, clones a machine id.
 * - `look` opens the file once and checks that what it opened is what stands there (`stat -` is fstat).
 */
export const LOOK = `
set -eu
umask 077
keyed=
stop() { code=$1; shift; printf '%s\\n' "$*" >&2; exit "$code"; }
me=$(id -u)
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
trusted() { uid=$(stat -c %u -- "$1") && { [ "$uid" = 0 ] || [ "$uid" = "$me" ]; }; }
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
      { trusted "$real/$part" && trusted "\${real:-/}"; } ||
        stop 76 "$real/$part is a symbolic link, and root does not own both it and its directory"
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
look() {
  walk "$1"
  kind=absent facts= hash= above= record= group= show=no
  case $1 in
    /*)
      if [ -d "$dir" ]; then
        cd -P -- "$dir"
        above=yes
        if [ -L "./$name" ]; then kind=other
        elif [ -d "./$name" ]; then
          kind=directory
          facts=$(stat -c %u/%U/%g/%G/%a -- "./$name")
        elif [ -f "./$name" ]; then
          kind=file
          exec 4<"./$name"
          facts=$(stat -c %u/%U/%g/%G/%a/%d:%i - "./$name" <&4)
          [ "\${facts%%
*}" = "\${facts##*
}" ] || stop 75 "$real changed while it was looked at"
          facts=\${facts%%
*}
          if [ -n "$2" ]; then
            hash=$(sha256sum <&4)
            hash=\${hash%% *}
          fi
          [ -n "$hash" ] && [ "$hash" = "$2" ] || show=yes
        elif [ -e "./$name" ]; then kind=other
        fi
      fi
      ;;
    *) kind=none ;;
  esac
  [ ! -e "$home/$key" ] || record=$(base64 -w 0 <"$home/$key")
  [ -z "$3" ] || group=$(id -gn -- "$3" 2>/dev/null) || group=
  printf '%s\\0' 1 "$real" "$kind" "$facts" "$hash" "$above" "$record" "$group" "$show" "$(machine)"
  [ "$show" = no ] || cat </proc/self/fd/4
}
`;

/** One look: `$1` path, `$2` the user whose login group is asked for, or empty. On stdin: the hash of content that need not be sent, and the record's name. */
export const LOOK_PROGRAM: Program = {
  name: "files-look",
  text: `${LOOK}IFS= read -r known\nIFS= read -r key\nkeyed=$1\nlook "$1" "$known" "$2"\n`,
};
