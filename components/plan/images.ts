/** Properties of images that guests on Ceph block devices want, after the services, and after what the program itself does then. Pure. */
import type { Topology } from "../topology/topology.js";
import type { Entry } from "./entry.js";
import { doneBy } from "./waves.js";

/** `<name>-image-<image>` */
export const images = (topology: Topology): Entry[] =>
  topology.images.map((args) => ({
    kind: "ImageProperties",
    name: `${topology.name}-image-${args.image}`,
    args,
    dependsOn: doneBy(topology, topology.roles),
  }));
