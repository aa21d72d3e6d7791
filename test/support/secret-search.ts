/** Where a key must not be: process lists, what was printed, files and journals of the hosts. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ceph, on, type HostName } from "./hosts";

/** Looks at every process from now on. @returns ends it; yields every word of their arguments and environments */
export const sampleProcesses = (): (() => Promise<string>) => {
  const child = spawn(process.execPath, [join(__dirname, "sample-processes.cjs")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const words: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => words.push(chunk));
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return async () => {
    child.stdin.end();
    await ended;
    return Buffer.concat(words).toString("latin1");
  };
};

/** The keys of every entity of the cluster. */
export const allKeys = async (): Promise<string[]> => {
  const { auth_dump: dump } = JSON.parse(await ceph("ceph auth ls -f json 2>/dev/null")) as {
    auth_dump: { key: string }[];
  };
  return dump.map(({ key }) => key);
};

/** A key as it stands, and as it would stand encoded once more. */
export const formsOf = (keys: readonly string[]): string[] =>
  keys.flatMap((key) => [
    key,
    Buffer.from(key).toString("base64"),
    Buffer.from(key, "base64").toString("hex"),
    encodeURIComponent(key),
  ]);

/** How many of the forms are in the text. */
export const hits = (text: string, forms: readonly string[]): number =>
  forms.filter((form) => text.includes(form)).length;

/** Files that hold one of the forms, and `journal` where the journal does: all that may keep something on a host. */
export const filesWith = async (host: HostName, forms: readonly string[]): Promise<string[]> => {
  // The forms come on standard input and stay in a variable of the shell: they must not be in what is searched.
  const text = `
    forms=$(cat)
    printf '%s\\n' "$forms" | grep -rslF -D skip -f - /etc /root /home /tmp /var /run /dev/shm || true
    if journalctl --no-pager -o verbose | grep -qF -f <(printf '%s\\n' "$forms"); then echo journal; fi`;
  return (await on(host, text, forms.join("\n"))).split("\n").filter(Boolean).sort();
};
