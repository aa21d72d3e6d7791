/** The object without properties that are undefined: what is left out and what is undefined are told apart by the types. */
export function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> };
export function defined(value: object): object {
  return Object.fromEntries(Object.entries<unknown>({ ...value }).filter(([, item]) => item !== undefined));
}
