import { dateText, type Language, textAt } from './element-text.ts';
import { escapeHtml, relativeHref } from './escape.ts';
import { htmlDocument, type PageLink } from './patient-page.ts';
import { nameText, patientName } from './summary.ts';
import { wordingOf } from './wording.ts';

export interface IndexEntry {
  /** The Patient resource. */
  readonly patient: unknown;
  /** Path of the patient's page relative to the index. */
  readonly href: string;
  readonly records: number;
  readonly documents: number;
  /** True when the journal has lost something of this file. */
  readonly isIncomplete?: boolean;
  /** Other records of the same person. */
  readonly links?: readonly Pick<PageLink, 'type' | 'resource'>[];
}

export interface IndexPageInput {
  readonly patients: Iterable<IndexEntry>;
  readonly practiceName: string;
  readonly exportedAt: string;
  readonly lang: Language;
  /** Entries that are lost, or cannot be judged any more. */
  readonly losses?: number;
}

/** The table of an export's patients, by name; the browser's own search finds in it. */
export function indexPage(input: IndexPageInput): string {
  const wording = wordingOf(input.lang);
  const rows = [...input.patients].map((entry) => {
    const name = patientName(entry.patient);
    return { entry, name, sort: `${name.family}\u0000${name.given}\u0000${textAt(entry.patient, 'birthDate')}` };
  });
  const collator = new Intl.Collator(input.lang);
  rows.sort((a, b) => collator.compare(a.sort, b.sort));
  const number = (value: number): string => String(value).replace(/(?<=\d)(?=(\d{3})+$)/g, '\u202f');
  const total = (of: 'records' | 'documents'): string => number(rows.reduce((sum, { entry }) => sum + entry[of], 0));
  const body = rows.map(({ entry, name }) => {
    const gender = textAt(entry.patient, 'gender');
    const sex = gender === 'female' ? wording.female : gender === 'male' ? wording.male : '–';
    const href = relativeHref(entry.href);
    const text = `${escapeHtml(nameText(name, wording))}`;
    const born = name.birthFamily === '' ? '' : ` <span class="faint">${escapeHtml(`(${name.birthFamily})`)}</span>`;
    const link = href === null ? text : `<a href="${escapeHtml(href)}">${text}</a>`;
    const mark = entry.isIncomplete ? ` <span class="amber">${escapeHtml(wording.fileNotWhole)}</span>` : '';
    const merged = (entry.links ?? []).map(({ type, resource }) => {
      const told = type === 'replaced-by' ? wording.mergedInto : wording.mergedFrom;
      return ` <span class="faint">${escapeHtml(`${told}${wording.colon}${nameText(patientName(resource), wording)}`)}</span>`;
    });
    return `<tr><td>${link}${born}${mark}${merged.join('')}</td><td>${escapeHtml(dateText(textAt(entry.patient, 'birthDate'), input.lang))}</td><td class="wide">${escapeHtml(sex)}</td><td class="n wide">${number(entry.records)}</td><td class="n wide">${number(entry.documents)}</td></tr>`;
  });
  const head = [wording.name, wording.birth].map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('');
  const wide = `<th scope="col" class="wide">${escapeHtml(wording.sex)}</th><th scope="col" class="n wide">${escapeHtml(wording.count)}</th><th scope="col" class="n wide">${escapeHtml(wording.documentCount)}</th>`;
  const lead = `${number(rows.length)} ${wording.patients}, ${total('records')} ${wording.records}, ${total('documents')} ${wording.documents.toLowerCase()}`;
  const { losses = 0 } = input;
  const warning =
    losses === 0
      ? ''
      : `<p class="amber"><b>${escapeHtml(wording.notWhole)}</b> ${escapeHtml(`${wording.lost} ${number(losses)}`)}</p>`;
  return htmlDocument({
    title: `${input.practiceName} – ${wording.index}`,
    lang: input.lang,
    body: `<div class="top"><b>${escapeHtml(input.practiceName)}</b><span>${escapeHtml(`${wording.exportedAt} ${dateText(input.exportedAt, input.lang)}`)}</span></div><h1>${escapeHtml(wording.index)}</h1><p class="muted">${escapeHtml(lead)}</p>${warning}<table class="list"><thead><tr>${head}${wide}</tr></thead><tbody>${body.join('')}</tbody></table>`,
  });
}
