/** Images of a Glance in memory: reached by a run that may be cut at each change, changed by people, and as plain data. */
import type { Web } from "../../../providers/remote/web";
import type { FakeGlance } from "../fake-glance";
import type { Gate } from "./machine";

export const memoryWeb =
  ({ web }: FakeGlance, gate: Gate): Web =>
  async (request) =>
    request.method === "PATCH" ? gate("properties of an image", () => web(request)) : web(request);

const RECORD = "pulumi_ceph_openstack_";

export interface ImageNow {
  readonly properties: Readonly<Record<string, unknown>>;
  /** By name: what is kept beside them of their owners. */
  readonly records: Readonly<Record<string, string>>;
}

export const imagesOf = ({ images }: Pick<FakeGlance, "images">): ImageNow[] =>
  [...images.values()].map((image) => {
    const all = Object.entries(image);
    return {
      properties: Object.fromEntries(all.filter(([name]) => !name.startsWith(RECORD))),
      records: Object.fromEntries(
        all.filter(([name]) => name.startsWith(RECORD)).map(([name, text]) => [name, String(text)]),
      ),
    };
  });

export const propertyByHand = ({ images }: FakeGlance, name: string, value: string): void => {
  for (const [id, image] of images) images.set(id, { ...image, [name]: value });
};
