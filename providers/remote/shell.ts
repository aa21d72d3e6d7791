import { randomBytes } from "node:crypto";

/** How the superuser is reached once the login shell has handed over to `/bin/sh`. */
export type Privilege =
  | "as-login" // no sudo: the login is root, or `become` is `none`
  | "sudo" // `sudo -n`
  | "sudo-password"; // `sudo -k -S`, the password as the first line of standard input

/** A command line for the login shell, and the line that our own output begins after. */
export interface CommandLine {
  readonly line: string;
  readonly marker: string;
}

/** What is put on a command line: the constant text, the name that process lists show, the arguments. */
export interface Words {
  readonly text: string;
  readonly name: string;
  readonly args: readonly string[];
}

const octal = (byte: number): string => `\\0${byte.toString(8).padStart(3, "0")}`;

/**
 * Printable ASCII stays, but for what some login shell treats specially inside single quotes: `'` (all), `\` (fish), `!` (csh history).
 * Everything else, line ends included, becomes `\0ooo`, which `printf %b` of every POSIX shell turns back into the byte.
 */
const encode = (word: string): string => {
  let encoded = "";
  for (const byte of Buffer.from(word, "utf8")) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c && byte !== 0x21;
    encoded += plain ? String.fromCharCode(byte) : octal(byte);
  }
  return `'${encoded}'`;
};

/**
 * The first thing the program's own shell does: a search path with the sbin directories (a login's has none on Debian), messages in
 * English, and the marker on both outputs. Whatever a profile, a banner or sudo's lecture wrote comes before the marker; where it is
 * missing, the program has not begun.
 */
const PROLOGUE =
  "PATH=${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin;LC_ALL=C;export PATH LC_ALL;echo MARKER;echo MARKER >&2; ";

/**
 * With a password on standard input, the program's shell takes the lines up to the marker away, which come when it has said that it has
 * begun. sudo has eaten the password line, or has not (a NOPASSWD rule for just this command): in neither case does it reach the program.
 */
const TAKE_PASSWORD_LINE = 'read -r LINE; [ "$LINE" = MARKER ] || read -r LINE; unset LINE; ';

/** What sudo says is known in English. */
const SUDO: Readonly<Record<Privilege, string>> = {
  "as-login": "exec",
  sudo: "LC_ALL=C; export LC_ALL; exec sudo -n",
  "sudo-password": 'LC_ALL=C; export LC_ALL; exec sudo -k -S -p ""',
};

/**
 * The line for a login shell of any kind that ends up as `/bin/sh -c TEXT NAME ARGS…`. The outer `/bin/sh` decodes its arguments (the dot
 * keeps trailing newlines from the command substitution) and replaces itself by the real one. `exec` is a word of every shell; without it
 * dash stays between the program and sshd, and a signal that ended the program would come back as an exit code.
 */
export const commandLine = ({ text, name, args }: Words, privilege: Privilege): CommandLine => {
  const marker = `+${randomBytes(9).toString("hex")}+`;
  const taking = privilege === "sudo-password" ? TAKE_PASSWORD_LINE : "";
  const prologue = `${PROLOGUE}${taking}`.replaceAll("MARKER", marker);
  const decode = 'for a do shift; a=$(printf %b. "$a"); set -- "$@" "${a%.}"; done; ';
  const exec = `t=$1; shift; ${SUDO[privilege]} /bin/sh -c "$t" "$@"`;
  const words = [`${prologue}${text}`, name, ...args].map(encode).join(" ");
  return { line: `exec /bin/sh -c '${decode}${exec}' sh ${words}`, marker };
};
