/** What the options of a service's file say together and will hardly be meant: plain values alone, each a warning. Pure. */
import { isSilenced, spoken, type Finding } from "../../providers/formats/openstack/finding.js";
import { optionsOf, type Project } from "../../providers/formats/openstack/index.js";
import { fixedSections } from "../../providers/formats/openstack/reader.js";
import type { Sections } from "../releases/index.js";
import type { Topology } from "../topology/topology.js";
import { merged } from "./sections.js";
import { sectionsOf } from "./service-files.js";
import { SERVICES } from "./services.js";

/** A warning, and the section that it is about. */
interface Advice extends Finding {
  readonly section: string;
}

const NO = /^(false|0|off|no)$/i;

/** A value that is known in the program, as the file's text. */
const plain = (sections: Sections, section: string, option: string): string | undefined => {
  const value: unknown = sections[section]?.[option];
  if (Array.isArray(value))
    return value.every((item) => typeof item === "string") ? value.join(",") : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
};

/** Names in `enabled_backends`: `a,b` of Cinder, `a:rbd,b:file` of Glance. */
const enabled = (sections: Sections): string[] | undefined =>
  plain(sections, "DEFAULT", "enabled_backends")
    ?.split(",")
    .map((item) => item.trim().replace(/:.*$/, ""));

/** Sections with options of a backend or store that nothing enables. */
const unreadSections = (project: Project, sections: Sections, patterns: readonly string[]): Advice[] => {
  const names = enabled(sections);
  if (names === undefined) return [];
  const own = patterns.flatMap((pattern) => optionsOf(project, pattern));
  const fixed = [
    ...fixedSections(project),
    "backend_defaults",
    "os_glance_staging_store",
    "os_glance_tasks_store",
  ];
  return Object.entries(sections)
    .filter(
      ([section, options]) =>
        !fixed.includes(section) &&
        !names.includes(section) &&
        Object.keys(options).some((name) => own.includes(name)),
    )
    .map(([section]) => ({
      section,
      option: "",
      text: `is read by nobody: enabled_backends names ${names.join(", ")}`,
    }));
};

const STORES = [
  "<store>",
  "<store:rbd>",
  "<store:file>",
  "<store:http>",
  "<store:swift>",
  "<store:cinder>",
  "<store:s3>",
];

const glanceAdvice = (sections: Sections): Advice[] => {
  const flavor = plain(sections, "paste_deploy", "flavor") ?? "";
  const old = ["stores", "default_store"].filter(
    (option) => sections["glance_store"]?.[option] !== undefined,
  );
  return [
    ...unreadSections("glance", sections, STORES),
    ...(sections["DEFAULT"]?.["enabled_backends"] === undefined ? [] : old).map((option) => ({
      section: "glance_store",
      option,
      text: "is of the time before enabled_backends, and is passed over beside it",
    })),
    ...(flavor.includes("cach")
      ? [
          {
            section: "paste_deploy",
            option: "flavor",
            text: `${flavor} keeps copies of raw images on the controller's own disk; keystone alone is meant for RBD`,
          },
        ]
      : []),
  ];
};

const cinderAdvice = (sections: Sections): Advice[] => {
  const both = plain(sections, "DEFAULT", "cluster") !== undefined;
  return [
    ...unreadSections("cinder", sections, ["<backend>"]),
    ...Object.keys(sections)
      .filter((section) => both && sections[section]?.["backend_host"] !== undefined)
      .map((section) => ({
        section,
        option: "backend_host",
        text: "makes one active host of many, and [DEFAULT] cluster makes all of them active: give one of the two",
      })),
  ];
};

const novaAdvice = (sections: Sections): Advice[] =>
  plain(sections, "libvirt", "images_type") === "rbd" &&
  NO.test(plain(sections, "DEFAULT", "force_raw_images") ?? "")
    ? [
        {
          section: "DEFAULT",
          option: "force_raw_images",
          text: "false keeps nova-compute from starting with images_type rbd since Train, and made guests that do not boot before (LP 1816686)",
        },
      ]
    : [];

const PROJECTS = ["glance", "cinder", "nova"] as const satisfies readonly Project[];
const RULES = { glance: glanceAdvice, cinder: cinderAdvice, nova: novaAdvice } as const;

/** A sentence for each; those that are silenced are left out. */
export const adviceOn = (project: Project, sections: Sections, silence: readonly string[] = []): string[] =>
  RULES[project](sections)
    .filter((advice) => !isSilenced(silence, advice.section, advice))
    .map((advice) => spoken(advice.section, advice));

/** What the files of each service say together, whichever roles write them. */
export const adviceOf = (topology: Topology): string[] =>
  PROJECTS.flatMap((project) => {
    const sections = topology.roles
      .filter(({ role, shared }) => shared && SERVICES[role].project === project)
      .map((use) => sectionsOf(topology, use))
      .reduce<Sections>(merged, {});
    return adviceOn(project, sections, topology.silence).map((text) => `${project}: ${text}`);
  });
