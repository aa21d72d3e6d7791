/** The package entry that state loads. A contract for ever. */
export const ENTRY = "pulumi-ceph-openstack/provider";

/** The version of the contract between the stub and the entry: `provider(kind, PROTOCOL)`. */
export const PROTOCOL = 1;

/**
 * The provider text that is stored in every resource: a constant that loads the real code by package name, from the project's directory, or
 * from where Pulumi's own SDK lies. Frozen for ever (golden test): what it says is what every later refresh and destroy of old state runs.
 */
export const stub = (kind: string): string =>
  `exports.handler=()=>{const n="${ENTRY}";let m;try{m=require("module").createRequire(process.cwd()+"/_")(n)}` +
  `catch(e){try{m=require.main.require(n)}catch{throw e}}return m.provider("${kind}",${PROTOCOL})};`;

/** The type token of a kind, for ever. */
export const typeToken = (kind: string): string => `pulumi-nodejs:dynamic/ceph-openstack:${kind}`;
