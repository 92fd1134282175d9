import { bytesToHex } from '@serment/core/bytes';
import { governanceStream } from '@serment/core/journal/header';
import { writeEntry } from '../src/entry-writer.ts';
import type { Practice } from '../src/practice.ts';

/** Revokes a device or a kit as a doctor's device would. */
export async function revokeHolder(by: Practice, author: Uint8Array<ArrayBuffer>): Promise<void> {
  const { mirror, keyring, transport } = by;
  const last = mirror.governance.authors.get(bytesToHex(author))?.last ?? null;
  const entry = await writeEntry(keyring.signer, {
    ...{ practice: by.practice, stream: governanceStream, base: mirror.headOf(governanceStream) },
    ...{ prev: mirror.lastEntryOf(keyring.signer.author), seen: mirror.seen(), time: Date.now() },
    body: { kind: 'revoke', author, last },
  });
  await transport.append([{ statement: entry.statementBytes, payload: null }]);
  await by.sync();
}
