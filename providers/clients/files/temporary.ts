/** Temporary files of the program that writes: where they lie, that they are ours, and how those of killed runs go. */

/**
 * - Temporary files lie in the nearest directory from which a rename leads to the target and whose names only root (or the login) can change
 *   (`haven`): the target's own, else one above, held open, since people move their directories. Where there is none, a name made by O_EXCL
 *   in the target's directory is opened anew and proven to be ours before a byte is written (`fresh`). All work goes through the descriptor.
 * - A dotfile whose name does not end in `.conf`: services read `*.conf` in some of these directories.
 * - What a killed run left is removed: its process, by number and moment of birth, is gone.
 */
export const TEMPORARY = `
born() {
  born=
  case $1 in self) ;; "" | *[!0-9]*) return 0 ;; esac
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  pid=\${stat%% *}
  set -- \${stat##*) }
  # A process may call itself anything, a line's end within: then there is no more of its stat here.
  [ "$#" -ge 20 ] && [ "$1" != Z ] || return 0
  shift 19
  born=$pid.$1
}
mounted() { while read -r field mount; do [ "$field" != mnt_id: ] || return 0; done <"/proc/self/fdinfo/$1"; }
haven() {
  safe=. up=. only=yes here=
  while { command exec 6<"$up"; } 2>/dev/null; do
    spot=$(stat -L -c %d/%u:%a /proc/self/fd/6)
    mounted 6
    [ -n "$here" ] || here=$mount/\${spot%/*}
    [ "$mount/\${spot%/*}" = "$here" ] || break
    if alone "\${spot#*/}" && [ -w /proc/self/fd/6 ]; then
      [ "$up" = . ] || safe=/proc/self/fd/6
      return
    fi
    [ "\${#up}" -lt 32 ] || break
    up=$up/..
  done
  only=
}
fresh() {
  if [ -n "$only" ] && [ -n "$bare" ]; then
    tmp=$bare.dressed
    set -C
    exec 5>"$tmp"
    set +C
    return
  fi
  tmp=$(mktemp -- "$safe/.$name.pco.$self.XXXXXXXXXXXX")
  if [ -n "$only" ]; then exec 5<>"$tmp"; return; fi
  pin "$tmp" || stop 75 "$tmp was taken away"
  case $facts in "regular empty file/1/$me/"*) ;; *) stop 75 "$tmp was exchanged" ;; esac
  exec 5<>"/proc/$held/fd/0"
  unpin
}
sweep() {
  for left in "./.$name.pco."* "$safe/.$name.pco."*; do
    maker=\${left#"\${left%/*}/.$name.pco."}
    born "\${maker%%.*}"
    case $maker in "$born".*) [ -n "$born" ] || rm -f -- "$left" || : ;; *) rm -f -- "$left" || : ;; esac
  done
}
`;
