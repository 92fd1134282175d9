import { z } from 'zod/mini';
import type { JsonObject } from '../json-text.ts';
import { codeIn, conceptText, elementAt, type Fields, textAt } from '../page/element-text.ts';
import { changedResource } from './change.ts';
import { codeSystems, extensionUrls } from './coding-system.ts';
import { base, codeableConcept, concepts, dateTime, period, reference, references } from './element.ts';
import { extensionAt, withExtension } from './extension.ts';
import { checkResource } from './own-resource.ts';

export const consentSchema = z.strictObject({
  resourceType: z.literal('Consent'),
  ...base,
  status: z.enum(['active', 'rejected', 'inactive', 'entered-in-error']),
  scope: codeableConcept,
  category: concepts,
  patient: reference,
  dateTime: z.optional(dateTime),
  performer: z.optional(references),
  sourceReference: z.optional(reference),
  policyRule: codeableConcept,
  provision: z.strictObject({ type: z.enum(['permit', 'deny']), period: z.optional(period) }),
});

type Consent = z.infer<typeof consentSchema>;

/** What a consent is about, with the words that it is exported with and its scope (FHIR `consentscope`). */
export const consentKinds = {
  dmp: ['Alimentation de Mon espace santé', 'patient-privacy'],
  team: ['Partage avec l’équipe de soins', 'patient-privacy'],
  messages: ['Messages par SMS ou courriel', 'patient-privacy'],
  research: ['Recherche', 'research'],
  teaching: ['Enseignement, présence d’un étudiant', 'patient-privacy'],
  recording: ['Photographie ou enregistrement', 'patient-privacy'],
  minor: ['Soins d’un mineur', 'treatment'],
  secrecy: ['Secret demandé par un mineur', 'patient-privacy'],
  other: ['Autre consentement', 'treatment'],
} as const;

export type ConsentKind = keyof typeof consentKinds;

/** By whom it was said. */
export const consenters = {
  patient: 'Patient',
  parent: 'Titulaire de l’autorité parentale',
  guardian: 'Tuteur ou curateur',
  trusted: 'Personne de confiance',
  other: 'Autre personne',
} as const;

export type Consenter = keyof typeof consenters;

/** How it was said, as v3-ParticipationMode names it. */
export const saidForms = ['VERBAL', 'WRITTEN', 'ELECTRONIC'] as const;
export type SaidForm = (typeof saidForms)[number];

export interface ConsentFacts {
  readonly kind: ConsentKind;
  /** What one of no known kind is about. */
  readonly label?: string | undefined;
  readonly decision: 'given' | 'refused';
  /** A day, a month or a year. */
  readonly date?: string | undefined;
  readonly form?: SaidForm | undefined;
  readonly by: Consenter;
  /** Who that was, when it is not the patient. */
  readonly byName?: string | undefined;
  /** `DocumentReference/…` that was signed. */
  readonly document?: string | undefined;
  /** Since when it counts no more; '' for a day that nobody told. */
  readonly withdrawn?: string | undefined;
  readonly note?: string | undefined;
}

export interface ConsentSource {
  /** `Patient/…` */
  readonly patient: string;
  /** `Practitioner/…` who noted it. */
  readonly recorder: string;
}

/** Throws RESOURCE_INVALID. */
export function newConsent(id: string, { patient, recorder }: ConsentSource, facts: ConsentFacts): Consent {
  const consent = { resourceType: 'Consent', id, patient: { reference: patient }, ...elementsOf(facts, patient) };
  const noted = withTold(consent, facts);
  const told = extensionAt(noted, extensionUrls.consent);
  const own = withExtension(told as JsonObject, 'recorder', { valueReference: { reference: recorder } });
  return checkResource(consentSchema, withExtension(noted, extensionUrls.consent, own));
}

/** What a consent of whatever origin says, as a form shows it. */
export function consentFacts(resource: Fields): ConsentFacts {
  const told = extensionAt(resource, extensionUrls.consent);
  const category = elementAt(resource, 'category');
  const code = codeIn(Array.isArray(category) ? category[0] : category, codeSystems.consent);
  const kind = kinds.find((known) => known === code);
  const said = textAt(extensionAt(told, 'by'), 'valueCode');
  const form = textAt(extensionAt(told, 'form'), 'valueCode');
  const isOwn = textAt(resource, 'performer.reference') === textAt(resource, 'patient.reference');
  const isNobodys = elementAt(resource, 'performer') === undefined;
  const by = (Object.keys(consenters) as Consenter[]).find((known) => known === said);
  const name = textAt(resource, 'performer.display');
  const status = textAt(resource, 'status');
  const isRefused = status === 'rejected' || textAt(resource, 'provision.type') === 'deny';
  return {
    kind: kind ?? 'other',
    label: kind === undefined ? conceptText(category) || conceptText(elementAt(resource, 'scope')) : undefined,
    decision: isRefused ? 'refused' : 'given',
    date: textAt(resource, 'dateTime') || textAt(resource, 'provision.period.start') || undefined,
    form: saidForms.find((known) => known === form),
    by: by ?? (isOwn || isNobodys ? 'patient' : 'other'),
    byName: by !== undefined && name === consenters[by] ? undefined : name || undefined,
    document: textAt(resource, 'sourceReference.reference') || undefined,
    withdrawn: status === 'inactive' ? textAt(resource, 'provision.period.end') : undefined,
    note: textAt(extensionAt(told, 'note'), 'valueString') || undefined,
  };
}

/** A consent with what a form changed of it. Throws RESOURCE_INVALID. */
export function changedConsent(received: JsonObject, facts: ConsentFacts): JsonObject {
  const patient = textAt(received, 'patient.reference');
  const elements = elementsOf(facts, patient);
  checkResource(consentSchema, withTold({ resourceType: 'Consent', id: 'a', patient: {}, ...elements }, facts));
  return withTold(changedResource(received, elementsOf(consentFacts(received), patient), elements), facts);
}

function elementsOf(facts: ConsentFacts, patient: string): JsonObject {
  const { kind, label, decision, date, by, byName, document, withdrawn } = facts;
  const [words, scope] = consentKinds[kind];
  const isGiven = decision === 'given';
  const ends = { ...(date === undefined ? {} : { start: date }), ...(withdrawn ? { end: withdrawn } : {}) };
  const performer = by === 'patient' ? { reference: patient } : { display: byName ?? consenters[by] };
  return {
    // Who reads the status alone, or the provision alone, reads the same.
    status: withdrawn !== undefined ? 'inactive' : isGiven ? 'active' : 'rejected',
    scope: { coding: [{ system: codeSystems.consentScope, code: scope }] },
    category: [
      label === undefined ? { coding: [{ system: codeSystems.consent, code: kind }], text: words } : { text: label },
    ],
    ...(date === undefined ? {} : { dateTime: date }),
    performer: [performer],
    ...(document === undefined ? {} : { sourceReference: { reference: document } }),
    policyRule: { coding: [{ system: codeSystems.actCode, code: isGiven ? 'OPTIN' : 'OPTOUT' }] },
    provision: { type: isGiven ? 'permit' : 'deny', ...(Object.keys(ends).length === 0 ? {} : { period: ends }) },
  };
}

/** What FHIR R4 has no element for: how it was said, by whom among those who may, and a note. */
function withTold(consent: JsonObject, { by, form, note }: ConsentFacts): JsonObject {
  const received = extensionAt(consent, extensionUrls.consent);
  const values: readonly (readonly [string, JsonObject | null])[] = [
    ['by', { valueCode: by }],
    ['form', form === undefined ? null : { valueCode: form }],
    ['note', note === undefined ? null : { valueString: note }],
  ];
  const told = values.reduce((one, [url, value]) => withExtension(one, url, value), (received ?? {}) as JsonObject);
  return withExtension(consent, extensionUrls.consent, told);
}

const kinds = Object.keys(consentKinds) as ConsentKind[];
