import { type AldFacts, aldFacts, isAld } from '../fhir/ald.ts';
import { aldList } from '../fhir/ald-list.ts';
import type { Consenter, ConsentFacts, ConsentKind, SaidForm } from '../fhir/consent.ts';
import type { CoverageFacts, CoverageKind, InsuredRelation } from '../fhir/coverage.ts';
import type { InformationFacts } from '../fhir/information.ts';
import { formatNir } from '../identifiers/nir.ts';
import { conceptText, dateText, elementAt, type Fields, type Language, textAt } from './element-text.ts';
import type { ToldLine } from './resource-words.ts';

/** A line that may ask for something to be done. */
export interface WarnedLine extends ToldLine {
  readonly isWarned: boolean;
}

/** Of a right with a last day: how it stands. `soon` is the last three months of it. */
export type Validity = 'future' | 'running' | 'soon' | 'expired';

const soonMonths = 3;

/** `start` and `end` as precise as they are known: a right that ends in a month or a year runs until its last day. */
export function validityOf(
  right: { readonly start?: string | undefined; readonly end?: string | undefined },
  today: string,
): Validity {
  const { start = '', end = '' } = right;
  if (start > today) return 'future';
  if (end === '') return 'running';
  const last = lastDay(end);
  if (last < today) return 'expired';
  return last <= monthsAfter(today, soonMonths) ? 'soon' : 'running';
}

/** `jusqu’au 12/2029`, `droit échu le 31/12/2024`; '' when no day is told. */
export function validityText(
  right: { readonly start?: string | undefined; readonly end?: string | undefined },
  today: string,
  language: Language,
): string {
  const { start = '', end = '' } = right;
  const word = said[language];
  const validity = validityOf(right, today);
  if (validity === 'future') return `${word.from} ${dateText(start.slice(0, 10), language)}`;
  if (end === '') return '';
  const day = dateText(end.slice(0, 10), language);
  if (validity === 'expired') return `${end.length < 10 ? word.expiredIn : word.expired} ${day}`;
  return `${word.until} ${day}${validity === 'soon' ? `, ${word.soon}` : ''}`;
}

/** `ALD 8 Diabète`, `jusqu’au 12/2029`. */
export function aldLine(facts: AldFacts, today: string, language: Language): WarnedLine {
  const validity = validityOf(facts, today);
  return {
    label: aldLabel(facts),
    detail: facts.isOver === true ? said[language].over : validityText(facts, today, language),
    isWarned: facts.isOver !== true && (validity === 'soon' || validity === 'expired'),
  };
}

/** All that is told of a long-term condition beside its name. */
export function aldDetails(facts: AldFacts, today: string, language: Language): string[] {
  const { diagnosis, start, protocol } = facts;
  const word = said[language];
  return [
    diagnosis === undefined ? '' : [diagnosis.text, diagnosis.code ?? ''].filter(Boolean).join(' '),
    start === undefined || start > today ? '' : `${word.since} ${dateText(start.slice(0, 10), language)}`,
    aldLine(facts, today, language).detail,
    protocol === undefined ? '' : `${word.protocol} ${dateText(protocol, language)}`,
  ].filter((part) => part !== '');
}

/**
 * The alerts of a file that run, as a banner tells them: long-term conditions with their validity, then what other
 * programs flagged. An expired one is left out where a later one of the same number took its place.
 */
export function flagLines(flags: readonly Fields[], today: string, language: Language): WarnedLine[] {
  const active = flags.filter((flag) => textAt(flag, 'status') === 'active');
  const conditions = active.filter(isAld).map(aldFacts);
  const isReplaced = (one: AldFacts) =>
    conditions.some((other) => other.number === one.number && other !== one && lasts(other) > lasts(one));
  const standing = conditions.filter((one) => !(isReplaced(one) && validityOf(one, today) !== 'running'));
  const others = active.filter((flag) => !isAld(flag));
  return [
    ...standing.map((one) => aldLine(one, today, language)),
    ...others.map((flag) => {
      const end = textAt(flag, 'period.end').slice(0, 10);
      const detail = end === '' ? '' : `${said[language].until} ${dateText(end, language)}`;
      return { label: conceptText(elementAt(flag, 'code')), detail, isWarned: false };
    }),
  ];
}

/** `Messages par SMS ou courriel`, `accepté le 12/03/2024, oral, par Mme Roy`. */
export function consentLine(facts: ConsentFacts, language: Language): ToldLine {
  return { label: consentLabel(facts, language), detail: consentDetails(facts, language).join(', ') };
}

export function consentLabel({ kind, label }: ConsentFacts, language: Language): string {
  return label ?? said[language].kinds[kind];
}

function consentDetails(facts: ConsentFacts, language: Language): string[] {
  const { decision, date, form, by, byName, withdrawn, note, kind } = facts;
  const word = said[language];
  const on = (words: string, day: string | undefined) =>
    day === undefined || day === '' ? words : `${words} ${onDay(day, language)}`;
  const decided = on(kind === 'secrecy' && decision === 'given' ? word.asked : word[decision], date);
  const who = byName ?? (by === 'patient' ? '' : word.by[by]);
  return [
    withdrawn === undefined ? '' : on(word.withdrawn, withdrawn),
    decided,
    form === undefined ? '' : word.form[form],
    who === '' ? '' : `${word.saidBy} ${who}`,
    note ?? '',
  ].filter((part) => part !== '');
}

/** `Directives anticipées`, `le 12/03/2024, oral, par Dr Roy`. */
export function informationLine(facts: InformationFacts, language: Language): ToldLine {
  const { topic, date, form, by, note } = facts;
  const word = said[language];
  const details = [
    date === undefined ? '' : onDay(date, language),
    form === undefined ? '' : word.form[form],
    by === undefined ? '' : `${word.saidBy} ${by}`,
    note ?? '',
  ];
  return { label: topic, detail: details.filter((part) => part !== '').join(', ') };
}

/** `Complémentaire Mutuelle des Érables`, with its validity. */
export function coverageLine(facts: CoverageFacts, today: string, language: Language): WarnedLine {
  const { coverage, label, payer = '' } = facts;
  const validity = validityOf(facts, today);
  const kind = label ?? said[language].coverages[coverage];
  return {
    label: [kind, payer].filter((part) => part !== '').join(' · '),
    detail: facts.isOver === true ? said[language].over : validityText(facts, today, language),
    isWarned: facts.isOver !== true && validity === 'expired',
  };
}

/** All that is told of a coverage beside its name. */
export function coverageDetails(facts: CoverageFacts, today: string, language: Language): string[] {
  const { payerCode, insuredId, relation, insuredName, rank, direct, note, coverage } = facts;
  const word = said[language];
  const insured =
    relation === 'self' ? '' : `${word.insured[relation]}${insuredName === undefined ? '' : ` ${insuredName}`}`;
  const number = insuredId === undefined ? '' : coverage === 'amo' ? formatNir(insuredId) : `n°\u00a0${insuredId}`;
  return [
    coverageLine(facts, today, language).detail,
    payerCode === undefined ? '' : `${word.code} ${payerCode}`,
    number,
    insured,
    rank === undefined ? '' : `${word.rank} ${rank}`,
    direct === undefined ? '' : `${word.direct}${language === 'fr' ? ' : ' : ': '}${direct}`,
    note ?? '',
  ].filter((part) => part !== '');
}

function aldLabel({ number, label = '', diagnosis }: AldFacts): string {
  const name = number === null ? undefined : aldList.get(number);
  if (name === undefined) return label;
  // Outside the list, the number says nothing of what it is for.
  const own = number === 31 && diagnosis !== undefined ? diagnosis.text : name.short;
  return `ALD ${number} ${own}`;
}

function onDay(date: string, language: Language): string {
  const day = dateText(date.slice(0, 10), language);
  return language === 'en' ? `${date.length < 10 ? 'in' : 'on'} ${day}` : `${date.length < 10 ? 'en' : 'le'} ${day}`;
}

function lasts({ end }: AldFacts): string {
  return end === undefined ? '9999' : lastDay(end);
}

/** The last day of a day, a month or a year. */
function lastDay(date: string): string {
  if (date.length >= 10) return date.slice(0, 10);
  const [year = '', month = '12'] = date.split('-');
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return `${year}-${month}-${days}`;
}

function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

interface RightsWords {
  readonly until: string;
  readonly soon: string;
  readonly expired: string;
  readonly expiredIn: string;
  readonly from: string;
  readonly since: string;
  readonly protocol: string;
  readonly over: string;
  readonly given: string;
  readonly refused: string;
  readonly asked: string;
  readonly withdrawn: string;
  readonly saidBy: string;
  readonly form: Readonly<Record<SaidForm, string>>;
  readonly by: Readonly<Record<Exclude<Consenter, 'patient'>, string>>;
  readonly kinds: Readonly<Record<ConsentKind, string>>;
  readonly coverages: Readonly<Record<CoverageKind, string>>;
  readonly insured: Readonly<Record<Exclude<InsuredRelation, 'self'>, string>>;
  readonly code: string;
  readonly rank: string;
  readonly direct: string;
}

const said: Readonly<Record<Language, RightsWords>> = {
  fr: {
    until: 'jusqu’au',
    soon: 'à renouveler',
    expired: 'droit échu le',
    expiredIn: 'droit échu en',
    from: 'à partir du',
    since: 'depuis',
    protocol: 'protocole du',
    over: 'terminée',
    given: 'accepté',
    refused: 'refusé',
    asked: 'demandé',
    withdrawn: 'retiré',
    saidBy: 'par',
    form: { VERBAL: 'oral', WRITTEN: 'écrit', ELECTRONIC: 'en ligne' },
    by: {
      parent: 'titulaire de l’autorité parentale',
      guardian: 'tuteur ou curateur',
      trusted: 'personne de confiance',
      other: 'autre personne',
    },
    kinds: {
      dmp: 'Mon espace santé',
      team: 'Partage avec l’équipe de soins',
      messages: 'SMS et courriels',
      research: 'Recherche',
      teaching: 'Enseignement',
      recording: 'Photo ou enregistrement',
      minor: 'Soins d’un mineur',
      secrecy: 'Secret du mineur',
      other: 'Autre',
    },
    coverages: {
      amo: 'Assurance maladie',
      amc: 'Complémentaire',
      c2s: 'Complémentaire santé solidaire',
      ame: 'Aide médicale de l’État',
      other: 'Autre couverture',
    },
    insured: {
      spouse: 'par son conjoint',
      child: 'par son parent',
      parent: 'par son enfant',
      other: 'par un autre assuré',
    },
    code: 'organisme',
    rank: 'rang',
    direct: 'tiers payant',
  },
  en: {
    until: 'until',
    soon: 'to be renewed',
    expired: 'right ended on',
    expiredIn: 'right ended in',
    from: 'from',
    since: 'since',
    protocol: 'protocol of',
    over: 'over',
    given: 'accepted',
    refused: 'refused',
    asked: 'asked for',
    withdrawn: 'withdrawn',
    saidBy: 'by',
    form: { VERBAL: 'spoken', WRITTEN: 'written', ELECTRONIC: 'online' },
    by: {
      parent: 'holder of parental authority',
      guardian: 'guardian or curator',
      trusted: 'trusted person',
      other: 'another person',
    },
    kinds: {
      dmp: 'Mon espace santé (national record)',
      team: 'Sharing with the care team',
      messages: 'Texts and e-mails',
      research: 'Research',
      teaching: 'Teaching',
      recording: 'Picture or recording',
      minor: 'Care of a minor',
      secrecy: 'A minor’s secrecy',
      other: 'Other',
    },
    coverages: {
      amo: 'Health insurance',
      amc: 'Complementary',
      c2s: 'Complémentaire santé solidaire',
      ame: 'Aide médicale de l’État',
      other: 'Other cover',
    },
    insured: {
      spouse: 'through their spouse',
      child: 'through their parent',
      parent: 'through their child',
      other: 'through another insured person',
    },
    code: 'organism',
    rank: 'rank',
    direct: 'direct payment',
  },
};
