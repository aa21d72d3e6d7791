import type { Link } from "../execution.js";
import { handPassword } from "../password-line.js";
import { startProgram, type Surroundings } from "../programs.js";
import { forgetPrivilege, notBegun, privilegeOn, wantsPasswordNow } from "../sudo.js";
import { begun } from "./begin.js";
import type { Opened } from "./shells.js";
import { standingShell } from "./shell.js";
import { STANDING_TEXT } from "./text.js";

/** For whom a shell is opened: what its deadline and its errors are. */
interface ForWhom {
  readonly become: boolean;
  readonly name: string;
  readonly seconds: number;
}

/** What process lists show for the shell; a program has its own name. */
export const SHELL_NAME = "standing-shell";

/** Starts a shell that stays. @throws Failure `sudo`, `authentication`, `timeout`, `cut`; GONE where the connection was gone before */
export const openShell = async (link: Link, around: Surroundings, whom: ForWhom): Promise<Opened> => {
  const { login } = around;
  const { become, name, seconds } = whom;
  for (let attempt = 0; ; attempt += 1) {
    const privilege = await privilegeOn(link, around, become);
    const program = { name: SHELL_NAME, text: STANDING_TEXT };
    const { execution, marker, password } = await startProgram(link, around, {
      program,
      privilege,
      timeoutSeconds: seconds,
    });
    execution.stdin.on("error", () => undefined);
    if (password !== undefined) handPassword(execution, { password, marker }, () => undefined);
    const answer = await begun(execution, { marker, host: login.host, name, seconds });
    if (answer.kind === "ready") return standingShell(execution);
    execution.stop();
    if (answer.kind === "unfit") return { unfit: answer.why };
    const said = { code: answer.code, stderr: answer.stderr, begun: false, stdout: Buffer.alloc(0) };
    if (attempt > 0 || !wantsPasswordNow(privilege, login, said)) throw notBegun(login, said);
    forgetPrivilege(link);
  }
};
