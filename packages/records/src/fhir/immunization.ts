import type { JsonObject } from '../json-text.ts';
import { codeIn, codesOf, conceptText, elementAt, type Fields, textAt } from '../page/element-text.ts';
import { changedResource } from './change.ts';
import { type Immunization, immunizationSchema } from './clinical.ts';
import { codeSystems } from './coding-system.ts';
import { checkResource } from './own-resource.ts';

/** Where a dose is given: v3-ActSite. */
export const injectionSites = {
  LA: 'deltoïde gauche',
  RA: 'deltoïde droit',
  LT: 'cuisse gauche',
  RT: 'cuisse droite',
} as const;
/** How it is given: v3-RouteOfAdministration. */
export const administrationRoutes = {
  IM: 'intramusculaire',
  SQ: 'sous-cutanée',
  IDINJ: 'intradermique',
  PO: 'orale',
  NASINHLC: 'nasale',
} as const;

export type InjectionSite = keyof typeof injectionSites;
export type AdministrationRoute = keyof typeof administrationRoutes;

/** What is said of a dose that was given, or was not. */
export interface VaccineFacts {
  readonly vaccine: string;
  readonly atc?: string | undefined;
  /** A day, a month or a year; none when nobody knows. */
  readonly date?: string | undefined;
  readonly lot?: string | undefined;
  /** A day or a month. */
  readonly expiry?: string | undefined;
  readonly site?: InjectionSite | undefined;
  readonly route?: AdministrationRoute | undefined;
  /** Its rank in its series, from 1. */
  readonly dose?: number | undefined;
  /** False of a dose that was given elsewhere, and that the patient or a booklet tells. */
  readonly isOwn: boolean;
  /** Why it was not given; undefined of one that was. */
  readonly notDone?: string | undefined;
  readonly note?: string | undefined;
}

export interface VaccineSource {
  /** `Patient/…` */
  readonly patient: string;
  /** `Practitioner/…` who gave it, or wrote down that another did. */
  readonly performer: string;
  /** Date and time with its offset. */
  readonly recorded: string;
}

/** Throws RESOURCE_INVALID. */
export function newImmunization(id: string, source: VaccineSource, facts: VaccineFacts): Immunization {
  const isGiven = facts.isOwn && facts.notDone === undefined;
  return checkResource(immunizationSchema, {
    resourceType: 'Immunization',
    id,
    patient: { reference: source.patient },
    recorded: source.recorded,
    ...(isGiven ? { performer: [{ actor: { reference: source.performer } }] } : {}),
    ...elementsOf(facts),
  });
}

/** What an immunization of whatever origin says, as a form shows it. */
export function vaccineFacts(resource: Fields): VaccineFacts {
  const site = codesOf(elementAt(resource, 'site')).find((code) => code in injectionSites);
  const route = codesOf(elementAt(resource, 'route')).find((code) => code in administrationRoutes);
  const dose = Number(textAt(resource, 'protocolApplied.doseNumberPositiveInt') || 'x');
  const isNotDone = textAt(resource, 'status') === 'not-done';
  return {
    vaccine: conceptText(elementAt(resource, 'vaccineCode')),
    atc: codeIn(elementAt(resource, 'vaccineCode'), codeSystems.atc),
    date: textAt(resource, 'occurrenceDateTime') || undefined,
    lot: textAt(resource, 'lotNumber') || undefined,
    expiry: textAt(resource, 'expirationDate') || undefined,
    site: (Object.keys(injectionSites) as InjectionSite[]).find((known) => known === site),
    route: (Object.keys(administrationRoutes) as AdministrationRoute[]).find((known) => known === route),
    dose: Number.isInteger(dose) ? dose : undefined,
    isOwn: textAt(resource, 'primarySource') !== 'false',
    notDone: isNotDone ? conceptText(elementAt(resource, 'statusReason')) : undefined,
    note: textAt(resource, 'note.text') || undefined,
  };
}

/** A dose with what a form changed of it. Throws RESOURCE_INVALID. */
export function changedImmunization(received: JsonObject, facts: VaccineFacts): JsonObject {
  const elements = elementsOf(facts);
  checkResource(immunizationSchema, { resourceType: 'Immunization', id: 'a', patient: {}, ...elements });
  return changedResource(received, elementsOf(vaccineFacts(received)), elements);
}

function elementsOf(facts: VaccineFacts) {
  const { vaccine, atc, date, lot, expiry, site, route, dose, isOwn, notDone, note } = facts;
  return {
    status: notDone === undefined ? 'completed' : 'not-done',
    ...(notDone === undefined || notDone === '' ? {} : { statusReason: { text: notDone } }),
    vaccineCode: { ...(atc === undefined ? {} : { coding: [{ system: codeSystems.atc, code: atc }] }), text: vaccine },
    // FHIR wants one or the other: what nobody knows is said in words, never as a day.
    ...(date === undefined ? { occurrenceString: 'Date inconnue' } : { occurrenceDateTime: date }),
    primarySource: isOwn,
    ...(lot === undefined ? {} : { lotNumber: lot }),
    ...(expiry === undefined ? {} : { expirationDate: expiry }),
    ...(site === undefined
      ? {}
      : { site: { coding: [{ system: codeSystems.actSite, code: site }], text: injectionSites[site] } }),
    ...(route === undefined
      ? {}
      : {
          route: {
            coding: [{ system: codeSystems.routeOfAdministration, code: route }],
            text: administrationRoutes[route],
          },
        }),
    ...(dose === undefined ? {} : { protocolApplied: [{ doseNumberPositiveInt: dose }] }),
    ...(note === undefined ? {} : { note: [{ text: note }] }),
  };
}
