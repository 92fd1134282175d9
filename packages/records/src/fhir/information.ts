import { z } from 'zod/mini';
import type { JsonObject } from '../json-text.ts';
import { codesOf, conceptText, elementAt, type Fields, itemsAt, textAt } from '../page/element-text.ts';
import { changedResource } from './change.ts';
import { codeSystems } from './coding-system.ts';
import { type SaidForm, saidForms } from './consent.ts';
import { base, codeableConcept, concepts, dateTime, notes, reference } from './element.ts';
import { checkResource } from './own-resource.ts';

/** That a patient was informed of something. */
export const informationSchema = z.strictObject({
  resourceType: z.literal('Communication'),
  ...base,
  status: z.enum(['completed', 'entered-in-error']),
  category: concepts,
  medium: z.optional(concepts),
  subject: reference,
  topic: codeableConcept,
  sent: z.optional(dateTime),
  sender: z.optional(reference),
  note: z.optional(notes),
});

type Information = z.infer<typeof informationSchema>;

export interface InformationFacts {
  /** What the patient was informed of. */
  readonly topic: string;
  /** A day, a month or a year. */
  readonly date?: string | undefined;
  readonly form?: SaidForm | undefined;
  /** Who informed, in words, when it is not who notes it. */
  readonly by?: string | undefined;
  readonly note?: string | undefined;
}

export interface InformationSource {
  /** `Patient/…` */
  readonly patient: string;
  /** `Practitioner/…` who noted it. */
  readonly recorder: string;
}

/** Throws RESOURCE_INVALID. */
export function newInformation(id: string, source: InformationSource, facts: InformationFacts): Information {
  return checkResource(informationSchema, {
    ...{ resourceType: 'Communication', id, subject: { reference: source.patient } },
    ...elementsOf(facts, { reference: source.recorder }),
  });
}

/** True for what tells that a patient was informed; false for a message. */
export function isInformation(resource: Fields): boolean {
  return itemsAt(resource, 'category').flatMap(codesOf).includes('information');
}

export function informationFacts(resource: Fields): InformationFacts {
  const medium = itemsAt(resource, 'medium').flatMap(codesOf);
  return {
    topic: conceptText(elementAt(resource, 'topic')),
    date: textAt(resource, 'sent') || undefined,
    form: saidForms.find((known) => medium.includes(known)),
    by: textAt(resource, 'sender.display') || undefined,
    note: textAt(resource, 'note.text') || undefined,
  };
}

/** With what a form changed of it. Throws RESOURCE_INVALID. */
export function changedInformation(received: JsonObject, facts: InformationFacts): JsonObject {
  const known = textAt(received, 'sender.reference');
  const sender = known === '' ? null : { reference: known };
  const elements = elementsOf(facts, sender);
  checkResource(informationSchema, { resourceType: 'Communication', id: 'a', subject: {}, ...elements });
  return changedResource(received, elementsOf(informationFacts(received), sender), elements);
}

function elementsOf({ topic, date, form, by, note }: InformationFacts, self: JsonObject | null) {
  const sender = by === undefined ? self : { display: by };
  return {
    status: 'completed',
    category: [{ coding: [{ system: codeSystems.communication, code: 'information' }], text: 'Information donnée' }],
    ...(form === undefined ? {} : { medium: [{ coding: [{ system: codeSystems.participationMode, code: form }] }] }),
    topic: { text: topic },
    ...(date === undefined ? {} : { sent: date }),
    ...(sender === null ? {} : { sender }),
    ...(note === undefined ? {} : { note: [{ text: note }] }),
  };
}
