/** Sections of a service's file, one resource each. */
import type * as pulumi from "@pulumi/pulumi";
import { ConfigSection } from "../providers/config-section/index.js";
import type { Host } from "../providers/kernel/common.js";
import type { Role, Sections } from "./releases/index.js";

/** By what the options of a file are judged. */
export interface Judged {
  /** OpenStack's release. */
  readonly release: string;
  /** What nothing is said of (`ReadBy.silence`). */
  readonly silence: readonly string[] | undefined;
}

/** Which sections of which file. */
export interface FileWish extends Judged {
  /** Before the names of the resources. */
  readonly prefix: string;
  readonly host: Host;
  readonly role: Role;
  readonly path: string;
  readonly sections: Sections;
}

/** cinder-backup reads cinder's file. */
const SERVICES = { glance: "glance", cinder: "cinder", "cinder-backup": "cinder", nova: "nova" } as const;

/** `<prefix>-<host>-<role>-<section>` for each. */
export const writeSections = (wish: FileWish, parent: pulumi.Resource): void => {
  const { prefix, host, role, path, sections, release, silence = [] } = wish;
  const readBy = { service: SERVICES[role], release, ...(silence.length === 0 ? {} : { silence }) };
  for (const [section, options] of Object.entries(sections))
    new ConfigSection(
      `${prefix}-${host}-${role}-${section}`,
      { host, path, section, options, readBy },
      { parent },
    );
};

/** Sections over sections: options of the second win. */
export const merged = (first: Sections, second: Sections = {}): Sections =>
  Object.fromEntries(
    [...new Set([...Object.keys(first), ...Object.keys(second)])].map((section) => [
      section,
      { ...first[section], ...second[section] },
    ]),
  );

/** The named sections, or all others. */
export const only = (sections: Sections, wanted: (section: string) => boolean): Sections =>
  Object.fromEntries(Object.entries(sections).filter(([section]) => wanted(section)));
