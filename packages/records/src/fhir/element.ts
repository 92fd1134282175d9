import { z } from 'zod';
import { isJsonNumber, type JsonNumber } from '../json-text.ts';

// zod compiles schemas with `new Function`, which the web application's Content-Security-Policy forbids and reports.
z.config({ jitless: true });

/** FHIR R4 elements as Serment writes them: strict, so that a misspelt field stops here and not in another system. */
export const id = z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/);
export const code = z.string().regex(/^\S+( \S+)*$/);
export const uri = z.string().regex(/^\S+$/);
/** Text that says something. */
export const text = z.string().regex(/\S/).max(1_048_576);

/** A day, a month or a year. */
export const date = z.string().refine(isDate, 'not a date');
export const dateTime = z.string().refine(isDateTime, 'not a date and time with its offset');
export const instant = z.string().refine((value) => value.includes('T') && isDateTime(value), 'not an instant');

/** A number, or one that keeps the characters it was typed with. */
export const decimal = z.union([z.number(), z.custom<JsonNumber>(isJsonNumber)]);

export const period = z.strictObject({ start: dateTime.optional(), end: dateTime.optional() });
export const coding = z.strictObject({
  system: uri.optional(),
  version: text.optional(),
  code: code.optional(),
  display: text.optional(),
});
export const codeableConcept = z.strictObject({ coding: z.array(coding).min(1).optional(), text: text.optional() });
export const quantity = z.strictObject({
  value: decimal.optional(),
  comparator: z.enum(['<', '<=', '>=', '>']).optional(),
  unit: text.optional(),
  system: uri.optional(),
  code: code.optional(),
});
export const range = z.strictObject({ low: quantity.optional(), high: quantity.optional() });

export const identifier = z.strictObject({
  use: z.enum(['usual', 'official', 'temp', 'secondary', 'old']).optional(),
  type: codeableConcept.optional(),
  system: uri.optional(),
  value: text.optional(),
  period: period.optional(),
});
export const reference = z.strictObject({
  reference: text.optional(),
  type: uri.optional(),
  identifier: identifier.optional(),
  display: text.optional(),
});

const address = z.strictObject({
  use: z.enum(['home', 'work', 'temp', 'old', 'billing']).optional(),
  type: z.enum(['postal', 'physical', 'both']).optional(),
  text: text.optional(),
  line: z.array(text).min(1).optional(),
  city: text.optional(),
  district: text.optional(),
  state: text.optional(),
  postalCode: text.optional(),
  country: text.optional(),
  period: period.optional(),
  get extension() {
    return z.array(extension).min(1).optional();
  },
});

/** The kinds of value that the extensions Serment writes may have. */
export const extension = z.strictObject({
  url: uri,
  valueString: text.optional(),
  valueCode: code.optional(),
  valueBoolean: z.boolean().optional(),
  valueInteger: z.int().optional(),
  valueDate: date.optional(),
  valueDateTime: dateTime.optional(),
  valueCoding: coding.optional(),
  valueCodeableConcept: codeableConcept.optional(),
  valueReference: reference.optional(),
  valueAddress: address.optional(),
  get extension() {
    return z.array(extension).min(1).optional();
  },
});
export { address };

export const humanName = z.strictObject({
  use: z.enum(['usual', 'official', 'temp', 'nickname', 'anonymous', 'old', 'maiden']).optional(),
  text: text.optional(),
  family: text.optional(),
  given: z.array(text).min(1).optional(),
  prefix: z.array(text).min(1).optional(),
  suffix: z.array(text).min(1).optional(),
  period: period.optional(),
  extension: z.array(extension).min(1).optional(),
});
export const contactPoint = z.strictObject({
  system: z.enum(['phone', 'fax', 'email', 'pager', 'url', 'sms', 'other']).optional(),
  value: text.optional(),
  use: z.enum(['home', 'work', 'temp', 'old', 'mobile']).optional(),
  rank: z.int().positive().optional(),
  period: period.optional(),
});
export const annotation = z.strictObject({ authorReference: reference.optional(), time: dateTime.optional(), text });
export const narrative = z.strictObject({
  status: z.enum(['generated', 'extensions', 'additional', 'empty']),
  div: z.string().regex(/^<div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml">[\s\S]*<\/div>$/),
});
export const attachment = z.strictObject({
  contentType: code.optional(),
  language: code.optional(),
  url: uri.optional(),
  size: z.int().nonnegative().optional(),
  hash: text.optional(),
  title: text.optional(),
  creation: dateTime.optional(),
});
export const meta = z.strictObject({
  profile: z.array(uri).min(1).optional(),
  tag: z.array(coding).min(1).optional(),
  security: z.array(coding).min(1).optional(),
  source: uri.optional(),
});

export const references = z.array(reference).min(1);
export const concepts = z.array(codeableConcept).min(1);
export const notes = z.array(annotation).min(1);

/** What every resource may have. */
export const base = {
  id,
  meta: meta.optional(),
  language: code.optional(),
  text: narrative.optional(),
  extension: z.array(extension).min(1).optional(),
  identifier: z.array(identifier).min(1).optional(),
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
