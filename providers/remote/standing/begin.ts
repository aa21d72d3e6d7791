import { within } from "../deadline.js";
import type { Ending, Execution } from "../execution.js";
import { Failure } from "../failure.js";
import { redact } from "../redact.js";
import { tapOn } from "./framed.js";
import { READY, UNFIT } from "./text.js";

/** How a start ended: with a shell, with a machine that has no tools for one, or with what sudo or the login shell said. */
export type Begun =
  | { readonly kind: "ready" }
  | { readonly kind: "unfit"; readonly why: string }
  | { readonly kind: "refused"; readonly code: number | null; readonly stderr: string };

export interface Beginning {
  readonly marker: string;
  readonly host: string;
  readonly name: string;
  readonly seconds: number;
}

/** Bytes of what a profile, sudo or a login shell may say before the shell begins. */
const WORDS = 1024 * 1024;

/** Keeps what comes, up to a bound. */
const keeper = () => {
  let text = "";
  return {
    take: (chunk: Buffer): void => {
      text = (text + chunk.toString("utf8")).slice(-WORDS);
    },
    text: () => text,
  };
};

/** The first line behind the marker. */
const firstLine = (text: string, marker: string): string | undefined => {
  const at = text.indexOf(`${marker}\n`);
  return at < 0 ? undefined : /^([^\n]*)\n/.exec(text.slice(at + marker.length + 1))?.[1];
};

/** Waits until the shell is ready, or says that it cannot be. @throws Failure `timeout`, `cut` */
export const begun = async (execution: Execution, beginning: Beginning): Promise<Begun> => {
  const { marker, host, name, seconds } = beginning;
  const [stdout, stderr] = [tapOn(execution.stdout), tapOn(execution.stderr)];
  const [out, err] = [keeper(), keeper()];
  const first = new Promise<string>((resolve) => {
    // On both: what belongs to the beginning must not come into the output of the first program.
    const look = (): void => {
      const line = firstLine(out.text(), marker);
      if (line !== undefined && err.text().includes(`${marker}\n`)) resolve(line);
    };
    stdout.listen((chunk) => {
      out.take(chunk);
      look();
    });
    stderr.listen((chunk) => {
      err.take(chunk);
      look();
    });
  });
  const answer = await within<string | Ending>(seconds, Promise.race([first, execution.ended]), () => {
    execution.stop();
    throw new Failure({ code: "timeout", host, command: name, what: `did not begin within ${seconds} s` });
  });
  stdout.detach();
  stderr.detach();
  if (typeof answer !== "string") {
    if (answer.failure !== undefined) throw answer.failure;
    return { kind: "refused", code: answer.code, stderr: redact(err.text()) };
  }
  return answer === READY ? { kind: "ready" } : { kind: "unfit", why: answer.replace(UNFIT, "") };
};
