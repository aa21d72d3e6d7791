/** Images whose properties are managed: what is wrong with the arguments, and what they come to. Pure. */
import { imageShape } from "../../providers/image-properties/index.js";
import type { ManagedImages } from "../manage-args.js";
import { twice } from "./name-rules.js";

/** One image, and how it is reached. */
export interface ManagedImage extends Omit<ManagedImages, "names"> {
  readonly image: string;
}

type Given = ManagedImages | readonly ManagedImages[];

const isList = (given: Given): given is readonly ManagedImages[] => Array.isArray(given);

const cloudsOf = (given: Given | undefined): readonly ManagedImages[] =>
  given === undefined ? [] : isList(given) ? given : [given];

/** Each image of each cloud. */
export const imagesOf = (given?: Given): ManagedImage[] =>
  cloudsOf(given).flatMap(({ names, ...how }) => names.map((image) => ({ image, ...how })));

const isName = (name: unknown): boolean => typeof name === "string" && name !== "";

const cloudProblems = (given: unknown): string[] => {
  const names: unknown =
    typeof given === "object" && given !== null && "names" in given ? given.names : undefined;
  return Array.isArray(names) && names.length > 0 && names.every(isName)
    ? []
    : ["manage.images.names must list at least one image, by name or id"];
};

/** Everything that is wrong with them. */
export const imageProblems = (given: unknown): string[] => {
  if (given === undefined) return [];
  const all: unknown[] = Array.isArray(given) ? given : [given];
  const names = all.flatMap((one): unknown[] =>
    typeof one === "object" && one !== null && "names" in one && Array.isArray(one.names) ? one.names : [],
  );
  return [
    ...all.flatMap(cloudProblems),
    ...twice(names.map(String)).map(
      (name) =>
        `manage.images names ${JSON.stringify(name)} twice: its resource is called by it; one of them may go by its id`,
    ),
  ];
};

/** What may be an Output: everything that does not decide which images there are. */
export const IMAGE_PLACES: readonly string[] = ["manage.images", "manage.images.*"].flatMap((place) =>
  Object.keys(imageShape)
    .filter((field) => field !== "image")
    .map((field) => `${place}.${field}`),
);
