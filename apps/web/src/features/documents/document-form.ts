import type { DocumentDetails } from '@serment/records/fhir/document';
import { type DocumentTypeName, isDocumentType } from '@serment/records/fhir/document-types';
import { parsePartialDate } from '../patients/birth-date.ts';

/** What is typed of a document. */
export interface DocumentForm {
  readonly title: string;
  /** '' for none. */
  readonly type: string;
  /** `23/11/2026` */
  readonly day: string;
  readonly author: string;
  readonly tags: string;
}

export const emptyDocumentForm: DocumentForm = { title: '', type: '', day: '', author: '', tags: '' };

/** What the form says; null where it says no date. A title that stands elsewhere takes the form's place. */
export function detailsOf(form: DocumentForm, title = form.title): DocumentDetails | null {
  const day = dayTyped(form.day);
  if (day === null) return null;
  const type: DocumentTypeName | null = isDocumentType(form.type) ? form.type : null;
  const tags = [...new Set(form.tags.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
  return { title: title.trim(), type, day, author: form.author.trim(), tags };
}

/** FHIR date of a day, a month or a year as people write it; '' of nothing, null of what is none. */
export function dayTyped(typed: string): string | null {
  return typed.trim() === '' ? '' : parsePartialDate(typed);
}

/** A title from a file's name: without its ending, and without what is no text. */
export function titleOfName(name: string): string {
  return safeText(name.replace(/\.[A-Za-z0-9]{1,5}$/, '').replaceAll('_', ' ')).slice(0, 200);
}

/** A name under which a copy is saved: no system reads a folder, a command or a direction of writing in it. */
export function fileNameOf(title: string, ending: string): string {
  const name = safeText(title)
    .replace(/[\\/:*?"<>|%~$]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[.\s-]+|[.\s]+$/g, '')
    .slice(0, 100);
  const isReserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(name);
  return `${name === '' || isReserved ? 'document' : name}.${ending}`;
}

function safeText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '').trim();
}
