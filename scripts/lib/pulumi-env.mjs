import shared from "./pulumi-env.cjs";

/** @see pulumi-env.d.cts, which says what each of them gives */
export const { pinnedVersion, pulumiEnv, pulumiPaths, pulumiSettings } = shared;
