import { informationFacts, isInformation } from '@serment/records/fhir/information';
import { conceptText, elementAt, itemsAt, textAt } from '@serment/records/page/element-text';
import { doseDetails, mainWords } from '@serment/records/page/resource-words';
import { informationLine } from '@serment/records/page/rights-words';
import { typeName } from '@serment/records/page/wording';
import { measureLine, medicineLine, type Read, type ReadingContext } from './reading.ts';
import type { Line, LineView, Segment } from './view.ts';
import { words } from './words.ts';

/** One record as one sentence, as far as its type is understood. */
export function lineOf(read: Read, { language, nameOf }: ReadingContext): LineView {
  const { resource, type, id, record } = read;
  const name = typeName(type, language);
  if (type === 'Immunization') {
    const details = doseDetails(resource, language).join(', ');
    const isRefused = textAt(resource, 'status') === 'not-done';
    const reason = isRefused ? conceptText(elementAt(resource, 'statusReason')) : '';
    const refused = isRefused
      ? `, ${[words[language].file.notDone, lowerFirst(reason)].filter(Boolean).join(', ')}`
      : '';
    return {
      segments: [
        normal(`${name} `),
        strong(mainWords(resource)),
        normal(`${details === '' ? '' : ` (${details})`}${refused}`),
      ],
      detail: '',
      recordId: id,
    };
  }
  if (type === 'DocumentReference') {
    const title =
      textAt(resource, 'content.attachment.title') || textAt(resource, 'description') || mainWords(resource);
    const from =
      itemsAt(resource, 'author')
        .map(nameOf)
        .find((one) => one !== '') ?? '';
    const save = { state: record.state, savedAt: record.savedAt };
    return { segments: [normal(title || name)], detail: from, recordId: id, save };
  }
  if (type === 'Communication' && isInformation(resource)) {
    const { label, detail } = informationLine(informationFacts(resource), language);
    return { segments: sentence(words[language].file.information, label), detail, recordId: id };
  }
  if (type === 'Communication') {
    const texts = itemsAt(resource, 'payload').map((one) => textAt(one, 'contentString'));
    const sender = nameOf(elementAt(resource, 'sender'));
    return { segments: sentence(name, texts.filter(Boolean).join(' ')), detail: sender, recordId: id };
  }
  return { segments: sentence(name, mainWords(resource)), detail: '', recordId: id };
}

/** `Biologie : HbA1c 7,4 %, …` with the figures standing out. */
export function measuresText(reads: readonly Read[], title: string, context: ReadingContext): Segment[] {
  if (reads.length === 0) return [normal(title)];
  const segments = [normal(`${title}${words[context.language].file.colon}`)];
  for (const [place, read] of reads.slice(0, shownMeasures).entries()) {
    const { label, detail } = measureLine(read, context);
    segments.push(normal(place === 0 ? `${label} ` : `, ${lowerFirst(label)} `), strong(detail));
  }
  const more = reads.length - shownMeasures;
  if (more > 0) segments.push(normal(` +${more}`));
  return segments;
}

const shownMeasures = 6;

export function measures(reads: readonly Read[], context: ReadingContext): Line[] {
  return reads.filter(({ type }) => type === 'Observation').map((read) => measureLine(read, context));
}

export function treatments(reads: readonly Read[]): Line[] {
  return reads.filter(({ type }) => type === 'MedicationRequest').map(medicineLine);
}

export function sentence(title: string, words: string): Segment[] {
  return words === '' || words === title ? [normal(title)] : [normal(`${title} `), strong(words)];
}

export function plain(line: LineView): string {
  return line.segments.map(({ text }) => text).join('');
}

function normal(text: string): Segment {
  return { text, isStrong: false };
}

function strong(text: string): Segment {
  return { text, isStrong: true };
}

export function lowerFirst(text: string): string {
  // HbA1c, TSH and LDL-cholestérol keep their capitals.
  return /^\p{Lu}\p{Ll}+(?![\p{Lu}\d])/u.test(text) ? text.charAt(0).toLocaleLowerCase() + text.slice(1) : text;
}
