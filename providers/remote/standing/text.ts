/**
 * The shell that stays: one start of sudo for all programs of a host. It reads messages on standard input (`message.ts`), runs one program
 * after the other, and says on both outputs when one has ended. POSIX sh; tested with dash, bash and busybox.
 */

/** What it says on standard output before the first message: `READY`, or `UNFIT` and why. */
export const READY = "standing: ready";
export const UNFIT = "standing: no ";

/**
 * Runs one program in a session of its own: `$K` the mark of its end, `$1` its text, `$2` its name, the rest its arguments. Its outputs are
 * pipes of its own, read to their end, so that nothing of it can come after its end, and no flag that it sets on them stays (O_NONBLOCK).
 * What carries its outputs lives through a hang-up and reads on where nobody listens: a program that puts something back is not ended by a
 * word that it says meanwhile.
 */
const RUNNER = `k=$K t=$1; unset K; shift; trap '' HUP PIPE
c=$(exec 3>&1; {
  { (trap - HUP PIPE; exec /bin/sh -c "$t" "$@" 2>&6 3>&- 4>&- 5>&- 6>&-); echo $? >&3; } | { cat >&4 || cat >/dev/null; }
} 6>&1 | { cat >&5 || cat >/dev/null; })
printf '%s %03d\n' "$k" "$c" >&5; printf '%s %03d\n' "$k" "$c" >&4`;

/** As one word of a shell. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Nothing else is sent before a message has been answered, so that no tool that reads more than it was told to can take a byte of the next.
 * A message that is not whole is not run. Where the input ends while a program runs, everything of it is told (SIGHUP), and ended after two
 * seconds: unless it must outlive the connection. \`/proc\` tells that the process is ours still, and not another with its number.
 */
export const STANDING_TEXT = `why=
for w in setsid cat head sleep; do command -v "$w" >/dev/null || why="there is no $w"; done
case $(command -V printf 2>/dev/null) in *builtin*) ;; *) why="printf is a program there" ;; esac
[ "$(echo abc | head -c 2 2>/dev/null)" = ab ] || why="head knows no -c"
[ -r "/proc/$$/stat" ] || why="there is no /proc"
[ -z "$why" ] || { echo "${UNFIT}$why"; exit 0; }
exec 3<&0 4>&1 5>&2 </dev/null >/dev/null 2>&1
R=${quoted(RUNNER)} j= o=
run() { o=$1 K=$2 p=$3; shift 3; printf %b "$p" | K=$K setsid /bin/sh -c "$R" standing "$@" 3<&- & j=$!; p=; }
talk() {
  echo "$1" >&5; echo "$1" >&4; shift
  trap - EXIT HUP TERM INT PIPE
  exec /bin/sh -c "$@" <&3 >&4 2>&5 3<&- 4>&- 5>&-
}
gone() {
  trap - EXIT; trap : HUP TERM INT PIPE
  [ -n "$j" ] && [ -z "$o" ] && read -r s <"/proc/$j/stat" || exit 0
  case $s in "$j ("*") "?" $$ "*) ;; *) exit 0 ;; esac
  kill -HUP "-$j"
  i=0
  while [ "$i" -lt 20 ] && kill -0 "-$j"; do sleep 0.1 || sleep 1; i=$((i+1)); done
  kill -KILL "-$j"
  exit 0
}
trap gone EXIT
trap exit HUP TERM INT PIPE
echo "${READY}" >&4
while read -r z <&3; do
  m=$(head -c "$z" <&3)
  [ "\${#m}" -eq "$z" ] || break
  eval "$m"
  m=
done
exit 0`;
