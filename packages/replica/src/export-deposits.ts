import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import type { Finding } from '@serment/core/journal/finding';
import { isInboxStream } from '@serment/core/journal/header';
import { emptyStream, foldInto, type StreamState } from '@serment/records/fold';
import { parseRecordBatch } from '@serment/records/version';
import { filingStream } from './deposit-sealing.ts';
import type { Keyring } from './keyring.ts';
import type { StreamParts } from './stream-view.ts';

/** The deposits that nobody filed yet, each apart: they stand in no file. None for who does not read medical files. */
export async function readUnfiled(
  source: StreamParts & { readonly keyring: Keyring },
): Promise<{ states: StreamState[]; findings: Finding[] }> {
  const { mirror, keyring, reader } = source;
  const states: StreamState[] = [];
  const findings: Finding[] = [];
  const inboxes = keyring.canRead('clinical') ? mirror.streams().map(hexToBytes).filter(isInboxStream) : [];
  for (const index of inboxes.flatMap((inbox) => mirror.entriesOf(inbox))) {
    const { header, id: entryId, receivedAt } = await mirror.entry(index);
    const { author, body, stream, time } = header;
    if (body.kind !== 'deposit') continue;
    const claim = filingStream(keyring, { author: bytesToHex(author), id: bytesToHex(body.id) });
    if (mirror.headOf(claim.id) !== null) continue;
    const read = await reader.content(index, { id: stream, compartment: 'clinical' });
    if (read.finding !== null) {
      findings.push(read.finding);
      continue;
    }
    try {
      const state = emptyStream();
      foldInto(state, { index, entryId, author, receivedAt, time, batch: parseRecordBatch(read.content) });
      states.push(state);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      findings.push({ code: 'PAYLOAD_UNREADABLE', index, detail: error.code, stream: bytesToHex(stream) });
    }
  }
  return { states, findings };
}
