/** Shells of this machine that programs for hosts are tried in. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A busybox that takes its own applets for the tools on PATH: a host like that is refused, and no program of ours runs there. */
const hasOwnTools = (shell: readonly string[]): boolean => {
  const [path = "", ...args] = shell;
  const said = execFileSync(path, [...args, "-c", "dd --version 2>&1 || :"], { encoding: "utf8" });
  return said.includes("BusyBox");
};

export const SHELLS: readonly (readonly string[])[] = [
  ["/usr/bin/dash"],
  ["/usr/bin/bash"],
  ["/usr/bin/busybox", "sh"],
].filter((shell) => existsSync(shell[0] ?? "") && !hasOwnTools(shell));
