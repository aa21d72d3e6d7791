/** Shells that stay, in memory, and those who ask for them on one link. */
import { PassThrough } from "node:stream";
import type { Ending, Link } from "../../providers/remote/execution";
import type { StandingShell } from "../../providers/remote/standing/shell";
import { shellsOn, type Opened } from "../../providers/remote/standing/shells";

export interface FakeShell extends StandingShell {
  /** Its process has ended. */
  die(): void;
  /** It is given up, and nobody hears of its end. */
  hang(): void;
  readonly done: string[];
}

export const newShell = (): FakeShell => {
  let isOver = false;
  let tell: (ending: Ending) => void = () => undefined;
  const ended = new Promise<Ending>((resolve) => (tell = resolve));
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const done: string[] = [];
  const over = (word: string): void => {
    isOver = true;
    done.push(word);
  };
  return {
    done,
    execution: { ...streams, ended, stop: () => undefined },
    isOver: () => isOver,
    answers: () => Promise.resolve(!isOver),
    run: () => Promise.reject(new Error("nothing is run here")),
    rest: () => void done.push("rest"),
    handOver: () => over("handed over"),
    end: () => over("end"),
    die: () => {
      over("died");
      tell({ code: 137 });
    },
    hang: () => over("hangs"),
  };
};

/** Those who ask on one link, by the order in which they did. */
export const asking = (
  link: Link = { start: () => Promise.reject(new Error("nothing is started here")) },
) => {
  const shells = shellsOn(link, "root");
  const opened: FakeShell[] = [];
  const got: string[] = [];
  let plan: () => Promise<Opened> = () => Promise.resolve(newShell());
  let opens = 0;
  const open = async (): Promise<Opened> => {
    opens += 1;
    const shell = await plan();
    if (!("unfit" in shell)) opened.push(shell as FakeShell);
    return shell;
  };
  const nameOf = (shell: Opened): string =>
    "unfit" in shell ? shell.unfit : `shell ${opened.findIndex((one) => one === shell)}`;
  return {
    link,
    shells,
    got,
    opens: () => opens,
    opening: (next: () => Promise<Opened>) => (plan = next),
    shell: (at: number): FakeShell => {
      const shell = opened[at];
      if (shell === undefined) throw new Error(`no shell ${at}`);
      return shell;
    },
    ask: (who: string, much?: boolean) =>
      shells.take(open, much).then(
        (shell) => void got.push(`${who}: ${nameOf(shell)}`),
        (error: unknown) => void got.push(`${who}: ${error instanceof Error ? error.message : "?"}`),
      ),
  };
};
