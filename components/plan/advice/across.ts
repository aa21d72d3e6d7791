/** What the files of several services say together and will hardly be meant: plain values alone. Pure. */
import type { Project } from "../../../providers/formats/openstack/index.js";
import { isNo, isYes } from "../../../providers/formats/openstack/given.js";
import { isSince } from "../../../providers/formats/openstack/series.js";
import type { Part } from "../../topology/topology.js";
import { enabled, type Advice, type FileAdvice } from "./in-file.js";
import { fsidOf, sectionOf, type Said, type SaidRole } from "./said.js";
import { plain } from "./values.js";

const storesOf = (said: Said): readonly Part[] => said.of("glance")?.parts ?? [];

/** Who clones images, with the words for it. */
const cloners = (said: Said): readonly { use: SaidRole; what: string }[] =>
  [
    { use: said.of("cinder"), what: "each volume of an image" },
    { use: said.of("nova"), what: "each guest" },
  ].flatMap(({ use, what }) => (use === undefined ? [] : [{ use, what }]));

/** Nova and Cinder clone what they can locate. */
const hiddenLocations = (said: Said): Advice[] => {
  const glance = said.of("glance");
  const option = "show_image_direct_url";
  if (glance === undefined || !isNo(plain(glance.sections, "DEFAULT", option))) return [];
  const who = cloners(said).map(({ what }) => what);
  return who.length === 0
    ? []
    : [
        {
          section: "DEFAULT",
          option,
          text: `is false: ${who.join(" and ")} copies its image in full, for nobody can say where it lies; true belongs on an internal endpoint (OSSN-0090)`,
        },
      ];
};

const storeName = (said: Said): Advice[] => {
  const option = "images_rbd_glance_store_name";
  const name = plain(said.of("nova")?.sections ?? {}, "libvirt", option);
  const names = storesOf(said).map((store) => store.name);
  return name === undefined || name === "" || names.length === 0 || names.includes(name)
    ? []
    : [
        {
          section: "libvirt",
          option,
          text: `is ${name}, and Glance's stores are ${names.join(", ")}: no image can be copied there`,
        },
      ];
};

/** An image of another cluster is copied, not cloned. */
const otherClusters = (said: Said): FileAdvice[] => {
  const here = storesOf(said).map(fsidOf);
  if (here.length === 0) return [];
  return cloners(said).flatMap(({ use, what }) =>
    use.parts
      .filter((part) => !here.includes(fsidOf(part)))
      .map((part): FileAdvice => {
        const isNova = use.role === "nova";
        const more =
          isNova && isSince(said.topology.release.name, "ussuri")
            ? "; [workarounds] never_download_image_if_on_rbd (since Ussuri) refuses instead"
            : "";
        return {
          project: isNova ? "nova" : "cinder",
          section: sectionOf(said, use, part),
          option: isNova ? "images_rbd_pool" : "rbd_pool",
          text: `is in a cluster without a store of Glance: ${what} copies its image in full (LP 1858877)${more}`,
        };
      }),
  );
};

const sameCluster = (said: Said, part: Part): boolean => storesOf(said).map(fsidOf).includes(fsidOf(part));

const imageCache = (said: Said): Advice[] => {
  const cinder = said.of("cinder");
  const option = "image_volume_cache_enabled";
  if (cinder === undefined) return [];
  return cinder.parts
    .filter((part) => sameCluster(said, part))
    .flatMap((part) => {
      const section = sectionOf(said, cinder, part);
      return isYes(plain(cinder.sections, section, option))
        ? [
            {
              section,
              option,
              text: "keeps a volume of each image, and its images lie in the same cluster: they are cloned without it",
            },
          ]
        : [];
    });
};

const isSamePool = (one: Part, other: Part): boolean =>
  fsidOf(one) === fsidOf(other) &&
  (one.pool.key === undefined ? one.pool.name === other.pool.name : one.pool.key === other.pool.key);

/** @see https://docs.openstack.org/releasenotes/cinder/victoria.html */
const sharedPools = (said: Said): Advice[] => {
  const cinder = said.of("cinder");
  const option = "rbd_exclusive_cinder_pool";
  if (cinder === undefined || !isSince(said.topology.release.name, "victoria")) return [];
  const others = (["glance", "cinder-backup", "nova"] as const).flatMap((role) =>
    (said.of(role)?.parts ?? []).map((part) => ({ role, part })),
  );
  return cinder.parts.flatMap((part) => {
    const section = sectionOf(said, cinder, part);
    const isSaid = [section, "backend_defaults"].some((one) => isNo(plain(cinder.sections, one, option)));
    const other = others.find((one) => isSamePool(one.part, part));
    return isSaid || other === undefined
      ? []
      : [
          {
            section,
            option,
            text: `is true by default since Victoria's 17.2.0, and ${other.role} has images in that pool too: Cinder counts what is free without them; false counts all`,
          },
        ];
  });
};

/** For volumes that a host attaches by itself. */
const scanTries = (said: Said): Advice[] => {
  const [cinder, nova] = [said.of("cinder"), said.of("nova")];
  const option = "num_volume_scan_tries";
  if (cinder === undefined || nova?.sections["libvirt"]?.[option] === undefined) return [];
  const names = enabled(cinder.sections) ?? [];
  const isAll = names.every((name) => cinder.parts.some((part) => part.name === name));
  return names.length > 0 && isAll
    ? [
        {
          section: "libvirt",
          option,
          text: "is for volumes by iSCSI or Fibre Channel, and all backends are on RBD: leave it out",
        },
      ]
    : [];
};

/** One value for all hosts, of what is each host's own. */
const ownAddress = (said: Said): Advice[] => {
  const glance = said.of("glance");
  const option = "worker_self_reference_url";
  return glance?.sections["DEFAULT"]?.[option] === undefined || glance.hosts.length < 2
    ? []
    : [
        {
          section: "DEFAULT",
          option,
          text: `is the URL of one host (since Wallaby), and ${glance.hosts.join(", ")} all get it: give it to each by a ConfigSection of its own`,
        },
      ];
};

const inFileOf =
  (project: Project, rule: (said: Said) => Advice[]) =>
  (said: Said): FileAdvice[] =>
    rule(said).map((advice) => ({ ...advice, project }));

/** What is said across files, each with whose file it is about. */
export const ACROSS: readonly ((said: Said) => FileAdvice[])[] = [
  inFileOf("glance", hiddenLocations),
  inFileOf("glance", ownAddress),
  inFileOf("cinder", imageCache),
  inFileOf("cinder", sharedPools),
  inFileOf("nova", storeName),
  inFileOf("nova", scanTries),
  otherClusters,
];
