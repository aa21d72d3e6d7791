/** What the tests of properties of images share: a program against a Glance in memory, and looks at an image there. */
import { imageProperties } from "../../providers/image-properties/index";
import { GLANCE, IMAGE, type FakeGlance } from "./fake-glance";
import { ownerOf, runOf } from "./run-of";

export const on = (fake: FakeGlance, name = "a", stack?: string) => {
  const run = runOf({}, { web: fake.web });
  return { ...run.of(imageProperties, ownerOf(name, stack)), said: run.said, of: run.of };
};

export const first = { image: "cirros", endpoint: GLANCE };

export const propertiesOn = (fake: FakeGlance, id = IMAGE): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fake.images.get(id) ?? {}).filter(([name]) => /^(hw|os|x)_/.test(name)));
export const recordsOn = (fake: FakeGlance, id = IMAGE): string[] =>
  Object.keys(fake.images.get(id) ?? {}).filter((name) => name.startsWith("pulumi_ceph_openstack_"));
