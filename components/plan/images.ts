/** Properties of images that guests on Ceph block devices want, after the services, and after what the program itself does then. Pure. */
import type { Topology } from "../topology/topology.js";
import { refOf, type Entry } from "./entry.js";
import { hooks } from "./hooks.js";
import { restarts } from "./restarts.js";

/** `<name>-image-<image>` */
export const images = (topology: Topology, files: readonly Entry[]): Entry[] => {
  if (topology.images.length === 0) return [];
  const last = [...restarts(topology, files), ...hooks(topology, files)]
    .filter(({ place }) => place?.step === "services" || place?.step === "after")
    .map(refOf);
  return topology.images.map((args) => ({
    kind: "ImageProperties",
    name: `${topology.name}-image-${args.image}`,
    args,
    dependsOn: last,
  }));
};
