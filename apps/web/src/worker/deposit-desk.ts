import type { DepositProgress, DepositView } from '@serment/replica/deposits';
import { Desk } from './desk.ts';

/** What a desk lets in: a message, a file, or both. */
export interface DepositInput {
  /** `Patient/…`, or null. */
  readonly patient: string | null;
  readonly text: string;
  readonly file: File | null;
}

/** Which deposit is meant: its author and its name, both in hexadecimal. */
export type DepositKey = Pick<DepositView, 'author' | 'id'>;

/** Deposits, as the pages ask for them. */
export class DepositDesk extends Desk {
  async add({ patient, text, file }: DepositInput): Promise<{ id: string }> {
    const upload = file && { name: file.name, mediaType: file.type, clear: file.stream() };
    return this.practice.deposits.deposit({ patient, text, file: upload });
  }

  /** What this member deposited in the last 24 hours. */
  async own(): Promise<readonly DepositView[]> {
    return this.practice.deposits.own();
  }

  /** What nobody filed yet. */
  async open(): Promise<readonly DepositView[]> {
    return this.practice.deposits.open();
  }

  /** How many wait for this person: deposits to file, or words to say for who does not read medical files. */
  async waiting(): Promise<number> {
    const { deposits } = this.practice;
    if (deposits.part === 'files') return deposits.openCount();
    return deposits.part === 'deposits' ? (await deposits.progress(null)).length : 0;
  }

  /** The bytes of a deposit's document, as the type that it was deposited under. */
  async document(deposit: DepositKey): Promise<Blob> {
    const { bytes, key } = await this.practice.deposits.document(deposit);
    return new Blob([bytes], { type: key.mediaType });
  }

  async file(deposit: DepositKey, filing: { patient: string; say: string | null }): Promise<{ id: string }> {
    const saved = await this.practice.deposits.file(deposit, filing);
    this.at.send({ type: 'patient', patient: filing.patient });
    return saved;
  }

  /** Takes one that opens to nobody out of the list, and tells the desk. */
  async reject(deposit: DepositKey): Promise<{ id: string }> {
    return this.practice.deposits.reject(deposit);
  }

  /** How far deposits are: of one patient, or all that a desk has still something to do about. */
  async progress(patient: string | null): Promise<readonly DepositProgress[]> {
    return this.practice.deposits.progress(patient);
  }

  /** The desk said to the patient what it was asked to. */
  async said(id: string): Promise<{ id: string }> {
    return this.practice.deposits.said(id);
  }
}
