/** What a look at the world is made of. */
import { createHash } from "node:crypto";

/** Properties of one thing, as text. */
export type Facts = ReadonlyMap<string, string>;
/**
 * Things by what and where they are: `pool/7`, `entity/client.x`, `profile/x`, `rule/x`, `file/vol1:/p`, `ini/vol1:/p#section`, `dir/vol1:/p`, `secret/cmp1/UUID`,
 * `unit/ctl1:ssh`, `package/ctl1:sudo`, `image/UUID`.
 */
export type World = ReadonlyMap<string, Facts>;
export type Thing = [string, Facts];

export const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
