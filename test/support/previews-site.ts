/** What truthful previews need on the hosts beside what a program makes: units, a file that they read, packages to be had, an image. */
import { makeRepository, removeRepository } from "./apt-repository";
import { fakeGlance, listening } from "./fake-glance";
import { on } from "./hosts";
import { CONF, PACKAGES, STOCK, UNITS } from "./previews-newer";
import { keepLibvirtd, leaveLibvirtd, makeUnits, removeUnits } from "./units";
import type { Facts, Thing } from "./world-things";

const REPOSITORY = "truth-repository";

export interface Site {
  /** Where images are to be had. */
  readonly images: string;
  /** What is so there. */
  imageThings(): Thing[];
  remove(): Promise<void>;
}

/** Without our record, which lies beside them. */
const COMPUTES = ["cmp1", "cmp2"] as const;

const factsOf = (image: Readonly<Record<string, unknown>>): Facts =>
  new Map(
    Object.entries(image)
      .filter(([name]) => !name.startsWith("pulumi_ceph_openstack_"))
      .map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
  );

export const makeSite = async (): Promise<Site> => {
  const glance = fakeGlance();
  const server = await listening(glance);
  await on("ctl1", `cat >${CONF}`, STOCK);
  await Promise.all([
    makeUnits("ctl1", UNITS.ctl1),
    makeUnits("cmp1", UNITS.cmp1),
    ...COMPUTES.map(keepLibvirtd),
    makeRepository(
      "vol1",
      REPOSITORY,
      PACKAGES.map((name) => ({ name, version: "1.0" })),
    ),
  ]);
  return {
    images: server.url,
    imageThings: () => [...glance.images].map(([id, image]): Thing => [`image/${id}`, factsOf(image)]),
    async remove() {
      await server.close();
      await Promise.all([
        removeUnits("ctl1", UNITS.ctl1),
        removeUnits("cmp1", UNITS.cmp1),
        ...COMPUTES.map(leaveLibvirtd),
        removeRepository("vol1", REPOSITORY, PACKAGES),
        on("ctl1", `rm -f ${CONF}`),
      ]);
    },
  };
};
