import {
  type DocumentReference,
  documentReferenceSchema,
  type Observation,
  observationSchema,
} from '../fhir/clinical.ts';
import { codeSystems } from '../fhir/coding-system.ts';
import { documentScheme } from '../fhir/document.ts';
import { type DiagnosticReport, diagnosticReportSchema, type ReceivedPatient } from '../fhir/laboratory.ts';
import { checkResource } from '../fhir/own-resource.ts';
import { hashIdentifier } from '../fhir/reading-task.ts';
import { insSystems } from '../identifiers/ins.ts';
import { jsonNumber } from '../json-text.ts';
import type { ReceivedIdentity, ReceivedReport, ReceivedResult } from './report.ts';
import { ucumOf } from './ucum.ts';

/** Where what the laboratory recalls of an earlier sample stands among a result's components. */
export const previousCoding = { system: 'urn:serment:result', code: 'previous' } as const;

const hl7 = 'http://terminology.hl7.org/CodeSystem';
const laboratoryCategory = [{ coding: [{ system: `${hl7}/v2-0074`, code: 'LAB' }] }];
const resultCategory = [{ coding: [{ system: codeSystems.observationCategory, code: 'laboratory' }] }];

export interface ReceivedPart {
  /** Null where nothing was understood but the bytes. */
  readonly report: ReceivedReport | null;
  /** Of the file, for what has no title of its own. */
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly hash: string;
  readonly blobId: string;
  /** Date and time with its offset: when it came. */
  readonly at: string;
}

export interface ReceivedRecords {
  readonly document: DocumentReference;
  readonly report: DiagnosticReport | null;
}

/** What a part says, while nobody said whose it is. Throws RESOURCE_INVALID. */
export function newReceived(id: string, part: ReceivedPart): ReceivedRecords {
  const { report } = part;
  const isLaboratory = report !== null && report.results.length > 0;
  return { document: documentOf(id, part, isLaboratory), report: isLaboratory ? reportOf(id, report, part.at) : null };
}

function documentOf(id: string, part: ReceivedPart, hasReport: boolean): DocumentReference {
  const { report, name, mediaType, size, hash, blobId, at } = part;
  const title = report?.title || name;
  const attachment = {
    contentType: mediaType,
    url: `${documentScheme}${blobId}`,
    size,
    ...(title === '' ? {} : { title }),
  };
  const patient = report === null || hasReport ? null : patientOf(report.identity);
  return checkResource(documentReferenceSchema, {
    ...{ resourceType: 'DocumentReference', id, status: 'current', identifier: [hashIdentifier(hash)] },
    ...(patient === null ? {} : { contained: [patient], subject: { reference: '#patient' } }),
    // A document is dated by when it was made here: when it came, unless it says so to the second.
    date: report?.at?.includes('T') ? report.at : at,
    ...(report?.sender ? { author: [{ display: report.sender }] } : {}),
    ...(title === '' ? {} : { description: title }),
    content: [{ attachment }],
    ...(hasReport ? { context: { related: [{ reference: `DiagnosticReport/${id}` }] } } : {}),
  });
}

function reportOf(id: string, report: ReceivedReport, receivedAt: string): DiagnosticReport {
  const patient = patientOf(report.identity);
  const subject = patient === null ? { display: '?' } : { reference: '#patient' };
  const results = report.results.map((result, place) =>
    observationOf(`r${place + 1}`, result, { subject, at: report.at, sender: report.sender }),
  );
  const statuses = new Set(report.results.map(({ status }) => status));
  return checkResource(diagnosticReportSchema, {
    ...{ resourceType: 'DiagnosticReport', id },
    contained: [...(patient === null ? [] : [patient]), ...results],
    ...(report.number === '' ? {} : { identifier: [{ value: report.number }] }),
    status: statuses.has('preliminary') ? 'partial' : statuses.has('corrected') ? 'corrected' : 'final',
    category: laboratoryCategory,
    code: { coding: [{ system: codeSystems.loinc, code: '11502-2' }], text: 'Biologie' },
    ...(patient === null ? {} : { subject }),
    effectiveDateTime: report.at ?? receivedAt.slice(0, 10),
    issued: receivedAt,
    ...(report.sender === '' ? {} : { performer: [{ display: report.sender }] }),
    result: results.map(({ id: name }) => ({ reference: `#${name}` })),
  });
}

function patientOf(identity: ReceivedIdentity | null): ReceivedPatient | null {
  if (identity === null) return null;
  const { family, given, birthFamily, birthDate, sex, nir } = identity;
  const named = (use: 'usual' | 'official', name: string) => ({
    use,
    ...(name === '' ? {} : { family: name }),
    ...(given === '' ? {} : { given: [given] }),
  });
  return {
    ...{ resourceType: 'Patient', id: 'patient' },
    ...(nir === null ? {} : { identifier: [{ system: insSystems['INS-NIR'], value: nir }] }),
    name: [named('usual', family), ...(birthFamily === null ? [] : [named('official', birthFamily)])],
    ...(sex === null ? {} : { gender: sex }),
    ...(birthDate === null ? {} : { birthDate }),
  };
}

interface ResultContext {
  readonly subject: { readonly reference: string } | { readonly display: string };
  readonly at: string | null;
  readonly sender: string;
}

function observationOf(id: string, result: ReceivedResult, { subject, at, sender }: ResultContext): Observation {
  const { label, loinc, code, value, unit, flag, status, previous, note } = result;
  const laboratory = `urn:serment:laboratory:${encodeURIComponent(sender.slice(0, 100))}`;
  const coding = [
    ...(loinc === null ? [] : [{ system: codeSystems.loinc, code: loinc }]),
    ...(code === null ? [] : [{ system: laboratory, code }]),
  ];
  const when = result.at ?? at;
  return checkResource(observationSchema, {
    ...{ resourceType: 'Observation', id, status, category: resultCategory },
    code: { ...(coding.length === 0 ? {} : { coding }), text: label },
    subject,
    ...(when === null ? {} : { effectiveDateTime: when }),
    ...(sender === '' ? {} : { performer: [{ display: sender }] }),
    ...valueElement(result),
    ...(value === null
      ? { dataAbsentReason: { coding: [{ system: `${hl7}/data-absent-reason`, code: 'unknown' }] } }
      : {}),
    ...(flag === null ? {} : { interpretation: [{ coding: [{ system: codeSystems.interpretation, code: flag }] }] }),
    ...rangeElement(result, unit),
    ...(previous === null ? {} : { component: [previousElement(previous)] }),
    ...(note === '' ? {} : { note: [{ text: note }] }),
  });
}

function valueElement({ value, unit }: ReceivedResult) {
  if (value === null) return {};
  if (value.number === null) return { valueString: [value.text, unit].filter(Boolean).join(' ') };
  const { comparator } = value;
  return { valueQuantity: { ...quantityOf(value.number, unit), ...(comparator === null ? {} : { comparator }) } };
}

function rangeElement({ low, high, rangeText }: ReceivedResult, unit: string) {
  if (low === null && high === null && rangeText === '') return {};
  return {
    referenceRange: [
      {
        ...(low === null ? {} : { low: quantityOf(low, unit) }),
        ...(high === null ? {} : { high: quantityOf(high, unit) }),
        ...(rangeText === '' ? {} : { text: rangeText }),
      },
    ],
  };
}

function quantityOf(number: string, unit: string) {
  const ucum = ucumOf(unit);
  return {
    value: jsonNumber(number),
    ...(unit === '' ? {} : { unit }),
    ...(ucum === null ? {} : { system: codeSystems.ucum, code: ucum }),
  };
}

function previousElement({ text, at }: NonNullable<ReceivedResult['previous']>) {
  return { code: { coding: [{ ...previousCoding }], ...(at === null ? {} : { text: at }) }, valueString: text };
}

/** The resources of a part as those of a patient. Throws RESOURCE_INVALID. */
export function filedRecords(
  { document, report }: { readonly document: unknown; readonly report: unknown },
  patient: string,
): (DocumentReference | DiagnosticReport | Observation)[] {
  const subject = { reference: patient };
  const { contained: _identity, ...own } = checkResource(documentReferenceSchema, document);
  const filed = checkResource(documentReferenceSchema, { ...own, subject });
  if (report === null) return [filed];
  const { contained = [], ...read } = checkResource(diagnosticReportSchema, report);
  const results = contained.filter((one) => one.resourceType === 'Observation');
  const observations = results.map((one, place) =>
    checkResource(observationSchema, { ...one, id: `${read.id}-${place + 1}`, subject }),
  );
  const result = observations.map(({ id }) => ({ reference: `Observation/${id}` }));
  return [checkResource(diagnosticReportSchema, { ...read, subject, result }), ...observations, filed];
}

/** The identity that a part came with; null for none. */
export function receivedIdentity(resource: unknown): ReceivedIdentity | null {
  const read = diagnosticReportSchema.safeParse(resource);
  const document = read.success ? null : documentReferenceSchema.safeParse(resource);
  const contained: readonly unknown[] = read.success ? (read.data.contained ?? []) : (document?.data?.contained ?? []);
  const patient = contained.find(isReceivedPatient);
  if (patient === undefined) return null;
  const [usual, official] = patient.name;
  return {
    family: usual?.family ?? '',
    given: usual?.given?.[0] ?? '',
    birthFamily: official?.family ?? null,
    birthDate: patient.birthDate ?? null,
    sex: patient.gender ?? null,
    nir: patient.identifier?.[0]?.value ?? null,
  };
}

function isReceivedPatient(one: unknown): one is ReceivedPatient {
  return typeof one === 'object' && one !== null && Reflect.get(one, 'resourceType') === 'Patient';
}
