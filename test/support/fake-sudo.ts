/**
 * A sudo for tests. `MODE`: free (NOPASSWD), password, memory (asks only once its memory is gone), fickle (says that it wants a password, and
 * then takes none: a NOPASSWD rule for another command), tty, denied, rs (sudo-rs, which has words of its own), rs-old (0.2.5: for its one
 * line it takes all that is there), rs-denied, rs-broken. It writes down how it was called, and every line that it took.
 */
export const SUDO = `#!/bin/sh
[ "$LC_ALL" = C ] || { echo "sudo: Sprache" >&2; exit 1; }
log() { printf '%s\\n' "$1" >> "$STATE/log"; }
refuse() { echo "$1" >&2; exit 1; }
mode=$(cat "$STATE/mode")
[ "$mode" = tty ] && refuse "sudo: sorry, you must have a tty to run sudo"
echo "We trust you have received the usual lecture" >&2
if [ "$1" = -n ]; then
  log n; shift
  case $mode in free|memory) exec "$@";; rs-broken) refuse "sudo-rs: invalid configuration: No such file or directory";; rs*) refuse "sudo: interactive authentication is required";; *) refuse "sudo: a password is required";; esac
fi
[ "$1 $2 $3 $4" = "-k -S -p " ] || refuse "sudo: unknown use: $1 $2 $3"
log S; shift 4
[ "$mode" = fickle ] && exec "$@"
case $mode in
  rs-old) line=$(dd bs=65536 count=1 2>/dev/null | head -n 1);;
  *) IFS= read -r line || refuse "sudo: no password was provided";;
esac
log "took a line"
case $mode in rs*)
  [ "$line" = "$(cat "$STATE/password")" ] || {
    echo "sudo: Authentication failed, try again." >&2
    IFS= read -r line && log "took another line"
    refuse "sudo-rs: Maximum 3 incorrect authentication attempts"
  }
  [ "$mode" != rs-denied ] || refuse "sudo: I'm sorry ops. I'm afraid I can't do that"
  exec "$@";;
esac
[ "$line" = "$(cat "$STATE/password")" ] || refuse "Sorry, try again.
sudo: 1 incorrect password attempt"
[ "$mode" = denied ] && refuse "ops is not in the sudoers file."
exec "$@"
`;
