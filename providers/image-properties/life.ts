/** Which image it is, and steps on it: one after another within a process, and again where others were faster. */
import { glanceOf, type Glance, type Image, type Wanted } from "../clients/glance/index.js";
import type { Reach } from "../kernel/contract.js";
import { Failure } from "../remote/failure.js";
import type { Plan } from "./plan.js";

/** An image as found, and where. */
export interface Found {
  readonly image: Image;
  /** Glance's address. */
  readonly at: string;
}

/** What state knows of where it was. */
export interface Prior {
  readonly imageId: string | undefined;
  readonly imageService: string | undefined;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const severalOf = (name: string, at: string, images: readonly Image[]): Failure =>
  new Failure({
    code: "conflict",
    what: `${images.length} images at ${at} have the name ${JSON.stringify(name)}: ${images.map(({ id }) => id).join(", ")}`,
    cure: "Give the id of the one that is meant; or hide or rename the others.",
  });

const named = async (glance: Glance, name: string, prior: string | undefined): Promise<Image | undefined> => {
  const images = await glance.byName(name);
  const [first, ...others] = images;
  // A newer one of the same name: the one that is known stays meant while it is called so.
  if (others.length > 0) {
    const known = images.find(({ id }) => id === prior);
    if (known === undefined) throw severalOf(name, await glance.url(), images);
    return known;
  }
  return first;
};

/** What is not there, or is another one, might be at another address: then nobody knows whether it is there. */
const mustBeTheSame = (image: string, at: string, { imageId, imageService }: Prior): void => {
  if (imageId === undefined || imageService === undefined || imageService === at) return;
  throw new Failure({
    code: "configuration",
    what: `image ${image} (${imageId}) is not at ${at}, and was at ${imageService}`,
    cure:
      "Is it the right cloud (`cloud`, OS_CLOUD, OS_AUTH_URL, region)? If Glance has moved and the image is gone: " +
      "pulumi state delete this resource.",
  });
};

/** The image, undefined where there is none. */
export const findImage = async (glance: Glance, image: string, prior: Prior): Promise<Found | undefined> => {
  const found = UUID.test(image)
    ? await glance.byId(image.toLowerCase())
    : await named(glance, image, prior.imageId);
  const at = await glance.url();
  // Another cloud may well have an image of the same name.
  if (found?.id !== prior.imageId) mustBeTheSame(image, at, prior);
  return found === undefined ? undefined : { image: found, at };
};

/** The image that state knows, whatever it is called by now. */
export const knownImage = async (glance: Glance, image: string, prior: Prior): Promise<Found | undefined> => {
  if (prior.imageId === undefined) return findImage(glance, image, prior);
  const found = await glance.byId(prior.imageId);
  const at = await glance.url();
  if (found === undefined) mustBeTheSame(image, at, prior);
  return found === undefined ? undefined : { image: found, at };
};

export const noImage = (image: string, at: string): Failure =>
  new Failure({
    code: "refused",
    what: `there is no image ${JSON.stringify(image)} at ${at}, or none that this user may see`,
    cure: "`openstack image list` with the same login shows those that there are; give a name or an id of them.",
  });

const TURNS = Symbol("one step at a time on each image");

/** Two resources of one run on one image would take each other's look for the newest. */
const inTurn = <T>(reach: Reach, key: string, work: () => Promise<T>): Promise<T> => {
  const turns = reach.shared(TURNS, () => new Map<string, Promise<unknown>>());
  const before = turns.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(key, mine);
  return mine;
};

const TRIES = 4;

const changing = (at: string): Failure =>
  new Failure({
    code: "not-converged",
    what: `at each of ${TRIES} tries the image had changed since it was looked at (409, ${at})`,
    cure: "Something else is changing it right now; try again.",
  });

/** Looks, plans and does, until nobody came between. Undefined where the image is gone. */
export const changeImage = (
  reach: Reach,
  { image: { id }, at }: Found,
  { glance, plan }: { readonly glance: Glance; plan(image: Image): Plan },
): Promise<{ readonly image: Image; readonly notes: readonly string[] } | undefined> =>
  inTurn(reach, `${at} ${id}`, async () => {
    for (let n = 0; n < TRIES; n += 1) {
      const image = await glance.byId(id);
      if (image === undefined) return undefined;
      const { operations, then, notes } = plan(image);
      const done = operations.length === 0 ? image : await glance.patch(image, operations);
      const end = done === undefined || then.length === 0 ? done : await glance.patch(done, then);
      if (end !== undefined) return { image: end, notes };
    }
    throw changing(at);
  });

export const glanceFor = (reach: Reach, wanted: Wanted): Glance => glanceOf(reach, wanted);
