import { z } from 'zod/mini';
import { isFields, itemsAt, textAt } from '../page/element-text.ts';
import { codeSystems } from './coding-system.ts';
import { code, coding, id, instant, oneOrMore, reference, text } from './element.ts';
import { checkResource } from './own-resource.ts';

/** That a device made a rescue copy (docs/format/record.md, Rescue copies). */
export const rescueTraceSchema = z.strictObject({
  resourceType: z.literal('AuditEvent'),
  id,
  type: coding,
  subtype: oneOrMore(coding),
  action: code,
  recorded: instant,
  outcome: code,
  agent: z.tuple([z.strictObject({ who: reference, requestor: z.literal(true) })]),
  source: z.strictObject({ observer: reference }),
  entity: z.tuple([z.strictObject({ detail: oneOrMore(z.strictObject({ type: text, valueString: text })) })]),
});

type RescueTrace = z.infer<typeof rescueTraceSchema>;

/** Where a copy was put: into a folder, or handed to the browser as a download. */
export type RescuePlaceKind = 'folder' | 'download';

export interface RescueFacts {
  /** Of the copy: date and time with its offset. */
  readonly recorded: string;
  readonly patients: number;
  readonly place: RescuePlaceKind;
}

/** The record of a device's copies, by its author in hexadecimal. */
export function rescueTraceId(author: string): string {
  return `rescue-${author.slice(0, 32)}`;
}

/** Of a device, by its author in hexadecimal, and of its member, `Practitioner/…`. Throws RESOURCE_INVALID. */
export function newRescueTrace(author: string, maker: string, facts: RescueFacts): RescueTrace {
  const who = { reference: maker };
  const detail = [
    { type: 'patients', valueString: String(facts.patients) },
    { type: 'place', valueString: facts.place },
  ];
  return checkResource(rescueTraceSchema, {
    ...{ resourceType: 'AuditEvent', id: rescueTraceId(author) },
    type: { system: codeSystems.dicom, code: '110106', display: 'Export' },
    subtype: [{ system: codeSystems.audit, code: rescueCopy }],
    ...{ action: 'R', recorded: facts.recorded, outcome: '0' },
    ...{ agent: [{ who, requestor: true }], source: { observer: who }, entity: [{ detail }] },
  });
}

/** Null for what tells of no rescue copy. */
export function readRescueTrace(resource: unknown): RescueFacts | null {
  if (!isFields(resource) || resource.resourceType !== 'AuditEvent') return null;
  const kinds = itemsAt(resource, 'subtype').filter((one) => textAt(one, 'system') === codeSystems.audit);
  if (!kinds.some((one) => textAt(one, 'code') === rescueCopy)) return null;
  const details = itemsAt(resource, 'entity').flatMap((one) => itemsAt(one, 'detail'));
  const told = (type: string) =>
    textAt(
      details.find((one) => textAt(one, 'type') === type),
      'valueString',
    );
  const patients = Number(told('patients'));
  return {
    recorded: textAt(resource, 'recorded'),
    patients: Number.isSafeInteger(patients) && patients > 0 ? patients : 0,
    place: told('place') === 'folder' ? 'folder' : 'download',
  };
}

const rescueCopy = 'rescue-copy';
