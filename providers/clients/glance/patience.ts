/** Asks again where nobody serves for a moment, as long as a service wants to be left alone, and not for ever. */
import { backOff, pause } from "../../remote/limit.js";
import type { Web, WebAnswer, WebRequest } from "../../remote/web.js";
import { retryAfter } from "./answers.js";

const RETRIES = 2;

/** What wants to be left alone for longer is told of instead, in seconds. */
export const LONGEST = 30;

/** What was too much was not done; a proxy may have lost the answer to what was. To read twice, or to have a token too many, does no harm. */
const isPassing = ({ method }: WebRequest, { status }: WebAnswer): boolean =>
  status === 429 || (method !== "PATCH" && status >= 502 && status <= 504);

export const patient = async (web: Web, request: WebRequest): Promise<WebAnswer> => {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await web(request);
    const wanted = retryAfter(answer, Date.now());
    if (attempt >= RETRIES || !isPassing(request, answer) || (wanted ?? 0) > LONGEST) return answer;
    await (wanted === undefined ? backOff(attempt, 500) : pause(wanted * 1000));
  }
};
