/**
 * The project of somebody who installs the package: one section of one file on this machine. TypeScript is checked as
 * strictly as the compiler can, our declarations and those of all dependencies included.
 */
export const TSCONFIG = {
  compilerOptions: {
    target: "ES2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    types: ["node"],
    noEmit: true,
  },
  files: ["index.ts"],
};

export const PROGRAM = `import * as pulumi from "@pulumi/pulumi";
import { ConfigSection } from "pulumi-ceph-openstack";

const path = new pulumi.Config().require("file");

const rbd = new ConfigSection("rbd", {
  host: "localhost",
  path,
  section: "rbd",
  options: { rbd_store_pool: "images", rbd_store_chunk_size: 8 },
});

export const section: pulumi.Output<string> = rbd.section;
`;

/** The file before the first \`up\`, and after \`destroy\`. */
export const STOCK = `# of the distribution
[DEFAULT]
debug = false

[rbd]
# size of a chunk in MB
rbd_store_chunk_size = 4
`;

/** The lines that must be in it after \`up\`, and comments that must still be. */
export const WANTED = [
  "rbd_store_chunk_size = 8",
  "rbd_store_pool = images",
  "# size of a chunk in MB",
  "debug = false",
];

export const PULUMI_YAML = `name: packed
runtime: nodejs
`;

/**
 * @param {string} archive path of the packed library
 * @param {Record<string, string>} versions exact versions, from this checkout's lock file
 */
export function packageJson(archive, versions) {
  return {
    name: "packed",
    private: true,
    main: "index.ts",
    dependencies: {
      "@pulumi/pulumi": versions["@pulumi/pulumi"],
      "pulumi-ceph-openstack": `file:${archive}`,
    },
    devDependencies: { "@types/node": versions["@types/node"], typescript: versions.typescript },
  };
}
