/** What tells one create from another, in its record and in the state that came of it. */
import { randomBytes } from "node:crypto";

export const newToken = (): string => randomBytes(8).toString("hex");
