import type { OutFlag, OutOfRange } from '@serment/records/fhir/reading-task';
import { type Fields, isFields, itemsAt, quantityText, textAt } from '@serment/records/page/element-text';
import { decodeForeignText } from '@serment/records/received/latin-text';
import type { ReceivedFinding, ReceivedIdentity, TextBlock } from '@serment/records/received/report';
import type { Arrived } from '@serment/replica/arrivals';
import { ReplicaError } from '@serment/replica/error';
import type { Proposal } from '@serment/replica/identity-match';
import type { InboxCounts } from '@serment/replica/inbox';
import type { AbsenceView, Waiting } from '@serment/replica/inbox-tasks';
import { readResource } from '../file-view/reading.ts';
import { reportView } from '../file-view/report.ts';
import type { ReportView } from '../file-view/view.ts';
import type { Language } from '../i18n/language.ts';
import { Desk } from './desk.ts';

/** A result out of range, in words. */
export interface OutOfRangeWords {
  readonly label: string;
  readonly value: string;
  readonly flag: OutFlag;
}

/** One that waits, with the names of whom it waits for. */
export interface WaitingRow extends Omit<Waiting, 'outOfRange'> {
  /** The most out of range, and how many others are. */
  readonly outOfRange: readonly OutOfRangeWords[];
  readonly othersOut: number;
  readonly ownerName: string | null;
  readonly readerName: string | null;
  readonly isMine: boolean;
  /** Whose it says that it is, while it waits for its patient. */
  readonly stated: ReceivedIdentity | null;
}

export interface WaitingRows {
  readonly items: readonly WaitingRow[];
  /** Entries that could not be read: more may wait. */
  readonly missing: number;
}

export interface AbsenceRow extends AbsenceView {
  readonly ofName: string | null;
  readonly readerName: string | null;
  readonly isOwn: boolean;
}

/** What one of them says. */
export interface ReceivedView {
  readonly item: WaitingRow;
  readonly identity: ReceivedIdentity | null;
  readonly proposals: readonly Proposal[];
  readonly report: ReportView | null;
  /** What the document is called, and its type; null where it is not there. */
  readonly document: { readonly name: string; readonly mediaType: string; readonly size: number } | null;
}

/** What a document says for the eye; no blocks for what is no text. */
export interface OriginalText {
  readonly blocks: readonly TextBlock[];
  readonly findings: readonly ReceivedFinding[];
}

/** Of a report, in the line of a list. */
const toldResults = 2;
const nothing: InboxCounts = { toFile: 0, toRead: 0, late: 0, toTell: 0, missing: 0 };
const maxFileBytes = 200 * 1024 * 1024;
/** Characters. */
const maxShownText = 200_000;

/** What arrived and is to be filed, read or told, as the pages ask for it. */
export class InboxDesk extends Desk {
  /** For who is here: what is to be filed, read (late, for more than two days), or told. */
  async counts(): Promise<InboxCounts> {
    const { inbox, keyring } = this.practice;
    return keyring.canRead('clinical') ? inbox.counts() : nothing;
  }

  async mayRead(): Promise<boolean> {
    return this.practice.inbox.mayRead;
  }

  async receive(file: File): Promise<readonly Arrived[]> {
    if (file.size > maxFileBytes)
      throw new ReplicaError('DOCUMENT_INVALID', 'A document has at most 200 MB', { fields: { maxFileBytes } });
    return this.practice.inbox.receive({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
  }

  async waiting(language: Language): Promise<WaitingRows> {
    const { inbox } = this.practice;
    const { items, withheld, unreadable } = await inbox.waiting();
    const stated = await inbox.stated();
    return {
      items: items.map((item) => this.#row(item, stated.get(item.id) ?? null, language)),
      missing: withheld + unreadable,
    };
  }

  async content(id: string, language: Language): Promise<ReceivedView> {
    const { item, identity, proposals, report, document } = await this.practice.inbox.content(id);
    const own = report === null ? null : readResource(report);
    const file = item.patient === null ? [] : (await this.practice.readPatient(item.patient.id)).records;
    const observed = file.flatMap(({ type, content }): Fields[] => {
      const resource = type === 'Observation' && content !== null ? readResource(content) : null;
      return resource === null ? [] : [resource];
    });
    const results = own === null ? [] : resultsOf(own, observed);
    const attachment = document === null ? null : readResource(document);
    return {
      item: this.#row(item, identity, language),
      identity,
      proposals,
      report: own === null ? null : reportView(own, results, { earlier: observed, language }),
      document:
        attachment === null
          ? null
          : {
              name: textAt(attachment, 'content.attachment.title'),
              mediaType: textAt(attachment, 'content.attachment.contentType'),
              size: Number(textAt(attachment, 'content.attachment.size')),
            },
    };
  }

  /** The text that it came as. */
  async text(id: string): Promise<OriginalText> {
    const { bytes, key } = await this.practice.inbox.document(id);
    return textOf(bytes, key.mediaType);
  }

  /** The text that a report of a file came as. */
  async textOf(patient: string, reportId: string): Promise<OriginalText> {
    const { bytes, key } = await this.practice.inbox.documentOf(patient, reportId);
    return textOf(bytes, key.mediaType);
  }

  /** The bytes, as the type that they were found to be. */
  async document(id: string): Promise<Blob> {
    const { bytes, key } = await this.practice.inbox.document(id);
    return new Blob([bytes], { type: key.mediaType });
  }

  async file(id: string, patient: string): Promise<{ id: string }> {
    const saved = await this.practice.inbox.file(id, patient);
    this.at.send({ type: 'patient', patient });
    return saved;
  }

  /** That this doctor read it; what the patient is to be told, null for nothing. */
  async markRead(item: Pick<Waiting, 'id' | 'patient'>, tell: string | null): Promise<{ id: string }> {
    const saved = await this.practice.inbox.markRead(item.id, tell);
    if (item.patient !== null) this.at.send({ type: 'patient', patient: item.patient.id });
    return saved;
  }

  async markTold(item: Pick<Waiting, 'id' | 'patient'>): Promise<{ id: string }> {
    const saved = await this.practice.inbox.markTold(item.id);
    if (item.patient !== null) this.at.send({ type: 'patient', patient: item.patient.id });
    return saved;
  }

  async absences(): Promise<readonly AbsenceRow[]> {
    const { inbox } = this.practice;
    return (await inbox.absences()).map((absence) => ({
      ...absence,
      ofName: this.#name(absence.of),
      readerName: this.#name(absence.reader),
      isOwn: absence.of === this.#member,
    }));
  }

  async readers(): Promise<readonly { readonly member: string; readonly name: string | null }[]> {
    return this.practice.inbox.readers();
  }

  /** From now until then (date and time with its offset). */
  async setAbsence(absence: { readonly reader: string; readonly end: string }): Promise<{ id: string }> {
    const start = new Date(this.practice.clock()).toISOString();
    return this.practice.inbox.setAbsence({ ...absence, start });
  }

  async cancelAbsence(id: string): Promise<{ id: string }> {
    return this.practice.inbox.cancelAbsence(id);
  }

  get #member(): string {
    return this.practice.status().member;
  }

  #row({ outOfRange, ...item }: Waiting, stated: ReceivedIdentity | null, language: Language): WaitingRow {
    const isMine = item.reader === null || item.reader === this.#member;
    const names = { ownerName: this.#name(item.owner), readerName: this.#name(item.reader) };
    const told = outOfRange.slice(0, toldResults).map((result) => outOfRangeWords(result, language));
    return { ...item, ...names, isMine, stated, outOfRange: told, othersOut: outOfRange.length - told.length };
  }

  #name(member: string | null): string | null {
    return member === null ? null : this.practice.memberName(member);
  }
}

function outOfRangeWords({ label, value, flag }: OutOfRange, language: Language): OutOfRangeWords {
  const [, comparator = '', number, unit = ''] = /^([<>]=? )?(-?\d+(?:\.\d+)?)(?: (.*))?$/.exec(value) ?? [];
  if (number === undefined) return { label, value, flag };
  return { label, value: quantityText({ value: number, comparator: comparator.trim(), unit }, language), flag };
}

/** The results of a report: within it while it waits, beside it once it is filed. */
function resultsOf(report: Fields, observed: readonly Fields[]): Fields[] {
  const contained = itemsAt(report, 'contained').filter(isFields);
  const byReference = new Map<string, Fields>();
  for (const one of contained) byReference.set(`#${textAt(one, 'id')}`, one);
  for (const one of observed) byReference.set(`Observation/${textAt(one, 'id')}`, one);
  return itemsAt(report, 'result').flatMap((result): Fields[] => {
    const found = byReference.get(textAt(result, 'reference'));
    return found === undefined ? [] : [found];
  });
}

async function textOf(bytes: Uint8Array, mediaType: string): Promise<OriginalText> {
  // The readers of laboratories' formats come when one is read.
  const { readReceivedFile } = await import('@serment/records/received/received-file');
  const [part] = readReceivedFile(bytes);
  const findings = part?.findings ?? [];
  if (part?.report != null) return { blocks: part.report.blocks, findings };
  if (mediaType !== 'text/plain' && mediaType !== 'application/xml') return { blocks: [], findings };
  // Cut once it is text: bytes that end within a letter would be taken for another encoding.
  const { text } = decodeForeignText(bytes);
  const shown = text.slice(0, maxShownText).toWellFormed();
  const isCut: readonly ReceivedFinding[] = text.length > maxShownText ? [{ code: 'TEXT_LONG', count: 1 }] : [];
  return {
    blocks: [{ kind: 'lines', text: shown.replace(/[^\P{Cc}\n\t]/gu, '') }],
    findings: [...findings, ...isCut],
  };
}
