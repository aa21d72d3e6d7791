/** Options against the distribution's own services. On another release than the machine's: `npm run test:generations -- trixie options-oracle`. */
import { inSandbox } from "../support/options-code";
import { judgeOptions } from "../support/options-judgement";

/** Debian's patches. */
const PATCHES: readonly RegExp[] = [
  // Of Debian 11: the cure of CVE-2022-47951, carried back.
  /\/vmdk_allowed_types$/,
  /^workarounds\/disable_deep_image_inspection$/,
];

judgeOptions(inSandbox, PATCHES);
