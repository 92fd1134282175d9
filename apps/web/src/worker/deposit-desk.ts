import type { DepositProgress, DepositView } from '@serment/replica/deposits';
import type { Practice } from '@serment/replica/practice';
import type { DepositInput } from './protocol.ts';

/** Which deposit is meant: its author and its name, both in hexadecimal. */
export type DepositKey = Pick<DepositView, 'author' | 'id'>;

export function deposit({ deposits }: Practice, { patient, text, file }: DepositInput): Promise<{ id: string }> {
  const upload = file && { name: file.name, mediaType: file.type, clear: file.stream() };
  return deposits.deposit({ patient, text, file: upload });
}

/** What waits for this person: deposits to file, or words to say for who does not read medical files. */
export async function waitingDeposits({ deposits, keyring }: Practice): Promise<number> {
  if (keyring.canRead('clinical')) return deposits.openCount();
  return keyring.canRead('admin') ? (await deposits.progress(null)).length : 0;
}

/** The bytes of a deposit's document, as the type that it was deposited under. */
export async function depositDocument({ deposits }: Practice, key: DepositKey): Promise<Blob> {
  const { bytes, key: document } = await deposits.document(key);
  return new Blob([bytes], { type: document.mediaType });
}

export function depositProgress({ deposits }: Practice, patient: string | null): Promise<readonly DepositProgress[]> {
  return deposits.progress(patient);
}
