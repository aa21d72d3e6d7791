/** Says what a long installation is at. */
import type { Machine } from "../../remote/machine.js";
import { WATCH } from "./watch-program.js";

/** After so many milliseconds for the first time, then each time twice as long as before, up to half a minute. */
const FIRST_MS = 2000;
const MOST_MS = 30_000;

/** One sentence of what the watch program says; undefined where there is nothing to say. */
export const sentence = (said: string, before: number | undefined): { text?: string; fetched?: number } => {
  const [what, ...words] = said.trimEnd().split("\t");
  if (what === "lock") {
    const [lock = "", pid = "", name = ""] = words;
    return {
      text: `waits for another installer: process ${pid}${name === "" ? "" : ` (${name})`} holds ${lock}`,
    };
  }
  const fetched = Number(words[0]);
  if (what !== "fetched" || Number.isNaN(fetched)) return {};
  const more = before === undefined ? 0 : fetched - before;
  const text =
    more > 0 ? `fetching packages, ${Math.ceil(more / 1024)} MiB more than at the last word` : "at work";
  return { text: `packages: ${text}`, fetched };
};

/** Does something, and says from time to time what it is at. What cannot be told is not: the work itself tells how it ended. */
export const watched = async <T>(
  machine: Machine,
  { note }: { readonly note: (text: string) => void },
  work: () => Promise<T>,
): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  let [isOver, pause] = [false, FIRST_MS];
  let fetched: number | undefined;
  let last = "";
  const look = async (): Promise<void> => {
    const { stdout, code } = await machine.run({ program: WATCH });
    const { text, ...more } = sentence(Buffer.from(stdout).toString("utf8"), fetched);
    fetched = more.fetched ?? fetched;
    if (code === 0 && text !== undefined && text !== last && !isOver) note(`${machine.name}: ${text}`);
    last = text ?? last;
  };
  const again = (): void => {
    timer = setTimeout(() => {
      pause = Math.min(pause * 2, MOST_MS);
      void look()
        .catch(() => undefined)
        .finally(() => isOver || again());
    }, pause);
  };
  again();
  try {
    return await work();
  } finally {
    isOver = true;
    clearTimeout(timer);
  }
};
