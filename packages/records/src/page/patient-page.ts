import { allFieldsTable } from './all-fields.ts';
import { dateText, type Fields, isFields, type Language, textAt } from './element-text.ts';
import { escapeHtml, relativeHref } from './escape.ts';
import { buildContext, type Item, type PageContext, type PageDocument, type PageRecord } from './page-record.ts';
import { recordTitle } from './resource-words.ts';
import { pageStyle } from './style.ts';
import { banner, nameText, patientName, summary } from './summary.ts';
import { timeline } from './timeline.ts';
import { typeName } from './wording.ts';

export interface PatientPageInput {
  /** The Patient resource. */
  readonly patient: unknown;
  /** All the patient's records; the Patient itself may be among them. */
  readonly records: readonly PageRecord[];
  readonly documents: readonly PageDocument[];
  readonly practiceName: string;
  /** ISO date or date and time, shown as written; ages are counted at that day. */
  readonly exportedAt: string;
  readonly lang: Language;
  /** True when the journal has lost something of this file: a page may be read or printed without its index. */
  readonly isIncomplete?: boolean;
  /** Other records of the same person, each with its own page. */
  readonly links?: readonly PageLink[];
}

export interface PageLink {
  readonly type: 'replaced-by' | 'replaces';
  /** The other Patient resource. */
  readonly resource: unknown;
  /** Path of its page relative to this one. */
  readonly href: string;
}

/** One patient's file as a single HTML page that needs nothing else: no script, no font, no network. */
export function patientPage(input: PatientPageInput): string {
  const patient: Fields = isFields(input.patient) ? input.patient : {};
  const given = input.records.some(({ resource }) => resource === input.patient);
  const records = given ? input.records : [{ resource: input.patient }, ...input.records];
  const context = buildContext({ records, documents: input.documents, language: input.lang });
  const { wording } = context;
  const title = nameText(patientName(patient), wording);
  const top = `<div class="top"><b>${escapeHtml(input.practiceName)}</b><span>${escapeHtml(`${wording.record} · ${wording.exportedAt} ${dateText(input.exportedAt, input.lang)}`)}</span></div>`;
  const warning = input.isIncomplete ? `<p class="amber"><b>${escapeHtml(wording.fileLost)}</b></p>` : '';
  const body = `${top}${warning}${banner(patient, context, input.exportedAt)}${linkLines(input.links ?? [], context)}${summary(context, input.exportedAt)}${timeline(context)}${completeData(context)}`;
  return htmlDocument({ title, body, lang: input.lang });
}

/** A page is read alone: it says that this person has another one. */
function linkLines(links: readonly PageLink[], { wording, language }: PageContext): string {
  return links
    .map(({ type, resource, href }) => {
      const told = type === 'replaced-by' ? wording.mergedInto : wording.mergedFrom;
      const birth = dateText(isFields(resource) ? textAt(resource, 'birthDate') : '', language);
      const name = [nameText(patientName(resource), wording), birth].filter((part) => part !== '').join(', ');
      const target = relativeHref(href);
      const link = target === null ? escapeHtml(name) : `<a href="${escapeHtml(target)}">${escapeHtml(name)}</a>`;
      return `<p class="amber">${escapeHtml(`${told}${wording.colon}`)}${link}</p>`;
    })
    .join('');
}

/** A whole page under the strictest policy that still allows its own style. */
export function htmlDocument(page: { readonly title: string; readonly body: string; readonly lang: Language }): string {
  return `<!doctype html>
<html lang="${page.lang}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">
<title>${escapeHtml(page.title)}</title><style>${pageStyle}</style></head>
<body><main>${page.body}</main></body></html>
`;
}

function completeData(context: PageContext): string {
  const { wording } = context;
  const byType = new Map<string, Item[]>();
  for (const item of context.items) {
    const list = byType.get(item.type);
    if (list === undefined) byType.set(item.type, [item]);
    else list.push(item);
  }
  const types = [...byType].map(([type, items]) => {
    const entries = items.map((item) => {
      const words = [
        recordTitle(item.resource, context.language),
        dateText(item.day, context.language),
        item.inError ? wording.enteredInError : '',
      ].filter((part) => part !== '');
      return `<details id="${item.anchor}"><summary>${escapeHtml(words.join(' · ') || item.id || wording.allFields)}</summary>${allFieldsTable(item.resource)}</details>`;
    });
    return `<details><summary><b>${escapeHtml(typeName(type, context.language))}</b> ${items.length}</summary>${entries.join('')}</details>`;
  });
  const odd = context.unreadable.map(
    ({ resource }) =>
      `<details><summary>${escapeHtml(wording.unreadable)}</summary>${allFieldsTable(resource)}</details>`,
  );
  return `<section class="full"><h2>${escapeHtml(wording.full)}</h2><p class="muted lead">${escapeHtml(wording.fullLead)} ${escapeHtml(wording.readable)}</p><p class="small muted only-print">${escapeHtml(wording.fullPrint)}</p>${types.join('')}${odd.join('')}</section>`;
}
