/** The lock of the program that writes. */

/**
 * - A lock file may be removed by its holder; who gets the lock checks that the file is still the one of that name.
 * - Without flock (util-linux) a link names its holder. A place that cannot be written is told at once, not waited for.
 */
export const LOCK = `
grab() {
  if ! mkdir -p -m 700 -- "$home" 2>/dev/null || ! { command exec 9>>"$lockfile"; } 2>/dev/null; then
    error=$( { mkdir -p -m 700 -- "$home" && (: >>"$lockfile"); } 2>&1) || [ "$tries" -lt 5 ] ||
      stop 81 "there is no place for records and locks: $error"
    return 1
  fi
  if command -v flock >/dev/null; then
    flock -n 9 && [ "$lockfile" -ef /proc/self/fd/9 ]
  else
    ! ln -s "$self" "$lockfile.pid" 2>/dev/null || return 0
    holder=$(readlink -- "$lockfile.pid") || return 1
    born "\${holder%%.*}"
    [ "$born" = "$holder" ] || rm -f -- "$lockfile.pid"
    return 1
  fi
}
# What is asked once: between two questions another run may take the place away.
proper() {
  place=$(stat -c %u -- "$home" 2>/dev/null) || return 0
  [ "$place" = "$me" ] || stop 81 "$home belongs to somebody else"
  place=$(stat -c %F -- "$lockfile" 2>/dev/null) || return 0
  case $place in "regular "*) ;; *) stop 81 "$lockfile is no file" ;; esac
}
lock() {
  tries=0
  until proper && grab; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || stop 77 "$lockfile is held by another run"
    sleep 0.05
  done
  locked=yes
}
`;
