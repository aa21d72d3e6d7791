/** What a program says of several volume hosts and of zones. Plain values alone. Pure. */
import type { FileAdvice } from "./in-file.js";
import { sectionOf, type Said, type SaidRole } from "./said.js";
import { isNo } from "../../../providers/formats/openstack/given.js";
import { plain } from "./values.js";

const isSaid = ({ sections, secretOptions }: SaidRole, section: string, option: string): boolean =>
  sections[section]?.[option] !== undefined || secretOptions[section]?.[option] !== undefined;

const inDefault = (option: string, text: string): FileAdvice => ({
  project: "cinder",
  section: "DEFAULT",
  option,
  text,
});

/** Volumes belong to the host that made them, unless hosts go by one name or form a cluster. */
const severalHosts = (said: Said): FileAdvice[] => {
  const cinder = said.of("cinder");
  if (cinder === undefined || cinder.hosts.length < 2) return [];
  const hosts = cinder.hosts.join(", ");
  if (isSaid(cinder, "DEFAULT", "cluster")) {
    const url = plain(cinder.sections, "coordination", "backend_url");
    const isShared = isSaid(cinder, "coordination", "backend_url") && url?.startsWith("file:") !== true;
    return isShared
      ? []
      : [
          inDefault(
            "cluster",
            `makes ${hosts} active together (since Rocky), and [coordination] backend_url is none that they share: locks hold on one host alone; say it by cinder.activeActive`,
          ),
        ];
  }
  const isOne = (section: string): boolean =>
    isSaid(cinder, section, "backend_host") || isSaid(cinder, "DEFAULT", "host");
  const alone = cinder.parts.map((part) => sectionOf(said, cinder, part)).filter((one) => !isOne(one));
  return alone.length === 0 || isOne("backend_defaults")
    ? []
    : [
        inDefault(
          "cluster",
          `is not said, nor is backend_host of ${alone.join(", ")}: each of ${hosts} is a service of its own, and nobody changes the volumes of one that is away; cinder.activeActive (since Rocky) or backendHost makes them one (volumes that are there hold their host's name: \`cinder-manage volume update_host\` after a backendHost)`,
        ),
      ];
};

/** @see https://docs.openstack.org/nova/latest/configuration/config.html#cinder.cross_az_attach */
const zones = (said: Said): FileAdvice[] => {
  const [cinder, nova] = [said.of("cinder"), said.of("nova")];
  if (cinder === undefined || !isNo(plain(nova?.sections ?? {}, "cinder", "cross_az_attach"))) return [];
  const common = plain(cinder.sections, "DEFAULT", "storage_availability_zone") ?? "nova";
  const names = cinder.parts.map(
    (part) => plain(cinder.sections, sectionOf(said, cinder, part), "backend_availability_zone") ?? common,
  );
  return [
    {
      project: "nova",
      section: "cinder",
      option: "cross_az_attach",
      text: `is false: guests get volumes of their own zone alone, and those of Cinder's backends are ${[...new Set(names)].join(", ")}; a zone of Nova's without one has no volumes`,
    },
  ];
};

export const HOSTS: readonly ((said: Said) => FileAdvice[])[] = [severalHosts, zones];
