// What the library is held to. Each target is a ratio with a limit; what could not be measured is neither met nor missed.

const seconds = (verb) => (verbs) => verbs[verb].seconds;
const first = seconds("first");
const again = seconds("again");
const refresh = seconds("refresh");

const atMost = { says: "at most", holds: (value, limit) => value <= limit };
const atLeast = { says: "at least", holds: (value, limit) => value >= limit };

const anyWay = [
  {
    text: "first `up` / (the engine's own time + the shell's)",
    columns: ["ours", "nothing", "shell"],
    value: (ours, nothing, shell) => first(ours) / (first(nothing) + first(shell)),
    ...atMost,
    limit: 1,
  },
  {
    text: "no-op `up` / the engine's own time",
    columns: ["ours", "nothing"],
    value: (ours, nothing) => again(ours) / again(nothing),
    ...atMost,
    limit: 1.1,
  },
  {
    text: "connections of a no-op `up`",
    columns: ["ours"],
    value: (ours) => ours.again.logins,
    ...atMost,
    limit: 0,
  },
  {
    text: "`up --refresh` that finds nothing / (the engine's refresh + 1.5 × the shell's reading pass)",
    columns: ["ours", "nothing", "shell"],
    value: (ours, nothing, shell) => refresh(ours) / (refresh(nothing) + 1.5 * refresh(shell)),
    ...atMost,
    limit: 1,
  },
];

const farAway = [
  {
    text: "first `up` / @pulumi/command's",
    columns: ["ours", "command"],
    value: (ours, command) => first(ours) / first(command),
    ...atMost,
    limit: 0.8,
  },
  {
    text: "first `up`: times faster than Ansible",
    columns: ["ours", "ansible"],
    value: (ours, ansible) => first(ansible) / first(ours),
    ...atLeast,
    limit: 3,
  },
  {
    text: "a look at everything (`up --refresh`): times faster than Ansible run again",
    columns: ["ours", "ansible"],
    value: (ours, ansible) => again(ansible) / refresh(ours),
    ...atLeast,
    limit: 3,
  },
];

/** @returns {{ way: string, text: string, value: number | undefined, limit: string, outcome: "met" | "missed" | "not measured" }[]} */
export function judge({ ways, across }) {
  const targets = ways.flatMap((way) =>
    (way === "relayed" ? [...anyWay, ...farAway] : anyWay).map((target) => ({ way, ...target })),
  );
  return targets.map(({ way, text, columns, value: compute, says, holds, limit }) => {
    const value = across(way, columns, compute);
    const outcome = value === undefined ? "not measured" : holds(value, limit) ? "met" : "missed";
    return { way, text, value, limit: `${says} ${limit}`, outcome };
  });
}
