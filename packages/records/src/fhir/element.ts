import { z } from 'zod/mini';
import { isJsonNumber, type JsonNumber } from '../json-text.ts';

/** FHIR R4 elements as Serment writes them: strict, so that a misspelt field stops here and not in another system. */
export const id = z.string().check(z.regex(/^[A-Za-z0-9\-.]{1,64}$/));
export const code = z.string().check(z.regex(/^\S+( \S+)*$/));
export const uri = z.string().check(z.regex(/^\S+$/));
/** Text that says something. */
export const text = z.string().check(z.regex(/\S/), z.maxLength(1_048_576));

/** A day, a month or a year. */
export const date = z.string().check(z.refine(isDate, 'not a date'));
export const dateTime = z.string().check(z.refine(isDateTime, 'not a date and time with its offset'));
export const instant = z
  .string()
  .check(z.refine((value) => value.includes('T') && isDateTime(value), 'not an instant'));

/** FHIR knows no empty list. */
export function oneOrMore<Item extends z.ZodMiniType>(item: Item): z.ZodMiniArray<Item> {
  return z.array(item).check(z.minLength(1));
}

/** A number, or one that keeps the characters it was typed with. */
export const decimal = z.union([z.number(), z.custom<JsonNumber>(isJsonNumber)]);

export const period = z.strictObject({ start: z.optional(dateTime), end: z.optional(dateTime) });
export const coding = z.strictObject({
  system: z.optional(uri),
  version: z.optional(text),
  code: z.optional(code),
  display: z.optional(text),
});
export const codeableConcept = z.strictObject({ coding: z.optional(oneOrMore(coding)), text: z.optional(text) });
export const quantity = z.strictObject({
  value: z.optional(decimal),
  comparator: z.optional(z.enum(['<', '<=', '>=', '>'])),
  unit: z.optional(text),
  system: z.optional(uri),
  code: z.optional(code),
});
export const range = z.strictObject({ low: z.optional(quantity), high: z.optional(quantity) });

export const identifier = z.strictObject({
  use: z.optional(z.enum(['usual', 'official', 'temp', 'secondary', 'old'])),
  type: z.optional(codeableConcept),
  system: z.optional(uri),
  value: z.optional(text),
  period: z.optional(period),
});
export const reference = z.strictObject({
  reference: z.optional(text),
  type: z.optional(uri),
  identifier: z.optional(identifier),
  display: z.optional(text),
});

const address = z.strictObject({
  use: z.optional(z.enum(['home', 'work', 'temp', 'old', 'billing'])),
  type: z.optional(z.enum(['postal', 'physical', 'both'])),
  text: z.optional(text),
  line: z.optional(oneOrMore(text)),
  city: z.optional(text),
  district: z.optional(text),
  state: z.optional(text),
  postalCode: z.optional(text),
  country: z.optional(text),
  period: z.optional(period),
  get extension() {
    return z.optional(oneOrMore(extension));
  },
});

/** The kinds of value that the extensions Serment writes may have. */
export const extension = z.strictObject({
  url: uri,
  valueString: z.optional(text),
  valueCode: z.optional(code),
  valueBoolean: z.optional(z.boolean()),
  valueInteger: z.optional(z.int()),
  valueDate: z.optional(date),
  valueDateTime: z.optional(dateTime),
  valueCoding: z.optional(coding),
  valueCodeableConcept: z.optional(codeableConcept),
  valueReference: z.optional(reference),
  valueAddress: z.optional(address),
  get extension() {
    return z.optional(oneOrMore(extension));
  },
});
export { address };

export const humanName = z.strictObject({
  use: z.optional(z.enum(['usual', 'official', 'temp', 'nickname', 'anonymous', 'old', 'maiden'])),
  text: z.optional(text),
  family: z.optional(text),
  given: z.optional(oneOrMore(text)),
  prefix: z.optional(oneOrMore(text)),
  suffix: z.optional(oneOrMore(text)),
  period: z.optional(period),
  extension: z.optional(oneOrMore(extension)),
});
export const contactPoint = z.strictObject({
  system: z.optional(z.enum(['phone', 'fax', 'email', 'pager', 'url', 'sms', 'other'])),
  value: z.optional(text),
  use: z.optional(z.enum(['home', 'work', 'temp', 'old', 'mobile'])),
  rank: z.optional(z.int().check(z.positive())),
  period: z.optional(period),
});
export const annotation = z.strictObject({ authorReference: z.optional(reference), time: z.optional(dateTime), text });
export const narrative = z.strictObject({
  status: z.enum(['generated', 'extensions', 'additional', 'empty']),
  div: z.string().check(z.regex(/^<div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml">[\s\S]*<\/div>$/)),
});
export const attachment = z.strictObject({
  contentType: z.optional(code),
  language: z.optional(code),
  url: z.optional(uri),
  size: z.optional(z.int().check(z.nonnegative())),
  hash: z.optional(text),
  title: z.optional(text),
  creation: z.optional(dateTime),
});
export const meta = z.strictObject({
  profile: z.optional(oneOrMore(uri)),
  tag: z.optional(oneOrMore(coding)),
  security: z.optional(oneOrMore(coding)),
  source: z.optional(uri),
});

export const references = oneOrMore(reference);
export const concepts = oneOrMore(codeableConcept);
export const notes = oneOrMore(annotation);

/** What every resource may have. */
export const base = {
  id,
  meta: z.optional(meta),
  language: z.optional(code),
  text: z.optional(narrative),
  extension: z.optional(oneOrMore(extension)),
  identifier: z.optional(oneOrMore(identifier)),
};

function isDate(value: string): boolean {
  const parts = /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?$/.exec(value);
  if (parts === null) return false;
  const [, year, month, day] = parts;
  return day === undefined || Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
}

function isDateTime(value: string): boolean {
  const [day = '', time] = value.split('T');
  if (time === undefined) return isDate(day);
  return (
    /^\d{4}-\d\d-\d\d$/.test(day) &&
    isDate(day) &&
    /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/.test(time)
  );
}
