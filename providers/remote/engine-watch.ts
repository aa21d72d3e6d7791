import { connect } from "node:net";

/** Seconds between two looks at the engine. */
const EVERY = 3;

/** The engine's address, the last among the arguments of Pulumi's dynamic provider process: flags of Pulumi's own come before. */
export const engineAddress = (argv: readonly string[]): string | undefined =>
  [...argv].reverse().find((word) => /^(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(word));

const answers = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const colon = address.lastIndexOf(":");
    const host = address.slice(0, colon).replace(/^\[|\]$/g, "");
    const socket = connect({ host, port: Number(address.slice(colon + 1)) });
    const settle = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.unref();
    socket.setTimeout(2000, () => settle(true)); // a machine under load is slow; only a refusal says that nobody is there
    socket.on("connect", () => settle(true));
    socket.on("error", (error: NodeJS.ErrnoException) => settle(error.code !== "ECONNREFUSED"));
  });

/**
 * Calls `gone` once when the engine that started this process is no more: its port refuses twice, or this process has become an orphan
 * (a killed engine sends no signal, and the provider would keep its connections for ever). Ends with the function it returns; never keeps
 * the process alive.
 */
export const watchEngine = (
  address: string,
  gone: () => void,
  everySeconds: number = EVERY,
): (() => void) => {
  const parent = process.ppid;
  let refusals = 0;
  const look = async (): Promise<void> => {
    refusals = (await answers(address)) ? 0 : refusals + 1;
    if (refusals < 2 && (process.ppid === parent || process.ppid !== 1)) return;
    clearInterval(timer);
    gone();
  };
  const timer = setInterval(() => void look(), everySeconds * 1000);
  timer.unref();
  return () => clearInterval(timer);
};
