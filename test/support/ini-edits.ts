/** An edit of one option, for tests that are about one. */
import { edit } from "../../providers/formats/ini/index";

type Target = Parameters<typeof edit>[1];

/** The file with the option's values. */
export const setOption = (
  bytes: string,
  target: Target,
  option: { readonly name: string; readonly values: readonly string[] },
): string => edit(bytes, target, [option]).bytes;

/** The file without the option. */
export const deleteOption = (bytes: string, target: Target, name: string): string =>
  edit(bytes, target, [{ name, values: null }]).bytes;
