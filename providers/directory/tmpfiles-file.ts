/** Small files of our own, written whole and taken away whole. */
import type { ActingOwner } from "../ownership/adoption.js";
import type { Files, Look } from "../clients/files/index.js";
import { isHeldBy, type WantedHolder } from "../ownership/options-file.js";
import { changedRecord, claimed, recordsOf, releaseOf } from "../ownership/things.js";

export interface OwnFile {
  readonly host: string;
  readonly path: string;
  readonly text: string;
  readonly holder: Required<WantedHolder>;
}

/** True when the file stands as it should. */
export const isAsWanted = (look: Look, { text, holder }: OwnFile): boolean =>
  look.bytes === text && isHeldBy(look, holder);

/** Writes the file, record first; nothing where it stands as it should and is recorded as ours. */
export const putOwnFile = (
  files: Files,
  acting: ActingOwner,
  { look, file }: { look: Look; file: OwnFile },
): Promise<Look> =>
  files.change(look, (now) => {
    const { host, text } = file;
    const next = claimed(acting, now, { host, isThere: now.kind !== "absent", makes: text });
    if (isAsWanted(now, file)) return changedRecord(now, next);
    return { to: { bytes: file.text }, ...file.holder, ...recordsOf(next) };
  });

/** Takes the file away where the record says that this owner made it; success when it is gone. */
export const dropOwnFile = async (
  files: Files,
  acting: ActingOwner,
  { host, path, onDelete }: Pick<OwnFile, "host" | "path"> & { onDelete?: "keep" },
): Promise<void> => {
  await files.change(await files.look(path), (now) => {
    const release = releaseOf(acting, now, { host, ...(onDelete === undefined ? {} : { onDelete }) });
    if (release === "nothing") return undefined;
    return { ...(release === "remove" ? { to: "removed" as const } : {}), then: null };
  });
};
