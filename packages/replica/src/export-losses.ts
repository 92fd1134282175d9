import { bytesToHex } from '@serment/core/bytes';
import type { Finding, FindingCode } from '@serment/core/journal/finding';
import { governanceStream, hostStream } from '@serment/core/journal/header';
import { emptyStream, foldInto, type StreamState } from '@serment/records/fold';
import { patientStream } from '@serment/records/route';
import type { Keyring } from './keyring.ts';
import { readWritten, type StreamParts } from './stream-view.ts';

/** What a copy has lost, or what that keeps from being judged: an export that has any of it is not whole. */
export interface ExportLoss {
  readonly code: FindingCode;
  readonly entry: number | null;
  /** The id of a patient, `directory`, `rights` or `host`; null when that is not known. For a lost entry it is a hint. */
  readonly about: string | null;
}

const lossCodes: ReadonlySet<FindingCode> = new Set(['ENTRY_LOST', 'RIGHTS_UNKNOWN', 'ENTRY_UNJUDGED']);

type Source = StreamParts & { readonly keyring: Keyring };

/** What the journal has lost, by entry and, as far as the keys tell, by patient. */
export function listLosses({ mirror, keyring }: Source, patients: readonly string[]): ExportLoss[] {
  const found = mirror.findings.filter(({ code }) => lossCodes.has(code));
  if (found.length === 0) return [];
  const names = new Map([
    [bytesToHex(governanceStream), 'rights'],
    [bytesToHex(hostStream), 'host'],
    [bytesToHex(keyring.stream('admin', 'directory').id), 'directory'],
  ]);
  if (keyring.canRead('clinical'))
    for (const patient of patients)
      names.set(bytesToHex(keyring.stream('clinical', patientStream(patient)).id), patient);
  return found.map(({ code, index, stream }) => ({ code, entry: index, about: names.get(stream ?? '') ?? null }));
}

/** The records kept aside, folded by stream apart from those that stand: they replace none of them. */
export async function readAside(source: Source): Promise<{ states: StreamState[]; findings: Finding[] }> {
  const { mirror, keyring, reader } = source;
  const states = new Map<string, StreamState>();
  const findings: Finding[] = [];
  for (const index of mirror.aside) {
    const { compartment, stream } = (await mirror.entry(index)).header;
    if (compartment === null || !keyring.canRead(compartment)) continue;
    const written = readWritten(await reader.content(index, { id: stream, compartment }));
    if (written !== null && 'code' in written) findings.push(written);
    else if (written !== null) {
      const name = bytesToHex(stream);
      const state = states.get(name) ?? emptyStream();
      states.set(name, state);
      foldInto(state, written);
    }
  }
  return { states: [...states.values()], findings };
}
