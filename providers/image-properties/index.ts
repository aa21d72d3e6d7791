/**
 * Properties of a Glance image that is there already: those that guests on Ceph block devices want, or any.
 * @see https://docs.openstack.org/glance/latest/admin/useful-image-properties.html
 */
import type * as pulumi from "@pulumi/pulumi";
import type { Image, Wanted } from "../clients/glance/index.js";
import type { Claim } from "../ownership/claims.js";
import { actingOwner } from "../ownership/acting-owner.js";
import { onDelete, type OnDelete } from "../kernel/common.js";
import type { Artifact, Observed, Reach } from "../kernel/contract.js";
import { isUnknown, plainProps, UNKNOWN, type Props } from "../kernel/json.js";
import { ArtifactResource, type Args } from "../kernel/resource.js";
import { boolean, defaulted, map, oneOf, optional, text, type Report, type Shape } from "../kernel/shape.js";
import { authFor, checkAuth, httpAddress, imageAuth, type ImageAuth } from "./auth.js";
import { changeImage, findImage, glanceFor, knownImage, noImage, type Found, type Prior } from "./life.js";
import { doubtsAbout, RECOMMENDED_IMAGE_PROPERTIES, whyReserved } from "./names.js";
import { planToLetGo, planToTake, type DesiredImage } from "./plan.js";

export type { ImageAuth } from "./auth.js";
export { RECOMMENDED_IMAGE_PROPERTIES } from "./names.js";

/**
 * Properties of an image, as a program describes them. Which cloud it is: `cloud`, or `auth`, or `endpoint`; with none of them what the
 * environment says when it runs, as for OpenStack's own client: OS_CLOUD, else OS_AUTH_URL and its like, else the only cloud of clouds.yaml.
 */
export interface ImagePropertiesInputs {
  /** The image's id, or its name where only one has it. Changing it replaces. */
  image: string;
  /**
   * The properties, all of them text. Others on the image are left alone; one that is left out later is put back as it was.
   * @default hw_scsi_model "virtio-scsi", hw_disk_bus "scsi", hw_qemu_guest_agent "yes", os_require_quiesce "yes"
   */
  properties?: Readonly<Record<string, string>>;
  /** A cloud of clouds.yaml, looked up when it runs: no password is in state. Changing it replaces. @default what the environment says */
  cloud?: string;
  /** A login, instead of a cloud of clouds.yaml. It is kept encrypted in state. @default none */
  auth?: ImageAuth;
  /** Glance's address, instead of the catalogue's; alone, it is asked without a login. Changing it replaces. @default the catalogue's */
  endpoint?: string;
  /** The region of the catalogue. Changing it replaces. @default the cloud's, or the only one */
  region?: string;
  /** Which of the catalogue's addresses is used: public, internal or admin. @default the cloud's, else "public" */
  interface?: "public" | "internal" | "admin";
  /** File on this machine with the certificates to trust instead of the system's. @default the cloud's */
  cacert?: string;
  /** Take any certificate; each run warns of it. @default the cloud's, else false */
  insecure?: boolean;
  /** `keep`: a destroy leaves the properties as they are. `remove`: they are put back as they were. @default "remove" */
  onDelete?: OnDelete;
}

const word = text(
  /^[^\u0000-\u001f\u007f]{1,255}$/,
  "text of at most 255 characters, none of them a control character",
);

export const imageShape: Shape<ImagePropertiesInputs> = {
  image: word,
  properties: defaulted(map(word, text(/^[^\u0000]*$/, "text")), RECOMMENDED_IMAGE_PROPERTIES),
  cloud: optional(word),
  auth: imageAuth,
  endpoint: optional(httpAddress),
  region: optional(word),
  interface: optional(oneOf("public", "internal", "admin")),
  cacert: optional(word),
  insecure: optional(boolean),
  onDelete,
};

const label = ({ image }: Pick<ImagePropertiesInputs, "image">): string => `properties of image ${image}`;

const authUrlOf = ({ auth }: ImagePropertiesInputs): string | undefined =>
  isUnknown(auth) ? UNKNOWN : auth?.authUrl;

/** Which cloud, as the program says it. */
const placeOf = (inputs: ImagePropertiesInputs): string => {
  const { cloud, endpoint, region } = inputs;
  const where = cloud ?? endpoint ?? authUrlOf(inputs) ?? "environment";
  return region === undefined ? where : `${where}@${region}`;
};

const thingOf = (inputs: ImagePropertiesInputs, property: string): string =>
  `property ${property} of image ${inputs.image} at ${placeOf(inputs)}`;

const wantedOf = ({
  auth,
  cloud,
  endpoint,
  region,
  interface: face,
  cacert,
  insecure,
}: ImagePropertiesInputs): Wanted => ({
  cloud,
  endpoint,
  region,
  interface: face,
  cacert,
  insecure,
  ...authFor(auth),
});

/** What a create that was cut has left may have none. */
const propertiesOf = ({
  properties,
}: Pick<ImagePropertiesInputs, "properties">): Readonly<Record<string, string>> =>
  properties === undefined || isUnknown(properties) ? {} : properties;

const asText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const priorOf = (state: Props | undefined): Prior => ({
  imageId: asText(state?.["imageId"]),
  imageService: asText(state?.["imageService"]),
});

const observed = (inputs: ImagePropertiesInputs, { image, at }: Found): Observed => {
  const there = Object.keys(propertiesOf(inputs)).flatMap((name): [string, string][] => {
    const value = image.properties[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    managed: { properties: Object.fromEntries(there) },
    facts: { imageId: image.id, imageService: at },
  };
};

const desiredOf = (reach: Reach, inputs: ImagePropertiesInputs, at: string): Omit<DesiredImage, "image"> => ({
  acting: actingOwner(reach),
  at,
  thing: (property) => thingOf(inputs, property),
});

const letGo = async (reach: Reach, inputs: ImagePropertiesInputs, found: Found): Promise<void> => {
  const desired = desiredOf(reach, inputs, found.at);
  const glance = glanceFor(reach, wantedOf(inputs));
  const plan = (image: Image) => planToLetGo({ ...desired, image }, inputs.onDelete === "keep");
  const done = await changeImage(reach, found, { glance, plan });
  done?.notes.forEach((note) => reach.note(`${label(inputs)}: ${note}`));
};

/** Another image has the name by now: that of before gets back what it had. */
const leaveFormer = async (
  reach: Reach,
  inputs: ImagePropertiesInputs,
  { imageId }: Prior,
  now: string,
): Promise<void> => {
  if (imageId === undefined || imageId === now) return;
  const glance = glanceFor(reach, wantedOf(inputs));
  const image = await glance.byId(imageId);
  // By its id: what is claimed by the name is another image's by now.
  if (image !== undefined)
    await letGo(reach, { ...inputs, image: imageId }, { image, at: await glance.url() });
};

const apply: Artifact<ImagePropertiesInputs, Found | undefined>["apply"] = async (
  reach,
  inputs,
  { look: found },
  prior,
) => {
  const glance = glanceFor(reach, wantedOf(inputs));
  if (found === undefined) throw noImage(inputs.image, await glance.url());
  const desired = desiredOf(reach, inputs, found.at);
  const plan = (image: Image) => planToTake({ ...desired, image }, propertiesOf(inputs));
  const done = await changeImage(reach, found, { glance, plan });
  if (done === undefined) throw noImage(inputs.image, found.at);
  done.notes.forEach((note) => reach.note(`${label(inputs)}: ${note}`));
  await leaveFormer(reach, inputs, priorOf(prior), found.image.id);
  return observed(inputs, { image: done.image, at: found.at });
};

const check = (inputs: ImagePropertiesInputs, report: Report): ImagePropertiesInputs => {
  const { cloud, auth, endpoint } = inputs;
  for (const [name, value] of Object.entries(propertiesOf(inputs))) {
    const why = whyReserved(name);
    if (why !== undefined) report(["properties", name], value, why);
  }
  if (auth === undefined || isUnknown(auth)) return inputs;
  if (cloud !== undefined)
    report(["auth"], auth, "cannot be given with cloud: that names a login of clouds.yaml");
  checkAuth(auth, endpoint !== undefined, report);
  return inputs;
};

export const imageProperties: Artifact<ImagePropertiesInputs, Found | undefined> = {
  kind: "ImageProperties",
  shape: imageShape,
  facts: ["imageId", "imageService"],
  policy: ["onDelete", "auth", "interface", "cacert", "insecure"],
  label,
  replacedBy: (inputs) => {
    const { image, cloud, endpoint, region } = inputs;
    return plainProps({ image, cloud, auth: authUrlOf(inputs), endpoint, region });
  },
  id: (inputs) => `${placeOf(inputs)}/${inputs.image}`,
  claims: (inputs): Claim[] =>
    Object.keys(propertiesOf(inputs)).map((property) => ({ thing: thingOf(inputs, property) })),
  check: (inputs, _olds, report) => check(inputs, report),
  warnings: (inputs) => doubtsAbout(propertiesOf(inputs)).map((text) => `${label(inputs)}: ${text}`),
  compared: ({ properties }) => plainProps({ properties }),
  async observe(reach, inputs, prior) {
    const look = await findImage(glanceFor(reach, wantedOf(inputs)), inputs.image, priorOf(prior));
    return { found: look && observed(inputs, look), look };
  },
  apply,
  async remove(reach, inputs, state) {
    const found = await knownImage(glanceFor(reach, wantedOf(inputs)), inputs.image, priorOf(state));
    if (found !== undefined) await letGo(reach, inputs, found);
  },
};

export type ImagePropertiesArgs = Args<ImagePropertiesInputs>;

/** Properties of a Glance image that is there already. */
export class ImageProperties extends ArtifactResource<ImagePropertiesInputs> {
  /** The properties, as they are on the image. */
  declare readonly properties: pulumi.Output<Readonly<Record<string, string>>>;
  /** The image's id. */
  declare readonly imageId: pulumi.Output<string>;

  constructor(name: string, args: ImagePropertiesArgs, opts?: pulumi.CustomResourceOptions) {
    super(imageProperties, name, args, opts);
  }
}
