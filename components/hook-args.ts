/** Resources of a program's own, before and after each role on each host. */
import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "../providers/kernel/common.js";
import type { LayoutRole } from "./layouts/layout.js";

/** `before` everything of a role on a host, before its `restart`, or `after` it. */
export type HookTime = "before" | "restart" | "after";

/** A place for resources of your own. */
export interface HookPlace {
  /**
   * `before`: before packages and files of the role on the host; `restart`: after its files and before its service restarts, in the waves of the restarts; `after`:
   * after that, and before its checks, the next wave and the images. All three are asked for whether or not services are managed.
   */
  readonly when: HookTime;
  /** The role, by the name of its argument. */
  readonly role: LayoutRole;
  /** The machine, as OpenSSH knows it. */
  readonly host: Host;
  /** A name for what you give: `<name>-<host>-<role>-<when>`. */
  readonly name: string;
  /** What the role's service reads on the host, by name: the very values that restart it, secrets as hashes. A command takes them as `triggers: [triggers]`. */
  readonly triggers: Readonly<Record<string, pulumi.Input<string>>>;
  /** Options for what you give: it belongs to its host, and waits for what comes before it. */
  readonly opts: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource[] };
}

/** Gives the resources for a place, with its `opts`; nothing where there are none. It is called once for each place. */
export type Hooks = (at: HookPlace) => pulumi.Resource | readonly pulumi.Resource[] | undefined;
