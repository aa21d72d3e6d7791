/**
 * clouds.yaml, secure.yaml and clouds-public.yaml: which clouds there are, and how each is reached. Pure.
 * @see https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 */
import { FAILSAFE_SCHEMA, load, types, YAMLException } from "js-yaml";

/** A map of texts, nulls, lists and maps: every other scalar is the text that stands there, so that a password of digits stays what it is. */
export type Tree = { readonly [key: string]: unknown };

export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const SCHEMA = FAILSAFE_SCHEMA.extend({ implicit: [types.null, types.merge] });

/** A reason of the parser's ends with the very text that it stumbled over: of `password: *secret` the secret, as the name of an alias. */
const reasonOf = ({ reason }: YAMLException): string => reason.replace(/\s*[:"!][^]*$/, "");

/** What a file says, or why it cannot be read: never with a word of it, as there are passwords in it. */
export const parseYaml = (text: string): Tree | { readonly problem: string } => {
  try {
    const found = load(text, { schema: SCHEMA });
    if (found === undefined || found === null || found === "") return {};
    return isTree(found) ? found : { problem: "is no map" };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark === undefined ? "" : ` in line ${error.mark.line + 1}`;
    return { problem: `is no YAML${line}: ${reasonOf(error)}` };
  }
};

/** Two files as one: what the second says counts more, at any depth; `null` says nothing. */
export const merged = (first: Tree, second: Tree): Tree => {
  const all: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const there = all[key];
    if (value === null && there !== undefined) continue;
    all[key] = isTree(there) && isTree(value) ? merged(there, value) : value;
  }
  return all;
};

/** A value of a map, where it is a text and not empty. */
export const textAt = (tree: Tree, key: string): string | undefined => {
  const value = tree[key];
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** A map within a map. */
export const treeAt = (tree: Tree, key: string): Tree => {
  const value = tree[key];
  return isTree(value) ? value : {};
};

/** The names as they are elsewhere (`auth-url` → `auth_url`), at any depth of maps. */
export const dashesAsUnderscores = (tree: Tree): Tree =>
  Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key.replaceAll("-", "_"),
      isTree(value) ? dashesAsUnderscores(value) : value,
    ]),
  );
