/** What is used of js-yaml, which brings no types of its own. */
declare module "js-yaml" {
  export interface Schema {
    extend(more: { readonly implicit: readonly object[] }): Schema;
  }
  /** Every scalar is text. */
  export const FAILSAFE_SCHEMA: Schema;
  /** `<<`. */
  export const types: { readonly merge: object; readonly null: object };
  /** Its message quotes the text: `reason` and `mark` do not. */
  export class YAMLException extends Error {
    readonly reason: string;
    readonly mark?: { readonly line: number };
  }
  /** @throws YAMLException */
  export function load(text: string, options: { readonly schema: Schema }): unknown;
}
