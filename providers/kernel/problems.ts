/** Problems with inputs, as check failures that name the property, the value and what is allowed. */
import { redact } from "../remote/redact.js";
import { HIDDEN, isPart, type Report, type Shape } from "./shape.js";

/** A check failure, as Pulumi's dynamic provider takes it. An empty `property` makes the engine print no value. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

const shown = (value: unknown): string => {
  if (value === HIDDEN) return HIDDEN;
  const text = JSON.stringify(isPart(value) ? value.shownAs : value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};

/**
 * Collects problems. The engine prints the whole value of the property that a failure names, secrets within included (pulumi#19465): nested
 * data, secrets and what has one within name none, and path and value stand in the reason.
 */
export const newProblems = <I extends object>(
  shape: Shape<I>,
): { report: Report; failures: CheckFailure[] } => {
  const failures: CheckFailure[] = [];
  const secrets = new Set(
    Object.entries<{ secret?: boolean }>(shape)
      .filter(([, rule]) => rule.secret === true)
      .map(([key]) => key),
  );
  const report: Report = (path, value, allowed) => {
    const [top = "", ...rest] = path;
    const name = path.join(".");
    if (value === undefined)
      failures.push({ property: "", reason: redact(`${name} is required: it ${allowed}`) });
    else if (rest.length === 0 && top in shape && !secrets.has(top) && !isPart(value))
      failures.push({ property: top, reason: redact(allowed) });
    else
      failures.push({
        property: "",
        reason: redact(`${name} ${secrets.has(top) ? HIDDEN : shown(value)} ${allowed}`),
      });
  };
  return { report, failures };
};
