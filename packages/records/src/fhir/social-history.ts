import { itemsOf } from '../json-edit.ts';
import type { JsonObject } from '../json-text.ts';
import { codeIn, codesOf, conceptText, elementAt, type Fields, itemsAt, textAt } from '../page/element-text.ts';
import { changedResource } from './change.ts';
import { type Observation, observationSchema } from './clinical.ts';
import { codeSystems } from './coding-system.ts';
import { checkResource } from './own-resource.ts';

/** What is asked of a way of life: LOINC code where there is a sure one, French name. */
export const socialKinds = {
  tobacco: { loinc: '72166-2', text: 'Tabac' },
  alcohol: { loinc: '11331-6', text: 'Alcool' },
  occupation: { loinc: '11341-5', text: 'Profession' },
  drugs: { loinc: null, text: 'Autres substances' },
  activity: { loinc: null, text: 'Activité physique' },
  home: { loinc: null, text: 'Lieu et conditions de vie' },
  other: { loinc: null, text: 'Autre' },
} as const satisfies Readonly<Record<string, { readonly loinc: string | null; readonly text: string }>>;

export type SocialKind = keyof typeof socialKinds;

/** Answers of LOINC list LL2201-3, tobacco smoking status. */
export const tobaccoAnswers = {
  never: { code: 'LA18978-9', text: 'N’a jamais fumé' },
  former: { code: 'LA15920-4', text: 'Ancien fumeur' },
  daily: { code: 'LA18976-3', text: 'Fumeur quotidien' },
  sometimes: { code: 'LA18977-1', text: 'Fumeur occasionnel' },
} as const;

export type TobaccoAnswer = keyof typeof tobaccoAnswers;

/** What is said of one side of a way of life. */
export interface SocialFacts {
  readonly kind: SocialKind;
  /** Of tobacco alone. */
  readonly tobacco?: TobaccoAnswer | undefined;
  /** Packs a day times years, of tobacco alone: the digits as they were typed. */
  readonly packYears?: number | undefined;
  /** In words; of tobacco, what the answer does not say. */
  readonly text?: string | undefined;
}

export interface SocialSource {
  /** `Patient/…` */
  readonly patient: string;
  /** `Practitioner/…` */
  readonly performer: string;
  /** When it was said: a day or more. */
  readonly date: string;
}

/** Throws RESOURCE_INVALID. */
export function newSocialObservation(id: string, source: SocialSource, facts: SocialFacts): Observation {
  return checkResource(observationSchema, {
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [{ coding: [{ system: codeSystems.observationCategory, code: socialHistory }] }],
    subject: { reference: source.patient },
    effectiveDateTime: source.date,
    performer: [{ reference: source.performer }],
    ...elementsOf(facts),
  });
}

/** True of an observation about a way of life, of whatever origin: no measure. */
export function isSocialHistory(resource: Fields): boolean {
  return itemsAt(resource, 'category').some((category) => codesOf(category).includes(socialHistory));
}

/** What an observation of a way of life says, as a form shows it. */
export function socialFacts(resource: Fields): SocialFacts {
  const code = elementAt(resource, 'code');
  const loinc = codeIn(code, codeSystems.loinc);
  const name = conceptText(code);
  const kinds = Object.keys(socialKinds) as SocialKind[];
  const kind = kinds.find(
    (known) => (loinc !== undefined && socialKinds[known].loinc === loinc) || socialKinds[known].text === name,
  );
  const answer = codesOf(elementAt(resource, 'valueCodeableConcept'));
  const answers = Object.keys(tobaccoAnswers) as TobaccoAnswer[];
  const packs = itemsAt(resource, 'component').find(isPackYears);
  const value = Number(textAt(packs, 'valueQuantity.value') || 'x');
  return {
    kind: kind ?? 'other',
    tobacco: answers.find((known) => answer.includes(tobaccoAnswers[known].code)),
    packYears: Number.isFinite(value) ? value : undefined,
    text: textAt(resource, 'valueString') || textAt(resource, 'note.text') || undefined,
  };
}

/** An observation of a way of life with what a form changed of it. Throws RESOURCE_INVALID. */
export function changedSocialObservation(received: JsonObject, facts: SocialFacts, date: string): JsonObject {
  const elements = elementsOf(facts);
  const whole = { resourceType: 'Observation', id: 'a', status: 'final', subject: {}, effectiveDateTime: date };
  checkResource(observationSchema, { ...whole, ...elements });
  const changed = changedResource(packYearsFirst(received), elementsOf(socialFacts(received)), elements);
  return { ...changed, effectiveDateTime: date };
}

/** Where a form looks for the component that it shows, others behind it. */
function packYearsFirst(received: JsonObject): JsonObject {
  const components = itemsOf(received, 'component');
  const place = components.findIndex(isPackYears);
  if (place < 1) return received;
  return { ...received, component: [...components.slice(place, place + 1), ...components.toSpliced(place, 1)] };
}

function isPackYears(component: unknown): boolean {
  return codesOf(elementAt(component, 'code')).includes(packYears);
}

const socialHistory = 'social-history';
/** LOINC "Cigarettes smoked total (pack per year) - Reported". */
const packYears = '8664-5';

function elementsOf({ kind, tobacco, packYears: packs, text }: SocialFacts) {
  const { loinc, text: name } = socialKinds[kind];
  const code = { ...(loinc === null ? {} : { coding: [{ system: codeSystems.loinc, code: loinc }] }), text: name };
  if (tobacco === undefined) return { code, ...(text === undefined ? {} : { valueString: text }) };
  const answer = tobaccoAnswers[tobacco];
  const unit = 'paquets-années';
  return {
    code,
    valueCodeableConcept: { coding: [{ system: codeSystems.loinc, code: answer.code }], text: answer.text },
    ...(text === undefined ? {} : { note: [{ text }] }),
    ...(packs === undefined
      ? {}
      : {
          component: [
            {
              code: { coding: [{ system: codeSystems.loinc, code: packYears }], text: 'Consommation cumulée' },
              valueQuantity: { value: packs, unit, system: codeSystems.ucum, code: '{PackYears}' },
            },
          ],
        }),
  };
}
