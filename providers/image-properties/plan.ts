/**
 * What is to be changed on an image: properties, and the records of whose they are, in one step that Glance takes whole or not at all.
 * Pure but for the one decision, which is asked.
 */
import type { Image, Operation } from "../clients/glance/index.js";
import type { ActingOwner } from "../ownership/acting-owner.js";
import { printRecord, recordName, recordsOn, type ImageRecord } from "../ownership/image-records.js";
import { whyReserved } from "./names.js";

/** What one owner wants of an image. */
export interface DesiredImage {
  readonly acting: ActingOwner;
  readonly image: Image;
  /** Where it is: Glance's address. */
  readonly at: string;
  /** What people call one property of it. */
  thing(property: string): string;
}

export interface Plan {
  readonly operations: readonly Operation[];
  /** A second step, once the first is done: the record without the tokens of before. */
  readonly then: readonly Operation[];
  /** Properties that were let go and stay as they are, in sentences. */
  readonly notes: readonly string[];
}

type Values = Record<string, string | null>;

const operation = ({ properties }: Image, property: string, value: string | null): Operation[] => {
  const there = properties[property];
  if ((there ?? null) === value) return [];
  if (value === null) return [{ op: "remove", property }];
  return [{ op: there === undefined ? "add" : "replace", property, value }];
};

/** As seen and as it will be. */
interface Draft {
  readonly records: Map<string, ImageRecord>;
  readonly values: Values;
  readonly notes: string[];
}

/** Who owns the image can write a record as well, and must not have an administrator publish the image, or give it away. */
const ofProperties = (record: ImageRecord): ImageRecord => ({
  ...record,
  set: Object.fromEntries(Object.entries(record.set).filter(([name]) => whyReserved(name) === undefined)),
});

const newDraft = (image: Image): Draft => ({
  records: new Map([...recordsOn(image)].map(([name, record]) => [name, ofProperties(record)])),
  values: {},
  notes: [],
});

const without = <T>(map: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));

const strike = ({ records }: Draft, name: string, property: string): void => {
  const record = records.get(name);
  if (record === undefined) return;
  const rest = { ...record, was: without(record.was, property), set: without(record.set, property) };
  if (Object.keys(rest.set).length === 0) records.delete(name);
  else records.set(name, rest);
};

/** Who has a property: the record that lists it. */
const holding = ({ records }: Draft, property: string): [name: string, record: ImageRecord] | undefined =>
  [...records].find(([, { set }]) => property in set);

const whereOf = ({ at, image, thing }: DesiredImage, property: string) => ({
  thing: thing(property),
  spot: [at, image.id, property].join("\0"),
});

/** @throws Failure `owned` where one of them is another's */
const taken = (desired: DesiredImage, draft: Draft, properties: Readonly<Record<string, string>>) => {
  const { acting, image } = desired;
  const was: Values = {};
  for (const property of Object.keys(properties)) {
    const [name, record] = holding(draft, property) ?? [];
    const where = whereOf(desired, property);
    if (acting.take(record, where) === "another's") throw acting.refusal(record, where);
    was[property] =
      record?.was[property] ?? (record === undefined ? (image.properties[property] ?? null) : null);
    if (name !== undefined) strike(draft, name, property);
  }
  return was;
};

/** Puts back what stood there, where the value is still the one that was written. */
const letGo = (
  desired: DesiredImage,
  draft: Draft,
  { name, keep = false }: { name: string; keep?: boolean },
): void => {
  const record = draft.records.get(name);
  for (const property of Object.keys(record?.set ?? {})) {
    if (record === undefined || desired.acting.letGo(record, whereOf(desired, property)) !== "mine") continue;
    strike(draft, name, property);
    if (keep) continue;
    if (desired.image.properties[property] === record.set[property])
      draft.values[property] = record.was[property] ?? null;
    else draft.notes.push(`${property} stays as it is: somebody has changed it since`);
  }
};

const changes = (image: Image, draft: Draft): Operation[] => {
  const names = new Set([...recordsOn(image).keys(), ...draft.records.keys()]);
  const records = [...names].flatMap((name) => {
    const record = draft.records.get(name);
    return operation(image, name, record === undefined ? null : printRecord(image, record));
  });
  return [
    ...records,
    ...Object.entries(draft.values).flatMap(([key, value]) => operation(image, key, value)),
  ];
};

/** To have these properties, and no others that were this owner's. @throws Failure `owned` */
export const planToTake = (desired: DesiredImage, properties: Readonly<Record<string, string>>): Plan => {
  const { acting, image } = desired;
  const draft = newDraft(image);
  const mine = recordName(acting.owner);
  const known = draft.records.get(mine);
  const was = taken(desired, draft, properties);
  letGo(desired, draft, { name: mine });
  Object.assign(draft.values, properties);
  const left = draft.records.get(mine);
  const titles = acting.titles(known);
  const values = { was: { ...left?.was, ...was }, set: { ...left?.set, ...properties } };
  draft.records.set(mine, { ...titles.during, ...values });
  const [during, after] = [titles.during, titles.after].map((title) =>
    printRecord(image, { ...title, ...values }),
  );
  return {
    operations: changes(image, draft),
    then: during === after || after === undefined ? [] : [{ op: "replace", property: mine, value: after }],
    notes: draft.notes,
  };
};

/** To have none of them any more. */
export const planToLetGo = (desired: DesiredImage, keep: boolean): Plan => {
  const draft = newDraft(desired.image);
  for (const name of draft.records.keys()) letGo(desired, draft, { name, keep });
  return { operations: changes(desired.image, draft), then: [], notes: draft.notes };
};
