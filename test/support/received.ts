/** What a far end makes of a command line of `providers/remote/shell.ts`: the program as its sender meant it. */
export interface Received {
  /** The line as it came, for the login shell. */
  readonly line: string;
  readonly name: string;
  readonly args: readonly string[];
  /** The program's text without the prologue. */
  readonly text: string;
  /** The line on both outputs after which the program's own output begins. */
  readonly marker: string;
  /** By sudo, by sudo with a password on standard input, or as the login. */
  readonly privilege: "as-login" | "sudo" | "sudo-password";
}

const decode = (word: string): string => {
  const bytes: number[] = [];
  for (let i = 0; i < word.length; i += 1) {
    const escaped = word.charAt(i) === "\\" && word.charAt(i + 1) === "0";
    bytes.push(escaped ? parseInt(word.slice(i + 2, i + 5), 8) : word.charCodeAt(i));
    if (escaped) i += 4;
  }
  return Buffer.from(bytes).toString("utf8");
};

const privilegeOf = (bootstrap: string): Received["privilege"] => {
  if (bootstrap.includes("sudo -k")) return "sudo-password";
  return bootstrap.includes("sudo -n") ? "sudo" : "as-login";
};

/** Takes a command line apart; throws for one that is no program of ours. */
export const received = (line: string): Received => {
  const words = [...line.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? "");
  const [bootstrap, whole, name, ...args] = words;
  if (bootstrap === undefined || whole === undefined || name === undefined)
    throw new Error(`not a program: ${line}`);
  const [, marker, text] =
    /echo (\+[0-9a-f]+\+);echo \+[0-9a-f]+\+ >&2; (?:read -r LINE; .*?; unset LINE; )?([^]*)$/.exec(
      decode(whole),
    ) ?? [];
  if (marker === undefined || text === undefined) throw new Error(`a program without a marker: ${line}`);
  return {
    line,
    name: decode(name),
    args: args.map(decode),
    text,
    marker,
    privilege: privilegeOf(bootstrap),
  };
};
