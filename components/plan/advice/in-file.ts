/** What the options of one service's file say together and will hardly be meant: plain values alone. Pure. */
import type { Finding } from "../../../providers/formats/openstack/finding.js";
import { optionsOf, patternsOf, type Project } from "../../../providers/formats/openstack/index.js";
import { fixedSections, type Reader } from "../../../providers/formats/openstack/reader.js";
import { isNo, isYes } from "../../../providers/formats/openstack/given.js";
import { isSince, orderOf } from "../../../providers/formats/openstack/series.js";
import type { Sections } from "../../releases/index.js";
import { plain } from "./values.js";

/** A warning, and the section that it is about. */
export interface Advice extends Finding {
  readonly section: string;
}

/** The same, with whose file it is. */
export interface FileAdvice extends Advice {
  readonly project: Project;
}

/** Names in `enabled_backends`: `a,b` of Cinder, `a:rbd,b:file` of Glance. */
export const enabled = (sections: Sections): string[] | undefined =>
  plain(sections, "DEFAULT", "enabled_backends")
    ?.split(",")
    .map((item) => item.trim().replace(/:.*$/, ""));

/** Sections of fixed names that are of backends or stores: what the project says of them in a series. */
const SPECIAL = ["backend_defaults", "os_glance_staging_store", "os_glance_tasks_store"];

/** Sections with options of a backend or store that nothing enables. */
const unreadSections = (
  { project, series }: Reader,
  sections: Sections,
  patterns: readonly string[],
): Advice[] => {
  const names = enabled(sections);
  if (names === undefined) return [];
  const own = patterns.flatMap((pattern) => optionsOf(project, pattern));
  const special = SPECIAL.filter((section) => patternsOf(project, section, orderOf(series)).length > 0);
  const fixed = [...fixedSections(project), ...special];
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

/** With several stores Glance verifies its default one when it starts. */
const defaultStore = (sections: Sections): Advice[] => {
  const names = enabled(sections);
  const store = plain(sections, "glance_store", "default_backend");
  return names === undefined || store === undefined || names.includes(store)
    ? []
    : [
        {
          section: "glance_store",
          option: "default_backend",
          text: `${store} is none of enabled_backends, ${names.join(", ")}: since Train Glance does not start so`,
          fatal: true,
        },
      ];
};

/** What is of the time of one store, beside several. */
const oneStore = (sections: Sections): Advice[] => {
  const { enabled_backends: several, node_staging_uri: staging } = sections["DEFAULT"] ?? {};
  return several === undefined || staging === undefined
    ? []
    : [
        {
          section: "DEFAULT",
          option: "node_staging_uri",
          text: "is passed over beside enabled_backends: since Train [os_glance_staging_store] filesystem_store_datadir says where images wait",
        },
      ];
};

const glanceAdvice = (reader: Reader, sections: Sections): Advice[] => {
  const flavor = plain(sections, "paste_deploy", "flavor") ?? "";
  const format = plain(sections, "image_conversion", "output_format") ?? "raw";
  return [
    ...unreadSections(reader, sections, STORES),
    ...defaultStore(sections),
    ...oneStore(sections),
    ...(flavor.includes("cach")
      ? [
          {
            section: "paste_deploy",
            option: "flavor",
            text: `${flavor} keeps copies of raw images on the controller's own disk; keystone alone is meant for RBD`,
          },
        ]
      : []),
    ...(format === "raw"
      ? []
      : [
          {
            section: "image_conversion",
            option: "output_format",
            text: `${format} makes images that are never cloned on RBD, but copied in full; raw, its default since Rocky, is`,
          },
        ]),
  ];
};

const cinderAdvice = (reader: Reader, sections: Sections): Advice[] => {
  const both = plain(sections, "DEFAULT", "cluster") !== undefined;
  return [
    ...unreadSections(reader, sections, ["<backend>"]),
    ...(both && !isSince(reader.series, "rocky")
      ? [
          {
            section: "DEFAULT",
            option: "cluster",
            text: "is active-active, for which the RBD driver is made since Rocky: cinder-volume does not start its backend",
            fatal: true,
          },
        ]
      : []),
    ...Object.keys(sections)
      .filter((section) => both && sections[section]?.["backend_host"] !== undefined)
      .map((section) => ({
        section,
        option: "backend_host",
        text: "makes one active host of many, and [DEFAULT] cluster makes all of them active: give one of the two",
      })),
  ];
};

const novaAdvice = (reader: Reader, sections: Sections): Advice[] => {
  if (plain(sections, "libvirt", "images_type") !== "rbd") return [];
  const isFatal = isSince(reader.series, "train");
  return [
    ...(isNo(plain(sections, "DEFAULT", "force_raw_images"))
      ? [
          {
            section: "DEFAULT",
            option: "force_raw_images",
            text: isFatal
              ? "is false, and with images_type rbd nova-compute does not start so since Train (LP 1816686)"
              : "is false, and with images_type rbd guests do not boot; since Train nova-compute does not start so (LP 1816686)",
            fatal: isFatal,
          },
        ]
      : []),
    ...(isYes(plain(sections, "glance", "enable_rbd_download"))
      ? [
          {
            section: "glance",
            option: "enable_rbd_download",
            text: "is for disks on the host itself (since Victoria), and images_type is rbd: images are cloned",
          },
        ]
      : []),
  ];
};

const RULES: Readonly<Record<Project, (reader: Reader, sections: Sections) => Advice[]>> = {
  glance: glanceAdvice,
  cinder: cinderAdvice,
  nova: novaAdvice,
};

/** What the options of one file say together. */
export const adviceInFile = (reader: Reader, sections: Sections): Advice[] =>
  RULES[reader.project](reader, sections);
