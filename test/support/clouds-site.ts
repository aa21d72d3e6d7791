/** What the tests of clouds share: a machine with files and variables on it, and what is made of them. */
import type { Access } from "../../providers/clients/glance/access";
import type { Surroundings } from "../../providers/clients/glance/cloud-files";
import { resolve, type Wanted } from "../../providers/clients/glance/clouds";

export interface There {
  readonly env?: Readonly<Record<string, string>>;
  /** clouds.yaml in /etc/openstack: as text, or as what stands in it. */
  readonly file?: string | object;
  /** Others, by their paths. */
  readonly files?: Readonly<Record<string, string>>;
  /** @default the only cloud, or what the environment says */
  readonly wanted?: Wanted;
}

export const CLOUDS = "/etc/openstack/clouds.yaml";

const around = ({ env = {}, file, files = {} }: There): Surroundings => {
  const text = typeof file === "object" ? JSON.stringify(file) : file;
  const all = new Map([...Object.entries(files), ...(text === undefined ? [] : [[CLOUDS, text] as const])]);
  return { env, cwd: "/program", home: "/home/me", read: (path) => all.get(path) };
};

/** How the cloud is reached. */
export const accessIn = (there: There): Access => resolve(around(there), there.wanted ?? {});

const textOf = (error: unknown): string => String(Reflect.get(Object(error), "message"));

/** What is said where it cannot be told; fails where it can. */
export const refusal = (there: There): string => {
  let access: Access;
  try {
    access = accessIn(there);
  } catch (error) {
    return textOf(error);
  }
  throw new Error(`it is taken: ${JSON.stringify(access)}`);
};

/** What an act fails with. */
export const failureOf = async (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => {
      throw new Error("it does not fail");
    },
    (error: unknown) => textOf(error),
  );

/** A catalogue with these addresses of the Image service. */
export const granted = (
  ...endpoints: readonly { readonly url: string; readonly interface?: string; readonly region?: string }[]
): unknown[] => [
  { type: "identity", endpoints: [{ interface: "public", region_id: "RegionOne", url: "http://k:5000" }] },
  {
    type: "image",
    endpoints: endpoints.map(({ url, interface: face = "public", region = "RegionOne" }) => ({
      interface: face,
      region_id: region,
      region,
      url,
    })),
  },
];
