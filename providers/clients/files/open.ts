/**
 * What both remote programs of the files client begin with: directories and files of people who are not trusted, opened so that nobody can
 * lead the superuser elsewhere. For a POSIX shell with GNU coreutils on Linux.
 */

/** Exit codes of the programs whose meaning the client knows; standard error says the same in words. */
export const EXIT = {
  /** Something changed in between; a fresh look was printed, or there is none. */
  again: 75,
  /** A symbolic link, or the directory that it is in, that others could change. */
  link: 76,
  /** The lock was not free in time. */
  locked: 77,
  /** Standard input did not arrive as announced; nothing was touched. */
  truncated: 78,
  /** The directory that the file is to be in is not there. */
  directory: 79,
  /** The file has other names, and not root alone decides what stands in its directory. */
  names: 80,
  /** There is no place for records and locks; nothing was touched. */
  home: 81,
  /** The tools of the host are not those that the programs are for; nothing was touched. */
  tools: 82,
  /** The file or its directory cannot be written by anybody; nothing was touched. */
  fixed: 83,
} as const;

/**
 * - A shell cannot open without following links and without waiting; `dd` of coreutils can. It opens (`pin`), then waits for a byte (`seek=1`
 *   with an output that cannot seek is read), and meanwhile what it holds is reached by /proc: no name is looked up again.
 * - The pipe that it waits at is the program's own: when the program dies, however it does, dd ends too.
 * - That it ended is told by its state alone: while a process begins a program, the kernel may show nobody what it has open.
 * - It has opened as soon as its standard input is O_NONBLOCK (04000).
 * - `enter` pins the directory: the working directory must be what the name means without any link, by the kernel's word (a shell's `pwd -P`
 *   may be its own).
 * - A file without a name was replaced after it was opened: another section of it was written, or a person saved it.
 * - `alone`: nobody but root and the login can change the names in a directory. A sticky bit is not enough: it lets others make names.
 */
export const OPEN = `
set -eu
umask 077
LC_ALL=C
export LC_ALL
stop() { code=$1; shift; printf '%s\\n' "$*" >&2; exit "$code"; }
me=$(id -u)
ended() {
  read -r stat <"/proc/$1/stat" || return 0
  case \${stat##*) } in Z* | X*) ;; *) return 1 ;; esac
}
pin() {
  dd if="$1" iflag=nofollow,nonblock bs=1 seek=1 count=0 status=none <&8 >&8 7>&- 9>&- &
  held=$!
  until { read -r _ && read -r _ flags; } <"/proc/$held/fdinfo/0" && [ $((flags & 04000)) != 0 ]; do
    ! ended "$held" || { wait "$held" || :; return 1; }
  done 2>/dev/null
  facts=$(stat -L -c %F/%h/%u/%U/%g/%G/%a "/proc/$held/fd/0")
}
unpin() { echo >&7; wait "$held" || :; }
entered=
enter() {
  if [ "$dir" = "$entered" ] && [ "$dir" -ef . ]; then return; fi
  { cd -P -- "$dir" && [ "$(readlink /proc/self/cwd)" = "$dir" ]; } || stop 75 "$dir changed"
  entered=$dir
}
alone() {
  case $1 in "0:"* | "$me:"*) [ $((0\${1#*:} & 022)) = 0 ] ;; *) return 1 ;; esac
}
named() {
  case $facts in
    "regular file/1/"* | "regular empty file/1/"*) ;;
    "regular file/0/"* | "regular empty file/0/"*) stop 75 "$real changed while it was looked at" ;;
    *) alone "$(stat -c %u:%a .)" ||
      stop 80 "$real has several names (hard links), and not root alone decides what stands in $dir" ;;
  esac
}
`;

/** Busybox and uutils have tools of the same names that do other things. Before anything else is started. */
export const TOOLS = `
tools=$(LC_ALL=C dd --version 2>&1) || :
case $tools in 'dd (coreutils) '* | 'dd (GNU coreutils) '*) ;; *)
  case $tools in *BusyBox*) whose=BusyBox ;; *uutils*) whose=uutils ;; *) whose= ;; esac
  printf '%s\\n' "the tools of this host are \${whose:+those of $whose, }not GNU coreutils; dd --version says: \${tools%%
*}" >&2
  exit 82 ;;
esac
`;

/**
 * A program whose own part is `text`: with the pipe of `pin` on descriptors 7 and 8. A signal is heeded when that part has ended. Nothing here
 * is a redirection of a compound command: when it exits, busybox puts those back before it runs the trap, and the lock would be free too soon.
 */
export const withPipe = (text: string): string => `
trap 'exit 143' HUP INT TERM
exec 9<&0
: | {
trap - HUP INT TERM
exec 7>/proc/self/fd/0 8<&0 0<&9 9<&-
${text}
}
`;
