import type { Link, Start } from "../execution.js";
import { Failure } from "../failure.js";
import { backOff } from "../limit.js";
import { GONE } from "../sudo.js";
import type { Pool } from "./pool.js";
import type { Leads } from "./way.js";

const BUSY_ATTEMPTS = 10;

/** A link that waits where the far end has no channel free for the moment. */
const patient = (link: Link): Link => {
  const start = async (line: string, attempt = 0): Promise<Start> => {
    const answer = await link.start(line);
    if (answer.kind !== "busy" || attempt >= BUSY_ATTEMPTS) return answer;
    await backOff(attempt, 20);
    return start(line, attempt + 1);
  };
  return { start };
};

const patientLinks = new WeakMap<Link, Link>();

/** The same object for the same connection: what is known of its sudo hangs on it. */
const patientLink = (link: Link): Link => {
  const known = patientLinks.get(link) ?? patient(link);
  patientLinks.set(link, known);
  return known;
};

/**
 * Does something over the connection of a way, and once more over a new one where the old was gone before anything began. `work` says when
 * its use of the connection is over.
 */
export const over = async <W extends Leads<W>, T>(
  connections: Pool<W>,
  way: W,
  work: (link: Link, release: () => void) => Promise<T>,
): Promise<T> => {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const { link, release } = await connections.lease(way);
    try {
      return await work(patientLink(link), release);
    } catch (error) {
      release();
      if (error !== GONE) throw error;
    }
  }
  throw new Failure({
    code: "cut",
    host: way.host,
    what: "the server closes every connection as soon as it is open",
  });
};
