/** Where the engine of a checkout and its state lie, all below `<root>/.pulumi-home`. */
export interface PulumiPaths {
  /** `PULUMI_HOME`: plugins, credentials, workspaces. */
  readonly home: string;
  /** Version of the engine in use, such as "3.250.0". */
  readonly version: string;
  /** Folder of the file backend. */
  readonly state: string;
  readonly passphraseFile: string;
  /** What `engine.mjs ensure` noted about the engine in use. */
  readonly record: string;
  /** Folder of `pulumi`, its language host and the dynamic provider's wrapper. */
  readonly bin: string;
}

/** The engine's version that the checkout pins (the launcher's version in its package.json). */
export function pinnedVersion(root: string): string;

export function pulumiPaths(root: string): PulumiPaths;

/** The variables that {@link pulumiEnv} sets, PATH left out. */
export function pulumiSettings(root: string): Record<string, string>;

/**
 * The whole environment for a process that runs `pulumi`: home, file backend and passphrase of the checkout, engine
 * first on PATH; of `base`, everything but its own `PULUMI_…` variables (login, backend, passphrase, options).
 * Reads only; `node scripts/engine.mjs ensure` is what makes these places.
 * @param root the checkout
 * @param base @default process.env
 */
export function pulumiEnv(root: string, base?: NodeJS.ProcessEnv): Record<string, string>;
