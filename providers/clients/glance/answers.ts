/** What answers of OpenStack's services say, in words. Pure. */
import { isTree, textAt, type Tree } from "../../formats/clouds-yaml.js";
import { withoutLogin, withoutLogins } from "../../formats/web-address.js";
import { Failure, type FailureParts } from "../../remote/failure.js";
import { redact } from "../../remote/redact.js";
import type { WebAnswer } from "../../remote/web.js";

/** What a body holds; nothing where it is no JSON object. */
export const jsonOf = ({ body }: Pick<WebAnswer, "body">): Tree => {
  try {
    const found: unknown = JSON.parse(body);
    return isTree(found) ? found : {};
  } catch {
    return {};
  }
};

const MOST = 300;

/** Of a page so much is looked at: to take the tags out of what never closes one takes the square of its length. */
const PAGE = 10_000;

/** JSON of Keystone, `{"error": {"message": …}}`, or the page of Glance: "<h1>404 Not Found</h1> No image found with ID …<br />". */
const messageOf = (answer: Pick<WebAnswer, "body">): string => {
  const json = jsonOf(answer);
  const error = json["error"];
  const text = (isTree(error) ? textAt(error, "message") : undefined) ?? textAt(json, "message");
  if (text !== undefined) return text;
  return answer.body
    .slice(0, PAGE)
    .replace(/<(head|h1|style|script)\b[^]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&#x27;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
};

/** `: what it says`, on one line; nothing where it says nothing. */
export const said = (answer: Pick<WebAnswer, "body">): string => {
  // A secret that is cut in two is none that can be told any more.
  const text = withoutLogins(redact(messageOf(answer)))
    .replace(/\s+/g, " ")
    .trim();
  if (text === "") return "";
  return `: ${text.length > MOST ? `${text.slice(0, MOST)}…` : text}`;
};

/** How many seconds a service wants to be left alone, by its `Retry-After`: a number, or a date. */
export const retryAfter = ({ headers }: Pick<WebAnswer, "headers">, now: number): number | undefined => {
  const text = headers["retry-after"]?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text);
  const date = /[a-z]/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
};

const cureOfBusy = (service: string, answer: WebAnswer): string => {
  const seconds = retryAfter(answer, Date.now());
  const when = seconds === undefined ? "" : ` It wants to be asked again in ${seconds} s.`;
  return answer.status === 429
    ? `Too many requests: try again later.${when}`
    : `Look at ${service}'s log, and at the proxy before it.${when}`;
};

const isBusy = (status: number): boolean =>
  status === 429 || (status >= 500 && status <= 504 && status !== 501);

/** An answer that is none of those that its client knows. */
export const servedBy = (
  service: string,
  answer: WebAnswer,
  common: Pick<FailureParts, "host" | "command">,
): Failure => {
  const { status, headers } = answer;
  if (status >= 300 && status < 400)
    return new Failure({
      ...common,
      code: "configuration",
      what: `it points elsewhere (${status}, ${withoutLogin(headers["location"] ?? "without an address")})`,
      cure: "Give that address, if it is the right one: a login is not sent on to where an answer points.",
    });
  if (isBusy(status))
    return new Failure({
      ...common,
      code: "unreachable",
      what: `${service} does not serve now (${status})${said(answer)}`,
      cure: cureOfBusy(service, answer),
    });
  return new Failure({
    ...common,
    code: "command",
    what: `${service} answers ${status}${said(answer)}`,
    ...(status < 300 && {
      cure: "It is not what such a service answers: is it a proxy or a portal that does?",
    }),
  });
};
