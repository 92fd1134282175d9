import { CodedError } from '@serment/core/error';
import type { PatientRow } from '@serment/replica/directory';
import { fileScanned, isFiled, type ScannedDocument } from '@serment/replica/scanned-filing';
import type { SheetPrinted, SheetRead } from '@serment/replica/separator-sheets';
import { partsLeft, type ScannedBatch } from '../file-view/scanned-batch.ts';
import { Desk } from './desk.ts';

/** A batch that waits on this device. */
export interface BatchRow {
  readonly id: string;
  readonly at: number;
  readonly pages: number;
  /** Documents that are not filed yet; 0 while its pages are still to be read. */
  readonly left: number;
}

/** A sheet as it is printed: what its code holds, and whose it is. */
export interface PrintedSheet {
  readonly code: string;
  readonly row: PatientRow | null;
}

/** A batch with the patients whom it names. */
export interface OpenedBatch {
  readonly batch: ScannedBatch;
  readonly rows: ReadonlyMap<string, PatientRow>;
}

/** Separator sheets, and the batches that they cut. */
export class ScannedDesk extends Desk {
  async print(sheets: readonly SheetPrinted[]): Promise<readonly PrintedSheet[]> {
    const { sheets: printer, directory } = this.practice;
    return sheets.map((sheet) => ({
      code: printer.print(sheet),
      row: typeof sheet.of === 'string' ? null : directory.get(sheet.of.patient),
    }));
  }

  /** What a QR code says as a sheet; null for what is none. */
  async readSheet(code: string): Promise<SheetRead | null> {
    return this.practice.sheets.read(code);
  }

  async rows(patients: readonly string[]): Promise<readonly PatientRow[]> {
    return patients.flatMap((id) => this.practice.directory.get(id) ?? []);
  }

  /** The batches of this member on this device, the oldest first. */
  async list(): Promise<readonly BatchRow[]> {
    const { scanned } = this.practice;
    const rows: BatchRow[] = [];
    for (const id of await scanned.ids()) {
      const batch = await this.#batch(id);
      if (batch !== null) rows.push({ id, at: batch.at, pages: batch.pages.length, left: partsLeft(batch).length });
    }
    return rows.sort((one, other) => one.at - other.at);
  }

  /** Throws SCAN_UNKNOWN for a batch that is not here. */
  async open(id: string): Promise<OpenedBatch> {
    const batch = await this.#batch(id);
    if (batch === null) throw new CodedError('SCAN_UNKNOWN', 'This batch is not on this device');
    const named = batch.pages.flatMap(({ sheet }) => (sheet?.is === 'patient' ? [sheet.patient] : []));
    const patients = new Set([...named, ...batch.parts.flatMap(({ patient }) => patient ?? [])]);
    return { batch, rows: new Map((await this.rows([...patients])).map((row) => [row.id, row])) };
  }

  async keep(batch: ScannedBatch): Promise<void> {
    await this.practice.scanned.put(batch.id, JSON.stringify(batch));
  }

  async addFile(id: string, number: number, blob: Blob): Promise<void> {
    await this.practice.scanned.addFile(id, number, blob.stream());
  }

  async file(id: string, number: number): Promise<Blob> {
    return new Blob([await this.practice.scanned.file(id, number)], { type: 'application/pdf' });
  }

  async putPicture(id: string, page: number, picture: Blob): Promise<void> {
    await this.practice.scanned.putPicture(id, page, new Uint8Array(await picture.arrayBuffer()));
  }

  async picture(id: string, page: number): Promise<Blob | null> {
    const bytes = await this.practice.scanned.picture(id, page);
    return bytes === null ? null : new Blob([bytes], { type: 'image/jpeg' });
  }

  async drop(id: string): Promise<void> {
    await this.practice.scanned.drop(id);
  }

  /**
   * Files one document of a batch; null for one that is in the file already, from an attempt whose end was not seen. For who
   * may not read medical files, it is a deposit.
   */
  async fileDocument(document: ScannedDocument, isBegun: boolean): Promise<{ id: string } | null> {
    const { keyring, deposits } = this.practice;
    const { patient, title, pdf } = document;
    if (!keyring.canRead('clinical')) {
      if (isBegun && (await this.#isDeposited(document))) return null;
      const file = { name: `${title}.pdf`, mediaType: 'application/pdf', clear: pdf.stream() };
      return deposits.deposit({ patient, text: '', file });
    }
    if (isBegun && (await isFiled(this.practice, document))) return null;
    const saved = await fileScanned(this.practice, document);
    this.at.send({ type: 'patient', patient });
    return saved;
  }

  /** A deposit has no name of its own: what is the same in everything that its author reads again is the same. */
  async #isDeposited({ patient, title, pdf }: ScannedDocument): Promise<boolean> {
    const own = await this.practice.deposits.own();
    return own.some(
      (one) => one.patient?.id === patient && one.document?.name === `${title}.pdf` && one.document.size === pdf.size,
    );
  }

  async #batch(id: string): Promise<ScannedBatch | null> {
    const text = await this.practice.scanned.text(id);
    return text === null ? null : (JSON.parse(text) as ScannedBatch);
  }
}
