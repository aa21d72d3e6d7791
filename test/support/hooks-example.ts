/** The program that docs/component.md shows of hooks: what is between the two lines stands there word by word. */
// <docs>
import { remote } from "@pulumi/command";
import type { Hooks } from "../../index";

/** HAProxy sends no requests to a glance-api that is about to restart. */
export const hooks: Hooks = ({ when, role, host, name, triggers, opts }) => {
  if (role !== "glance" || when === "before") return undefined;
  const state = when === "restart" ? "drain" : "ready";
  const create = `echo "set server glance/${host} state ${state}" | socat - /run/haproxy/admin.sock`;
  return new remote.Command(name, { connection: { host: "lb1" }, create, triggers: [triggers] }, opts);
};
// </docs>
