import { cdaTime } from './cda-time.ts';
import {
  type FindingCount,
  fieldText,
  type ReceivedResult,
  type ReceivedValue,
  type ResultFlag,
  readNumber,
} from './report.ts';
import { at, attribute, childrenOf, descendants, type Element, localName } from './xml-tree.ts';

/** LOINC, as HL7 V3 names it. */
export const loincRoot = '2.16.840.1.113883.6.1';
const maxResults = 2_000;

/**
 * The observations of a laboratory report (IHE Sharing Laboratory Reports, the profile behind CR-BIO): those that have a
 * value, in the order of the document. An observation that another one refers to (`REFR`) is its previous result; what
 * others refer to in other ways was not met in a French sample and is read as a result of its own.
 */
export function cdaResults(body: Element, found: FindingCount): ReceivedResult[] {
  const results: ReceivedResult[] = [];
  for (const entry of descendants(body, 'entry')) {
    for (const observation of observationsIn(entry)) {
      if (results.length === maxResults) {
        found.add('RESULTS_MANY');
        return results;
      }
      const result = readObservation(observation);
      if (result === null || isVoid(observation)) found.add('RESULT_ODD');
      if (result !== null) results.push(result);
    }
  }
  return results;
}

function* observationsIn(element: Element): Generator<Element> {
  for (const child of childrenOf(element)) {
    const name = localName(child);
    if (name === 'observation' && at(child, 'value') !== null) yield child;
    // What an observation refers to is not a result beside it.
    const isPrevious = name === 'entryRelationship' && attribute(child, 'typeCode') === 'REFR';
    if (!isPrevious && name !== 'referenceRange') yield* observationsIn(child);
  }
}

function readObservation(observation: Element): ReceivedResult | null {
  const code = at(observation, 'code');
  const codes = [code, ...childrenOf(code, 'translation')];
  const loinc = codes.find((one) => attribute(one, 'codeSystem') === loincRoot) ?? null;
  const local =
    codes.find((one) => attribute(one, 'code') !== '' && attribute(one, 'codeSystem') !== loincRoot) ?? null;
  const label = [attribute(local, 'displayName'), attribute(loinc, 'displayName'), at(code, 'originalText')?.text ?? '']
    .map(fieldText)
    .find((text) => text !== '');
  const name = label ?? fieldText(attribute(loinc, 'code') || attribute(local, 'code'));
  if (name === '') return null;
  const status = attribute(at(observation, 'statusCode'), 'code');
  return {
    label: name,
    loinc: /^\d{1,7}-\d$/.test(attribute(loinc, 'code')) ? attribute(loinc, 'code') : null,
    code: fieldText(attribute(local, 'code')) || null,
    ...(isVoid(observation) ? noValue : valuedOf(at(observation, 'value'))),
    ...rangeOf(observation),
    flag: isVoid(observation) ? null : flagOf(childrenOf(observation, 'interpretationCode')),
    status: status === 'active' ? 'preliminary' : 'final',
    at: cdaTime(attribute(at(observation, 'effectiveTime'), 'value')),
    previous: previousOf(observation),
    note: commentsOf(observation),
  };
}

/** Not done, taken back, or said not to be: whatever value stands there is none (ActStatus and negationInd of HL7 V3). */
function isVoid(observation: Element): boolean {
  const status = attribute(at(observation, 'statusCode'), 'code');
  return ['aborted', 'cancelled', 'nullified'].includes(status) || attribute(observation, 'negationInd') === 'true';
}

type Valued = Pick<ReceivedResult, 'value' | 'unit'>;

const noValue: Valued = { value: null, unit: '' };

function valuedOf(value: Element | null): Valued {
  if (value === null || attribute(value, 'nullFlavor') !== '') return noValue;
  const type = attribute(value, 'type');
  const unit = fieldText(attribute(value, 'unit')).replace(/^1$/, '');
  if (type === 'PQ' || type === 'INT' || type === 'REAL')
    return { value: figure(attribute(value, 'value'), null), unit };
  if (type === 'IVL_PQ' || type === 'IVL_INT' || type === 'IVL_REAL') return intervalOf(value);
  const text = fieldText(
    attribute(value, 'displayName') || value.text || attribute(value, 'code') || attribute(value, 'value'),
  );
  return { value: text === '' ? null : { number: null, comparator: null, text }, unit };
}

/** An interval that is open on one side is a figure with a sign. */
function intervalOf(value: Element): Valued {
  const [low, high] = [at(value, 'low'), at(value, 'high')];
  const end = low === null || attribute(low, 'value') === '' ? high : low;
  const unit = fieldText(attribute(end, 'unit'));
  const isBoth = attribute(low, 'value') !== '' && attribute(high, 'value') !== '';
  if (isBoth) {
    const text = `${fieldText(attribute(low, 'value'))} – ${fieldText(attribute(high, 'value'))}`;
    return { value: { number: null, comparator: null, text }, unit };
  }
  const isOpen = attribute(end, 'inclusive') === 'false';
  const sign = end === low ? (isOpen ? '>' : '>=') : isOpen ? '<' : '<=';
  return { value: figure(attribute(end, 'value'), sign), unit };
}

function figure(text: string, comparator: ReceivedValue['comparator']): ReceivedValue | null {
  const read = readNumber(text);
  const told = fieldText(text);
  if (told === '') return null;
  return { number: read?.number ?? null, comparator, text: [comparator, told].filter(Boolean).join(' ') };
}

function rangeOf(observation: Element): Pick<ReceivedResult, 'low' | 'high' | 'rangeText'> {
  const ranges = childrenOf(observation, 'referenceRange').flatMap((one) => childrenOf(one, 'observationRange'));
  const [range = null] = ranges;
  const bound = (side: string) => readNumber(attribute(at(range, `value/${side}`), 'value'))?.number ?? null;
  const texts = ranges.map((one) => fieldText(at(one, 'text')?.text ?? ''));
  return { low: bound('low'), high: bound('high'), rangeText: texts.filter(Boolean).join(' ; ') };
}

/** Observation interpretation of HL7 V3; the signs of change (`U`, `D`, `B`, `W`) say nothing of the range. */
function flagOf(codes: readonly Element[]): ResultFlag | null {
  const flags: readonly ResultFlag[] = ['LL', 'HH', 'L', 'H', 'A', 'N'];
  const given = codes.map((code) => attribute(code, 'code'));
  return flags.find((flag) => given.includes(flag)) ?? (given.includes('AA') ? 'A' : null);
}

function previousOf(observation: Element): ReceivedResult['previous'] {
  for (const relation of childrenOf(observation, 'entryRelationship')) {
    const earlier = attribute(relation, 'typeCode') === 'REFR' ? at(relation, 'observation') : null;
    const { value, unit } = valuedOf(at(earlier, 'value'));
    if (value === null) continue;
    const when = cdaTime(attribute(at(earlier, 'effectiveTime'), 'value'));
    return { text: [value.text, unit].filter(Boolean).join(' '), at: when };
  }
  return null;
}

function commentsOf(observation: Element): string {
  const acts = childrenOf(observation, 'entryRelationship').flatMap((relation) => childrenOf(relation, 'act'));
  return acts
    .map((act) => fieldText(at(act, 'text')?.text ?? ''))
    .filter(Boolean)
    .join(' ; ');
}
