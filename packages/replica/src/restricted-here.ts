import { bytesToHex } from '@serment/core/bytes';
import { isShutOut } from '@serment/core/journal/restriction';
import { patientStream } from '@serment/records/route';
import type { Practice } from './practice.ts';

/** Whether a restriction keeps what is of this patient from this member, who reads medical files otherwise. */
export function isRestrictedHere({ keyring, mirror }: Practice, patient: string | null): boolean {
  if (patient === null || !keyring.canRead('clinical')) return false;
  const { id } = keyring.stream('clinical', patientStream(patient));
  return isShutOut(mirror.governance, id, bytesToHex(keyring.member));
}
