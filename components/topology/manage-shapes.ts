/** The shape of what is managed. Pure. */
import { imageShape } from "../../providers/image-properties/index.js";
import { probe } from "../../providers/service/index.js";
import type { ManageArgs, Managed, ManagedServices } from "../manage-args.js";
import {
  anything,
  fields,
  flag,
  isFlag,
  isObject,
  known,
  list,
  map,
  oneOfKinds,
  ruled,
  rules,
  text,
  type Check,
  type Fields,
} from "./shapes.js";

const managed: Fields<Managed> = {
  roles: list(text, "must name at least one role: leave it out for all"),
  exceptHosts: list(text),
};
const orFlag = (check: Check): Check =>
  oneOfKinds(
    [
      { is: isFlag, check: anything },
      { is: isObject, check },
    ],
    "true, false, or say for which roles and hosts",
  );
const count: Check = known((given, at) =>
  typeof given === "number" && given > 0
    ? []
    : [{ at, says: `${at} must be a number above 0`, isRough: false }],
);
const services = fields<ManagedServices>({
  ...managed,
  batch: oneOfKinds(
    [
      { is: (given) => typeof given === "number", check: anything },
      { is: isObject, check: anything },
    ],
    "a whole number from 1 on, or one by role",
  ),
  probes: map(ruled(probe), "probes by role: { glance: { tcp: 9292 } }"),
  pauseSeconds: count,
  timeoutSeconds: count,
});
const { image: _image, ...imageFields } = rules(imageShape);
const images = fields<typeof imageFields & { names: readonly string[] }>({ ...imageFields, names: anything });
const managedThings = fields<ManageArgs>({
  directories: flag,
  packages: orFlag(fields(managed)),
  services: orFlag(services),
  checks: orFlag(fields(managed)),
  images: (given, at) => (Array.isArray(given) ? list(images) : images)(given, at),
});
export const manage = oneOfKinds(
  [
    { is: (given) => given === false, check: anything },
    { is: isObject, check: managedThings },
  ],
  "false, or say what is managed",
);
