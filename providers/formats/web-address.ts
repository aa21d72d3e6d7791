/** Addresses of services that are asked by HTTP. Pure. */

/**
 * The text without a login in it (`https://user:password@host` → `https://host`): for messages. What stands before the last `@` is left
 * out, as a password may have any sign in it.
 */
export const withoutLogin = (text: string): string => text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^]*@/i, "$1");

/** Logins of addresses within prose. */
export const withoutLogins = (prose: string): string => prose.replace(/:\/\/[^\s/@]*:[^\s@]*@/g, "://");

const AN_ADDRESS = "an address that begins with http:// or https://";

/** What an address must be and is not; undefined where it is one. */
export const wantOfAddress = (text: string): string | undefined => {
  if (text.includes("@"))
    return `${AN_ADDRESS}, without a login in it: it would stand in ids, in state and in logs`;
  if (!/^https?:\/\/[^\s/?#]+[^\s?#]*$/i.test(text) || !URL.canParse(text)) return AN_ADDRESS;
  return undefined;
};
