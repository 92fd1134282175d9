import { isNoneKnown, isStandingNoneKnown } from '@serment/records/fhir/allergy';
import { consentFacts } from '@serment/records/fhir/consent';
import { ageAt, codesOf, conceptText, dateText, elementAt, itemsAt, textAt } from '@serment/records/page/element-text';
import { isOver } from '@serment/records/page/resource-words';
import { flagLines, type WarnedLine } from '@serment/records/page/rights-words';
import { measureLine, medicineLine, type Read, type ReadingContext } from './reading.ts';
import type { Allergies, Line, Summary, Trend } from './view.ts';

/** What the right margin of a file says. */
export function summaryOf(reads: readonly Read[], context: ReadingContext): Summary {
  return { problems: problems(reads, context), treatments: treatments(reads), trends: trends(reads, context) };
}

export function allergiesOf(reads: readonly Read[], context: ReadingContext): Allergies {
  const standing = reads.filter(
    ({ type, resource }) => type === 'AllergyIntolerance' && !hasCode(resource, 'verificationStatus', 'refuted'),
  );
  const active = standing.filter(
    ({ resource }) => !(isNoneKnown(resource) || hasCode(resource, 'clinicalStatus', 'resolved')),
  );
  if (active.length > 0) {
    const list = active.map(({ resource, day }) => {
      const reaction =
        itemsAt(resource, 'reaction')
          .map((one) => conceptText(elementAt(one, 'manifestation')))
          .find(Boolean) ?? '';
      const since = dateText(textAt(resource, 'onsetDateTime').slice(0, 10) || day, context.language);
      const label = conceptText(elementAt(resource, 'code')) || conceptText(elementAt(resource, 'reaction.substance'));
      return {
        label,
        detail: [reaction.toLocaleLowerCase(context.language), since].filter(Boolean).join(', '),
        isSevere: textAt(resource, 'criticality') === 'high',
      };
    });
    return { kind: 'some', list: list.sort((left, right) => Number(right.isSevere) - Number(left.isSevere)) };
  }
  return { kind: standing.some(({ resource }) => isStandingNoneKnown(resource)) ? 'none-known' : 'not-asked' };
}

/** Alerts that run: a full cover and its end, those of the same number that it replaced left out. */
export function flagsOf(reads: readonly Read[], today: string, { language }: ReadingContext): WarnedLine[] {
  const flags = reads.filter(({ type }) => type === 'Flag').map(({ resource }) => resource);
  return flagLines(flags, today, language);
}

/** Whether a minor asked for secrecy and did not take it back; nobody's any more once of age. */
export function isSecret(reads: readonly Read[], birthDate: string | null, today: string): boolean {
  const age = birthDate === null ? null : ageAt(birthDate, today);
  if (age !== null && age >= 18) return false;
  const asked = reads
    .filter(({ type }) => type === 'Consent')
    .map(({ resource }) => consentFacts(resource))
    .filter(({ kind }) => kind === 'secrecy');
  return asked.some(({ decision, withdrawn }) => decision === 'given' && withdrawn === undefined);
}

function problems(reads: readonly Read[], { language }: ReadingContext): Summary['problems'] {
  const found = new Map<string, Line & { isOver: boolean; at: string }>();
  for (const { type, resource, day, record } of reads) {
    if (type !== 'Condition' || hasCode(resource, 'verificationStatus', 'refuted')) continue;
    // What a consultation found here is on the list once somebody puts it there; other programs keep no such list.
    if (hasCode(resource, 'category', 'encounter-diagnosis') && record.change !== 'import') continue;
    const label = conceptText(elementAt(resource, 'code'));
    const end = textAt(resource, 'abatementDateTime').slice(0, 4);
    const over = isOver(resource);
    const start = (textAt(resource, 'onsetDateTime') || day).slice(0, 4);
    const detail = end !== '' && end !== start ? `${start} – ${end}` : start;
    const known = found.get(label);
    // The same problem noted at each visit is one line: the running one, else the first.
    if (known === undefined || (known.isOver && !over)) found.set(label, { label, detail, isOver: over, at: day });
  }
  return [...found.values()]
    .sort(
      (left, right) => Number(left.isOver) - Number(right.isOver) || right.detail.localeCompare(left.detail, language),
    )
    .map(({ label, detail, isOver }) => ({ label, detail, isOver }));
}

function treatments(reads: readonly Read[]): Line[] {
  const running = reads
    .filter(
      ({ type, resource }) =>
        (type === 'MedicationRequest' || type === 'MedicationStatement') && textAt(resource, 'status') === 'active',
    )
    .sort((left, right) => (left.when < right.when ? 1 : -1));
  const lines = new Map<string, Line>();
  for (const read of running) {
    const line = medicineLine(read);
    if (line.label !== '' && !lines.has(line.label)) lines.set(line.label, line);
  }
  return [...lines.values()];
}

/** Measures worth a curve: these first when there are several. HbA1c, creatinine, LDL, weight, then height and head of children. */
const preferred = ['4548-4', '14682-9', '2160-0', '22748-8', '29463-7', '8302-2'];
const shownTrends = 2;
const minimumPoints = 3;

function trends(reads: readonly Read[], context: ReadingContext): Trend[] {
  const series = new Map<
    string,
    { rank: number; label: string; read: Read; points: { day: string; value: number }[] }
  >();
  for (const read of reads) {
    if (read.type !== 'Observation' || read.day === '') continue;
    const value = Number(textAt(read.resource, 'valueQuantity.value') || 'x');
    const rank = preferred.findIndex((code) => codesOf(elementAt(read.resource, 'code')).includes(code));
    if (rank < 0 || !Number.isFinite(value)) continue;
    const label = conceptText(elementAt(read.resource, 'code'));
    const known = series.get(label) ?? { rank, label, read, points: [] };
    known.points.push({ day: read.day, value });
    if (read.when > known.read.when) known.read = read;
    series.set(label, known);
  }
  return [...series.values()]
    .filter(({ points }) => points.length >= minimumPoints)
    .sort((left, right) => left.rank - right.rank)
    .slice(0, shownTrends)
    .map(({ label, read, points }) => ({
      label,
      points: points.sort((left, right) => (left.day < right.day ? -1 : 1)),
      last: measureLine(read, context).detail,
    }));
}

function hasCode(resource: Read['resource'], path: string, code: string): boolean {
  return codesOf(elementAt(resource, path)).includes(code);
}
