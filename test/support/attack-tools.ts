/** The service acts at the start of a certain tool of root's programs. Needs nothing that is not on the host. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { actionsOf, siteOf, type Round, type Site } from "./attack";

const TOOLS = "cat chmod chown cp dd flock head mkdir mktemp mv readlink rm rmdir sha256sum stat sync".split(
  " ",
);

/** At which start of a tool he acts, and at which one he puts things back. */
export interface AtTool {
  readonly at: number;
  readonly back: number | "never";
}

const shim = (bin: string, tool: string, { at, back }: AtTool): string => `#!/bin/sh
{ IFS= read -r n <${bin}/count && echo $((n + 1)) >${bin}/count; } 2>/dev/null
case $n in ${at}) ${bin}/act; : >${bin}/acted ;; ${back}) ${bin}/back ;; esac
exec ${execFileSync("which", [tool], { encoding: "utf8" }).trim()} "$@"
`;

/** A site whose tools let the service act; `bin` is emptied for them. */
export const siteAtTool = (bin: string, round: Round, when: AtTool): Site => {
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin, { recursive: true });
  chmodSync(bin, 0o755);
  const site = siteOf(round, { bin });
  const put = (name: string, text: string): void => writeFileSync(join(bin, name), text, { mode: 0o755 });
  for (const [name, text] of Object.entries(actionsOf(site, round))) put(name, `#!/bin/sh\n${text}`);
  for (const tool of TOOLS) put(tool, shim(bin, tool, when));
  writeFileSync(join(bin, "count"), "1\n");
  return site;
};

export const hasActedAtTool = (bin: string): boolean => existsSync(join(bin, "acted"));
