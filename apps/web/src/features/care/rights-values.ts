import { aldList } from '@serment/records/fhir/ald-list';
import {
  type Consenter,
  type ConsentFacts,
  type ConsentKind,
  consenters,
  consentKinds,
  type SaidForm,
  saidForms,
} from '@serment/records/fhir/consent';
import {
  type CoverageFacts,
  type CoverageKind,
  coverageKinds,
  type InsuredRelation,
  insuredRelations,
} from '@serment/records/fhir/coverage';
import type { CareFacts } from '../../file-view/care-list.ts';
import { type CareField, type CareValues, dateOf, shown, textOf } from './care-fields.ts';

/** Rights, coverage, consents and information given: the lists beside an identity. */
export type RightsSubject = 'ald' | 'coverage' | 'consents' | 'information';

const form: CareField = { name: 'form', kind: 'choice', options: ['', ...saidForms] };

export const rightsFields: { readonly [Subject in RightsSubject]: readonly CareField[] } = {
  ald: [
    {
      ...{ name: 'ald', kind: 'choice', isRequired: true },
      options: ['', ...[...aldList.keys()].map(String)],
      // Names of the law, in the language of the law.
      answers: (number) => (number === '' ? '' : `${number} · ${aldList.get(Number(number))?.title ?? ''}`),
    },
    { name: 'rightStart', kind: 'date' },
    { name: 'rightEnd', kind: 'date' },
    { name: 'diagnosis', kind: 'diagnosis' },
    { name: 'protocol', kind: 'date' },
  ],
  coverage: [
    { name: 'coverage', kind: 'choice', options: Object.keys(coverageKinds) },
    { name: 'payer', kind: 'text' },
    { name: 'payerCode', kind: 'text' },
    { name: 'insuredNir', kind: 'nir', when: ['coverage', 'amo'] },
    { name: 'insuredId', kind: 'text', when: ['coverage', 'amc', 'c2s', 'ame', 'other'] },
    { name: 'rightStart', kind: 'date' },
    { name: 'rightEnd', kind: 'date' },
    { name: 'relation', kind: 'choice', options: insuredRelations },
    { name: 'insuredName', kind: 'text', when: ['relation', 'spouse', 'child', 'parent', 'other'] },
    { name: 'rank', kind: 'text', when: ['relation', 'spouse', 'child', 'parent', 'other'] },
    { name: 'direct', kind: 'text', isRare: true },
    { name: 'note', kind: 'text', isRare: true },
  ],
  consents: [
    { name: 'consentKind', kind: 'choice', options: Object.keys(consentKinds) },
    { name: 'decision', kind: 'choice', options: ['given', 'refused'] },
    { name: 'date', kind: 'date' },
    form,
    { name: 'by', kind: 'choice', options: Object.keys(consenters) },
    { name: 'byName', kind: 'text', when: ['by', 'parent', 'guardian', 'trusted', 'other'] },
    { name: 'consentNote', kind: 'text' },
    { name: 'document', kind: 'document', isRare: true },
    { name: 'withdrawn', kind: 'date', isRare: true },
  ],
  information: [
    { name: 'topic', kind: 'text', isRequired: true },
    { name: 'date', kind: 'date' },
    form,
    { name: 'informedBy', kind: 'text', isRare: true },
    { name: 'note', kind: 'text', isRare: true },
  ],
};

export const rightsValues: { readonly [Subject in RightsSubject]: (facts: CareFacts[Subject]) => CareValues } = {
  ald: ({ number, start, end, protocol, diagnosis }) => ({
    ...{ ald: number === null ? '' : String(number), rightStart: shown(start), rightEnd: shown(end) },
    ...{ protocol: shown(protocol), diagnosis: diagnosis?.text ?? '', code: diagnosis?.code ?? '' },
  }),
  coverage: (facts) => ({
    ...{ coverage: facts.coverage, payer: facts.payer ?? '', payerCode: facts.payerCode ?? '' },
    ...{ insuredNir: facts.coverage === 'amo' ? (facts.insuredId ?? '') : '', relation: facts.relation },
    ...{ insuredId: facts.coverage === 'amo' ? '' : (facts.insuredId ?? ''), insuredName: facts.insuredName ?? '' },
    ...{ rightStart: shown(facts.start), rightEnd: shown(facts.end), rank: facts.rank ?? '' },
    ...{ direct: facts.direct ?? '', note: facts.note ?? '' },
  }),
  consents: ({ kind, decision, date, form: how = '', by, byName = '', document = '', withdrawn, note = '' }) => ({
    ...{ consentKind: kind, decision, date: shown(date), form: how, by, byName, document },
    ...{ withdrawn: shown(withdrawn), consentNote: note },
  }),
  information: ({ topic, date, form: how = '', by = '', note = '' }) => ({
    ...{ topic, date: shown(date), form: how, informedBy: by, note },
  }),
};

export const rightsFacts: {
  readonly [Subject in RightsSubject]: (values: CareValues, received: CareFacts[Subject] | null) => CareFacts[Subject];
} = {
  ald: (values, received) => {
    const text = textOf(values.diagnosis);
    return {
      number: Number(values.ald),
      start: dateOf(values.rightStart, received?.start),
      end: dateOf(values.rightEnd, received?.end),
      protocol: dateOf(values.protocol, received?.protocol),
      diagnosis: text === undefined ? undefined : { text, code: textOf(values.code) ?? null },
      isOver: received?.isOver,
    };
  },
  coverage: (values, received): CoverageFacts => {
    const coverage = values.coverage as CoverageKind;
    const relation = values.relation as InsuredRelation;
    return {
      coverage,
      label: coverage === received?.coverage ? received.label : undefined,
      payer: textOf(values.payer),
      payerCode: textOf(values.payerCode),
      insuredId: textOf(coverage === 'amo' ? values.insuredNir : values.insuredId),
      relation,
      insuredName: relation === 'self' ? undefined : textOf(values.insuredName),
      rank: textOf(values.rank),
      start: dateOf(values.rightStart, received?.start),
      end: dateOf(values.rightEnd, received?.end),
      direct: textOf(values.direct),
      note: textOf(values.note),
      isOver: received?.isOver,
    };
  },
  consents: (values, received): ConsentFacts => {
    const kind = values.consentKind as ConsentKind;
    const by = values.by as Consenter;
    return {
      kind,
      label: kind === received?.kind ? received.label : undefined,
      decision: values.decision === 'refused' ? 'refused' : 'given',
      date: dateOf(values.date, received?.date),
      form: textOf(values.form) as SaidForm | undefined,
      by,
      byName: by === 'patient' ? undefined : textOf(values.byName),
      document: textOf(values.document),
      // One that was withdrawn stays so when no day is told.
      withdrawn: dateOf(values.withdrawn, received?.withdrawn) ?? (received?.withdrawn === '' ? '' : undefined),
      note: textOf(values.consentNote),
    };
  },
  information: (values, received) => ({
    topic: textOf(values.topic) ?? '',
    date: dateOf(values.date, received?.date),
    form: textOf(values.form) as SaidForm | undefined,
    by: textOf(values.informedBy),
    note: textOf(values.note),
  }),
};
