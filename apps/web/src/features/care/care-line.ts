import { dateText } from '@serment/records/page/element-text';
import {
  aldDetails,
  aldLine,
  consentLine,
  coverageDetails,
  coverageLine,
  informationLine,
} from '@serment/records/page/rights-words';
import { todayHere } from '../../file-view/care.ts';
import type { CareFacts, CareItem, CareSubject } from '../../file-view/care-list.ts';
import type { Line } from '../../file-view/view.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';

type Words = readonly (string | undefined)[];

/** A line of a list in words, as its sheet shows it. */
export function useCareLine(): <Subject extends CareSubject>(subject: Subject, item: CareItem<Subject>) => Line {
  const { t } = useTranslation();
  const language = useLanguage();
  const today = todayHere();
  const date = (value: string | undefined) => dateText((value ?? '').slice(0, 10), language);
  const span = (from: string | undefined, to: string | undefined) => {
    if (to !== undefined) return date(from) === date(to) ? date(to) : `${date(from)} – ${date(to)}`;
    return from === undefined ? '' : t('careSheet.since', { date: date(from) });
  };
  const notedBy = (author: string | null) => (author === null ? '' : t('careSheet.notedBy', { name: author }));
  const words: { readonly [Subject in CareSubject]: (facts: CareFacts[Subject], author: string | null) => Words } = {
    problems: ({ diagnosis, clinicalStatus = 'active', verification = 'confirmed', onset, abatement, note }) => [
      ...[diagnosis.text, diagnosis.code ?? '', span(onset, abatement)],
      clinicalStatus === 'active' ? '' : t(`care.problems.status.${clinicalStatus}`),
      verification === 'confirmed' ? '' : t(`care.problems.verification.${verification}`),
      note,
    ],
    allergies: ({ substance, reaction, severity, criticality, verification = 'confirmed', onset, note }) => [
      ...[substance, reaction],
      severity === undefined ? '' : t(`care.allergies.severity.${severity}`),
      criticality === undefined ? '' : t(`care.allergies.criticality.${criticality}`),
      verification === 'confirmed' ? '' : t(`care.allergies.verification.${verification}`),
      ...[span(onset, undefined), note],
    ],
    treatments: ({ medicine, dosage, since, until, status, reason, note }) => [
      ...[medicine, dosage, span(since, until), status === 'stopped' ? t('care.treatments.stopped') : '', reason, note],
    ],
    vaccines: ({ vaccine, date: day, lot, dose, site, notDone, note }) => [
      ...[vaccine, date(day), dose === undefined ? '' : t('careSheet.dose', { rank: dose })],
      lot === undefined ? '' : t('careSheet.lot', { lot }),
      site === undefined ? '' : t(`careSheet.option.site.${site}`).toLocaleLowerCase(language),
      ...(notDone === undefined ? [] : [t('careSheet.notGiven'), notDone]),
      note,
    ],
    family: ({ relative, diagnosis, age, note }) => [
      ...[diagnosis.text, t(`careSheet.option.relative.${relative}`).toLocaleLowerCase(language)],
      ...[age === undefined ? '' : t('careSheet.atAge', { age }), note],
    ],
    social: ({ kind, tobacco, packYears, text }) => [
      t(`careSheet.option.kind.${kind}`),
      tobacco === undefined ? '' : t(`careSheet.option.tobacco.${tobacco}`).toLocaleLowerCase(language),
      packYears === undefined ? '' : t('careSheet.packYears', { count: packYears }),
      text,
    ],
    ald: (facts) => [aldLine(facts, today, language).label, ...aldDetails(facts, today, language)],
    consents: ({ note, ...facts }, author) => {
      const { label, detail } = consentLine(facts, language);
      const document = facts.document === undefined ? '' : t('careSheet.withDocument');
      return [label, detail, document, notedBy(author), note];
    },
    coverage: (facts) => [coverageLine(facts, today, language).label, ...coverageDetails(facts, today, language)],
    information: ({ note, ...facts }, author) => {
      const { label, detail } = informationLine(facts, language);
      return [label, detail, notedBy(author), note];
    },
  };
  return (subject, item) => {
    const [label = '', ...rest] = words[subject](item.facts, item.author);
    // A way of life is asked again and again: each answer is of its day.
    const day = subject === 'social' ? date(item.day) : '';
    const order = item.isOrder ? t('careSheet.order') : '';
    return {
      label,
      detail: [...rest, order, day].filter((part) => part !== undefined && part !== '').join(', '),
    };
  };
}
