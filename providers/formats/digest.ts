/** One hash for all that is compared by hash. Pure. */
import { createHash } from "node:crypto";

/** SHA-256 in hex: of bytes, one character each, or of text. */
export const sha256 = (text: string, encoding: "latin1" | "utf8" = "latin1"): string =>
  createHash("sha256").update(text, encoding).digest("hex");
